"""A property that only a new resource can have cannot be changed where the resource's name is taken."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.assemblies import with_other_template
from tests.end_to_end.local_aws.aws import LocalAws, said, succeeded


@pytest.fixture(scope="module")
def changed(assembly: Path, aws: LocalAws) -> Path:
    """The assembly, but with another description of the package group."""

    def change(template: dict[str, Any]) -> None:
        kind = "AWS::SageMaker::ModelPackageGroup"
        (found,) = (each for each in template["Resources"].values() if each["Type"] == kind)
        found["Properties"]["ModelPackageGroupDescription"] = "other"

    return with_other_template(assembly, aws.folder / "other-description", aws.stage.storage_stack, change)


def group(aws: LocalAws) -> dict[str, Any]:
    described = aws.client("sagemaker").describe_model_package_group(
        ModelPackageGroupName=aws.stage.model_package_group_name
    )
    return {name: value for name, value in described.items() if name != "ResponseMetadata"}


def test_changed_description_of_the_group_is_seen_before_it_is_deployed(
    deployed: LocalAws, assembly: Path, changed: Path
) -> None:
    succeeded(deployed.diff(assembly, "--fail-on=destructive"))
    run = deployed.diff(changed, "--fail-on=destructive")
    assert run.returncode == 1
    stack = deployed.stage.storage_stack
    assert re.search(f"{stack}: AWS::SageMaker::ModelPackageGroup .* will be replaced", said(run)), said(run)


def test_changed_description_of_the_group_is_refused_and_rolled_back(
    deployed: LocalAws, assembly: Path, changed: Path
) -> None:
    before = group(deployed)
    run = deployed.deploy(changed, deployed.stage.storage_stack)
    assert run.returncode == 1
    assert "custom-named resource requires replacing" in said(run)
    assert deployed.status(deployed.stage.storage_stack) == "UPDATE_ROLLBACK_COMPLETE"
    assert group(deployed) == before
    succeeded(deployed.diff(assembly, "--fail"))
