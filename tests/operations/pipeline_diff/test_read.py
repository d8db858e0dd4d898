"""What can be a side, and what is refused in one line."""

import json
import subprocess
from pathlib import Path

import pytest

from operations.pipeline_diff.read import Side, UnreadableSideError, read_side
from operations.pipeline_diff.read.placeholders import flatten
from operations.pipeline_diff.read.revision import Checkout

TEMPLATE = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}

SYNTHESIZE = """\
#!/bin/sh
echo run >> "$ROOT/calls"
test -f broken && { echo 'stage dev: no such region'; echo 'Subprocess exited with error 1' >&2; exit 1; }
mkdir -p "$4" && cp template.json "$4/emp-bonus-$2.template.json"
"""
"""In the place of the CDK CLI: its arguments are --context stage=NAME --output FOLDER."""


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A repository with a commit whose synthesis works, and one after it whose does not."""
    root = tmp_path / "checkout"
    cli = root / "node_modules/.bin/cdk"
    cli.parent.mkdir(parents=True)
    cli.write_text(SYNTHESIZE, encoding="utf-8")
    cli.chmod(0o755)
    (root / "template.json").write_text(json.dumps(TEMPLATE), encoding="utf-8")
    git(root, "init", "--quiet")
    git(root, "add", "template.json")
    commit(root, "works")
    git(root, "tag", "works")
    (root / "broken").touch()
    git(root, "add", "broken")
    commit(root, "does not")
    return Checkout(root, {"ROOT": str(root), "PATH": "/usr/bin:/bin", "AWS_PROFILE": "somebody"})


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True)


def commit(root: Path, message: str) -> None:
    git(root, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", message)


def calls(checkout: Checkout) -> int:
    return len((checkout.root / "calls").read_text(encoding="utf-8").splitlines())


def test_revision_is_synthesized_from_its_own_files_once(checkout: Checkout) -> None:
    for _ in range(2):
        side = read_side("works", checkout, "dev")
        assert (side.name, dict(side.stacks)) == ("works", {"emp-bonus-stage=dev": TEMPLATE})
    assert calls(checkout) == 1


def test_revision_leaves_no_work_tree_behind(checkout: Checkout) -> None:
    read_side("works", checkout, "dev")
    with pytest.raises(UnreadableSideError):
        read_side("HEAD", checkout, "dev")
    run = subprocess.run(["git", "worktree", "list"], cwd=checkout.root, check=True, capture_output=True, text=True)
    assert len(run.stdout.splitlines()) == 1


@pytest.mark.parametrize("given", ["", "."])
def test_working_tree_is_synthesized_anew_each_time(checkout: Checkout, given: str) -> None:
    (checkout.root / "broken").unlink()
    for _ in range(2):
        assert read_side(given, checkout, "dev").name == "working tree"
    assert calls(checkout) == 2


def test_synthesis_knows_no_account(checkout: Checkout) -> None:
    cli = checkout.root / "node_modules/.bin/cdk"
    cli.write_text(SYNTHESIZE + 'env > "$ROOT/environment"\n', encoding="utf-8")
    read_side("works", checkout, "dev")
    text = (checkout.root / "environment").read_text(encoding="utf-8")
    assert "AWS_PROFILE" not in text
    assert "AWS_EC2_METADATA_DISABLED=true" in text


def test_revision_that_cannot_be_synthesized_is_refused_with_its_own_words(checkout: Checkout) -> None:
    with pytest.raises(
        UnreadableSideError, match=r"^HEAD cannot be synthesized for stage dev: stage dev: no such region$"
    ):
        read_side("HEAD", checkout, "dev")


def test_unknown_revision_is_refused(checkout: Checkout) -> None:
    with pytest.raises(UnreadableSideError, match=r"^nowhere is no git revision, file or folder here: "):
        read_side("nowhere", checkout, "dev")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Resources:", "is no JSON, line 1: give a template or a definition"),
        ("[]", "is a JSON list: give a template or a definition"),
        ("[" * 100_000, "is nested too deeply: "),
        ("9" * 5_000, "cannot be read "),
        ('{"Resources": []}', "lacks names and resources at Resources: give a template"),
        ('{"Resources": {"A": "x"}}', "lacks a resource at A: "),
        ('{"Resources": {"A": {}}}', "lacks a resource at A: "),
        ('{"Resources": {"A": {"Type": "T", "Properties": []}}}', "lacks names and values at A.Properties: "),
        ('{"Steps": ["x"]}', "lacks steps with a Name and a Type at Steps: "),
        ('{"Steps": [{"Name": "A", "Type": "Fail", "Arguments": 1}]}', "lacks names and values at A.Arguments: "),
        ('{"Steps": {}}', "lacks a list at Steps: "),
        ('{"Steps": [], "Parameters": [{}]}', "lacks parameters at Parameters: "),
        ("{}", "has neither Resources nor Steps: give a template or a pipeline definition"),
    ],
)
def test_file_that_is_no_side_is_refused(checkout: Checkout, tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "file.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableSideError, match=told):
        read_side(str(path), checkout, "dev")


def test_folder_without_a_template_is_refused(checkout: Checkout, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(UnreadableSideError, match="empty has no template: give a folder that cdk synth wrote"):
        read_side(str(empty), checkout, "dev")


def test_pipeline_is_read_with_its_placeholders(sides: dict[str, tuple[Side, Side]]) -> None:
    (pipeline,) = sides["no_change"][0].pipelines
    training = next(each for each in pipeline.definition["Steps"] if each["Name"] == "EmpBonusTraining")
    assert pipeline.name == "emp-bonus-training-pipeline"
    assert training["Arguments"]["RoleArn"] == "${JobRoleArn}"
    assert pipeline.values["JobRoleArn"] == {"Fn::GetAtt": ["JobRole156D9FCB", "Arn"]}
    assert sides["no_change"][0].region == "eu-west-1"


def test_placeholder_with_two_values_gets_two_names() -> None:
    body = {"Fn::Join": ["", [{"Fn::Sub": ["${A}", {"A": "1"}]}, {"Fn::Sub": ["${A}", {"A": "2"}]}]]}
    assert flatten(body) == ("${A}${A'}", {"A": "1", "A'": "2"})


def test_text_of_one_substitution_reads_as_lines_do() -> None:
    text = '{"RoleArn": "${Role.Arn}"}'
    assert flatten({"Fn::Sub": text}) == (text, {"Role.Arn": {"Fn::GetAtt": ["Role", "Arn"]}})
