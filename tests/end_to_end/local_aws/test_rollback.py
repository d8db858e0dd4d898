"""An update that fails is taken back whole: the definition with the code that it names."""

from pathlib import Path
from typing import Any

import pytest

from local_aws.server_control import ACCOUNT
from tests.end_to_end.assemblies import with_other_code, with_other_template
from tests.end_to_end.commands import ROOT
from tests.end_to_end.local_aws.aws import LocalAws, said, succeeded
from tests.end_to_end.local_aws.executions import archives, start, upload


@pytest.fixture
def broken(deployed: LocalAws, assembly: Path, tmp_path: Path) -> Path:
    """The assembly of an application with other code, and with a resource that cannot be made."""
    stage = deployed.stage

    def add_taken_group(template: dict[str, Any]) -> None:
        kind = "AWS::SageMaker::Pipeline"
        (pipeline,) = (name for name, each in template["Resources"].items() if each["Type"] == kind)
        template["Resources"]["Taken"] = {
            "Type": "AWS::SageMaker::ModelPackageGroup",
            "Properties": {"ModelPackageGroupName": stage.model_package_group_name},
            "DependsOn": pipeline,  # it fails when the pipeline is updated already
        }

    copy = with_other_code(assembly, tmp_path / "broken", "split", "{}\n# changed\n".format)
    return with_other_template(copy, copy, stage.pipeline_stack, add_taken_group)


def test_failed_update_brings_back_the_old_definition_with_its_code_and_that_runs(
    deployed: LocalAws, assembly: Path, broken: Path
) -> None:
    stack = deployed.stage.pipeline_stack
    pipeline = deployed.pipeline()
    before = deployed.definition()
    run = deployed.deploy(broken, stack)
    assert run.returncode == 1
    assert "already exists" in said(run)
    assert deployed.status(stack) == "UPDATE_ROLLBACK_COMPLETE"
    assert deployed.definition() == before
    assert deployed.pipeline()["LastModifiedTime"] > pipeline["LastModifiedTime"], "it was not updated and put back"
    template = (broken / f"{stack}.template.json").read_text(encoding="utf-8")
    assert not archives(before) <= archives(template), "the update was to bring other code"
    bucket = f"cdk-hnb659fds-assets-{ACCOUNT}-{deployed.stage.region}"
    for key in archives(before):
        assert deployed.client("s3").head_object(Bucket=bucket, Key=key)
    succeeded(deployed.diff(assembly, "--fail"))
    data = upload(deployed, ROOT / "data" / "mock_data.csv", "after-a-rollback")
    execution = start(deployed, InputData=data, DataVersion="after a rollback")
    assert execution.wait() == "Succeeded", execution.failures()
    assert execution.definition() == before
