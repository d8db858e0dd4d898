"""What is on one side is compared with its like on the other, and what has none is never called unchanged."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from operations.pipeline_diff.change import Severity
from operations.pipeline_diff.diff import compare_sides
from operations.pipeline_diff.read.files import read_folder, side_of_definition, side_of_templates
from operations.pipeline_diff.render.summary import explain, headline

Document = Mapping[str, Any]
BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {}}


def pipeline(**definition: Any) -> Document:
    return {
        "Type": "AWS::SageMaker::Pipeline",
        "Properties": {"PipelineName": "training", "PipelineDefinition": definition},
    }


def with_steps(minutes: int) -> Document:
    steps = [{"Name": "Train", "Type": "Training", "Arguments": {"StoppingCondition": minutes}}]
    return pipeline(PipelineDefinitionBody=json.dumps({"Steps": steps}))


def write_assembly(folder: Path, stacks: Mapping[str, Document], **properties: Any) -> Path:
    folder.mkdir(parents=True)
    artifacts = {}
    for name, resources in stacks.items():
        (folder / f"{name}.template.json").write_text(json.dumps({"Resources": resources}))
        found = {"templateFile": f"{name}.template.json", "terminationProtection": True, **properties}
        environment = f"aws://unknown-account/{found.pop('region', 'eu-west-1')}"
        artifacts[name] = {"type": "aws:cloudformation:stack", "environment": environment, "properties": found}
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    return folder


def compare_templates(before: Document, after: Document) -> Severity | None:
    sides = [side_of_templates(name, {name: {"Resources": each}}) for name, each in (("a", before), ("b", after))]
    return compare_sides(sides[0], sides[1]).severity


@pytest.mark.parametrize("after", [{}, {"Renamed": BUCKET}])
def test_two_templates_are_compared_whatever_they_hold(after: Document) -> None:
    assert compare_templates({"Bucket": BUCKET}, after) is Severity.DANGER


def test_pipelines_of_the_same_name_are_both_compared() -> None:
    same = with_steps(1)
    assert compare_templates({"One": same, "Other": same}, {"One": with_steps(2), "Other": same}) is not None


def test_definition_elsewhere_in_s3_is_to_be_looked_at() -> None:
    one, other = (pipeline(PipelineDefinitionS3Location={"Bucket": "b", "Key": key}) for key in ("one", "other"))
    assert compare_templates({"Pipeline": one}, {"Pipeline": other}) is Severity.REVIEW


@pytest.mark.parametrize(
    ("after", "severity"),
    [
        ({"terminationProtection": False}, Severity.DANGER),
        ({"region": "us-east-1"}, Severity.REVIEW),
        ({"tags": {"team": "other"}}, Severity.NOTE),
        ({}, None),
    ],
)
def test_change_of_how_a_stack_is_deployed_is_told(tmp_path: Path, after: Any, severity: Severity | None) -> None:
    before = read_folder(write_assembly(tmp_path / "before", {"data": {"Bucket": BUCKET}}), "before")
    changed = read_folder(write_assembly(tmp_path / "after", {"data": {"Bucket": BUCKET}}, **after), "after")
    assert compare_sides(before, changed).severity is severity


def test_renamed_stack_is_to_be_looked_at(tmp_path: Path) -> None:
    sides = [read_folder(write_assembly(tmp_path / name, {name: {"Bucket": BUCKET}}), name) for name in ("old", "new")]
    assert compare_sides(sides[0], sides[1]).severity is Severity.REVIEW


def test_stacks_of_an_assembly_in_an_assembly_are_compared(tmp_path: Path) -> None:
    sides = []
    for name, resources in (("before", {"Bucket": BUCKET}), ("after", {})):
        outer = write_assembly(tmp_path / name, {"plain": {"Bucket": BUCKET}})
        write_assembly(outer / "assembly-prod", {"inner": resources})
        manifest = json.loads((outer / "manifest.json").read_text())
        manifest["artifacts"]["prod"] = {
            "type": "cdk:cloud-assembly",
            "properties": {"directoryName": "assembly-prod"},
        }
        (outer / "manifest.json").write_text(json.dumps(manifest))
        sides.append(read_folder(outer, name))
    assert compare_sides(sides[0], sides[1]).severity is Severity.DANGER


def test_what_was_not_compared_is_not_called_unchanged() -> None:
    diff = compare_sides(side_of_definition("definition", {"Steps": []}), side_of_templates("stack", {"a": {}}))
    assert headline(diff) == "no change in what is compared"
    assert "deploy the same" not in " ".join(explain(diff))
