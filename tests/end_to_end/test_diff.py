"""`cdk diff`, without an account, stops what replaces, deletes or widens, and shows of a definition what changed."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import golden_files
from tests.end_to_end.commands import cdk, replace
from tests.stacks import definition_body

Template = dict[str, Any]
KINDS = ("destructive", "broadening")


def diff(assembly: Path, stack: str, template: Path, kind: str) -> subprocess.CompletedProcess[str]:
    """Compare a stack of *assembly* with *template*, as a pull request would; the CLI takes one *kind* at a time."""
    source = ("--app", assembly, "--template", template)
    return cdk("diff", stack, "--exclusively", *source, f"--fail-on={kind}")


def reviewed(assembly: Path, stage: str, part: str) -> Template:
    """Return a reviewed template, with the hashes of today's assets where only hashes were masked."""
    synthesized = (assembly / f"emp-bonus-{stage}-{part}.template.json").read_text(encoding="utf-8")
    # The CLI adds the path of a function's asset, which the reviewed templates have not.
    hashes = iter(re.findall(r"(?<!asset\.)\b[0-9a-f]{64}\b", synthesized))
    golden: Template = json.loads(golden_files.read(f"{stage}/{part}.template.json"))
    if part == "pipeline":
        definition = first(golden, "AWS::SageMaker::Pipeline")["Properties"]["PipelineDefinition"]
        definition["PipelineDefinitionBody"] = definition_body.unfold(definition["PipelineDefinitionBody"], stage)
    template: Template = json.loads(re.sub("<asset>", lambda _: next(hashes), json.dumps(golden)))
    return template


def write(template: Template, folder: Path) -> Path:
    path = folder / "before.template.json"
    path.write_text(json.dumps(template), encoding="utf-8")
    return path


@pytest.mark.parametrize("part", ["storage", "pipeline"])
@pytest.mark.parametrize("kind", KINDS)
def test_diff_against_the_reviewed_template_passes(
    assemblies: dict[str, Path], tmp_path: Path, part: str, kind: str
) -> None:
    before = write(reviewed(assemblies["prod"], "prod", part), tmp_path)
    run = diff(assemblies["prod"], f"emp-bonus-prod-{part}", before, kind)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "[-]" not in run.stdout + run.stderr


def another_group_description(template: Template) -> None:
    """The group's description is create-only: changing it replaces a resource whose name is taken."""
    first(template, "AWS::SageMaker::ModelPackageGroup")["Properties"]["ModelPackageGroupDescription"] = "other"


def a_resource_that_is_gone(template: Template) -> None:
    template["Resources"]["Gone"] = {"Type": "AWS::S3::Bucket", "Properties": {}}


def fewer_rights(template: Template) -> None:
    """What was reviewed allowed less than what is synthesized."""
    (document,) = (
        policy["PolicyDocument"]
        for role in template["Resources"].values()
        if role["Type"] == "AWS::IAM::Role"
        for policy in role["Properties"]["Policies"]
        if policy["PolicyName"] == "Champion"
    )
    document["Statement"][0]["Action"] = "lambda:GetFunction"


def first(template: Template, kind: str) -> Template:
    found: Template = next(each for each in template["Resources"].values() if each["Type"] == kind)
    return found


@pytest.mark.parametrize(
    ("part", "change", "kind", "told"),
    [
        ("storage", another_group_description, "destructive", r"AWS::SageMaker::ModelPackageGroup .* will be replaced"),
        ("storage", a_resource_that_is_gone, "destructive", r"\[-\] AWS::S3::Bucket Gone"),
        ("pipeline", fewer_rights, "broadening", "lambda:InvokeFunct"),
    ],
)
def test_diff_that_replaces_deletes_or_widens_fails(
    assemblies: dict[str, Path], tmp_path: Path, part: str, change: Callable[[Template], None], kind: str, told: str
) -> None:
    template = reviewed(assemblies["dev"], "dev", part)
    change(template)
    run = diff(assemblies["dev"], f"emp-bonus-dev-{part}", write(template, tmp_path), kind)
    assert run.returncode == 1
    assert re.search(told, run.stdout + run.stderr)


def test_changed_hyperparameter_is_the_one_line_that_is_shown(assemblies: dict[str, Path], tmp_path: Path) -> None:
    before = tmp_path / "before.template.json"
    shutil.copyfile(assemblies["dev"] / "emp-bonus-dev-pipeline.template.json", before)
    replace(before, r"\"learning_rate\": \"0.02\"", r"\"learning_rate\": \"0.5\"")
    run = diff(assemblies["dev"], "emp-bonus-dev-pipeline", before, "destructive")
    shown = run.stdout + run.stderr
    assert len(shown) < 2_500
    assert re.findall(r"^\[.\] (\S+ \S+)", shown, re.MULTILINE) == ["AWS::SageMaker::Pipeline TrainingPipeline"]
    assert re.findall(r"\[([-+])\] +(.*)", shown) == [
        ("-", r'"          \"learning_rate\": \"0.5\",",'),
        ("+", r'"          \"learning_rate\": \"0.02\",",'),
    ]
