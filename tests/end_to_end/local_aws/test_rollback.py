"""An update that fails is taken back whole: the definition with the code that it names."""

from pathlib import Path

import pytest

from local_aws.server_control import ACCOUNT
from tests.end_to_end.commands import ROOT, copy_project, replace
from tests.end_to_end.local_aws.aws import LocalAws, said, succeeded
from tests.end_to_end.local_aws.executions import archives, start, upload

BREAKING_IMPORTS = "from aws_cdk import aws_iam as iam\nfrom aws_cdk import aws_sagemaker as sagemaker"
BREAKING_GROUP = """\
        taken = sagemaker.CfnModelPackageGroup(
            self, "Taken", model_package_group_name=stage.model_package_group_name
        )
        taken.node.add_dependency(pipeline)  # it fails when the pipeline is updated already
        CfnOutput(self, "PipelineName", value=pipeline.pipeline.ref)
"""


@pytest.fixture
def broken(deployed: LocalAws, tmp_path: Path) -> Path:
    """The assembly of an application with other code, and with a resource that cannot be made."""
    project = copy_project(tmp_path / "project")
    script = project / "processing" / "jobs" / "split.py"
    script.write_text(script.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    replace(project / "stacks" / "training" / "stack.py", "from aws_cdk import aws_iam as iam", BREAKING_IMPORTS)
    replace(
        project / "stacks" / "training" / "stack.py",
        '        CfnOutput(self, "PipelineName", value=pipeline.pipeline.ref)\n',
        BREAKING_GROUP,
    )
    return deployed.synthesize("broken", project=project)


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
