"""A property that only a new resource can have cannot be changed where the resource's name is taken."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from settings import Stage
from tests.end_to_end.local_aws.aws import LocalAws, said, succeeded


@pytest.fixture(scope="module")
def changed(assembly: Path, aws: LocalAws) -> Path:
    """The assembly, but with another description of the package group."""
    return with_other_description(assembly, aws.folder / "other-description", aws.stage)


def with_other_description(assembly: Path, copy: Path, stage: Stage) -> Path:
    """Copy *assembly* with another description of the group, below another name for the template's asset."""
    shutil.copytree(assembly, copy)
    path = copy / f"{stage.storage_stack}.template.json"
    template = json.loads(path.read_text(encoding="utf-8"))
    (group,) = (each for each in template["Resources"].values() if each["Type"] == "AWS::SageMaker::ModelPackageGroup")
    group["Properties"]["ModelPackageGroupDescription"] = "other"
    path.write_text(json.dumps(template), encoding="utf-8")
    for name in (f"{stage.storage_stack}.assets.json", "manifest.json"):
        text = (copy / name).read_text(encoding="utf-8")
        assets = json.loads((assembly / f"{stage.storage_stack}.assets.json").read_text(encoding="utf-8"))
        (old,) = (key for key, each in assets["files"].items() if each["source"]["path"] == path.name)
        (copy / name).write_text(text.replace(old, old[::-1]), encoding="utf-8")
    return copy


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
