"""`cdk synth` passes every check on what is here, and fails on what is broken, naming where.

What the application itself refuses, tests/stacks/test_composition.py breaks.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import cfnlint.api
import pytest

from settings import STAGES
from tests.end_to_end.commands import ROOT, copy_project, replace, synthesize


@pytest.mark.parametrize("stage", STAGES)
def test_cfn_lint_has_no_error_or_warning(assemblies: dict[str, Path], stage: str) -> None:
    templates = sorted(assemblies[stage].glob("*.template.json"))
    assert len(templates) == 3
    for each in templates:
        found = cfnlint.api.lint(each.read_text(encoding="utf-8"), regions=[STAGES[stage].region])
        assert [f"{match.rule.id} {match.message}" for match in found] == []


@pytest.mark.parametrize("stage", STAGES)
def test_cdk_validation_and_cdk_nag_find_nothing(assemblies: dict[str, Path], stage: str) -> None:
    report = json.loads((assemblies[stage] / "validation-report.json").read_text())
    assert {each["pluginName"] for each in report["pluginReports"]} == {"AwsSolutions"}
    assert [each["violations"] for each in report["pluginReports"]] == [[]]


@pytest.mark.parametrize("stage", STAGES)
def test_no_template_holds_a_token_of_the_cdk_or_an_account(assemblies: dict[str, Path], stage: str) -> None:
    for template in assemblies[stage].glob("*.template.json"):
        assert "${Token[" not in template.read_text()


def test_what_only_the_cdks_validation_notices_does_not_synthesize(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    replace(
        project / "stacks/training/pipeline_start.py",
        "maximum_retry_attempts=start.maximum_retries",
        "maximum_retry_attempts=500",
    )
    run = synthesize("dev", tmp_path / "out", project)
    assert run.returncode != 0
    assert "MaximumRetryAttempts: 500 is greater than the maximum of 185" in run.stderr + run.stdout


def test_edited_project_is_synthesized_anew_and_an_undone_edit_as_before(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    stages = project / "settings/stages.py"
    before = stages.read_text(encoding="utf-8")

    def regions() -> set[str]:
        assert synthesize("dev", tmp_path / "out", project, validation=False).returncode == 0
        manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
        body = (tmp_path / "out/emp-bonus-dev-pipeline.template.json").read_text(encoding="utf-8")
        stacks = {
            each["environment"].rpartition("/")[2] for each in manifest["artifacts"].values() if "environment" in each
        }
        return stacks | set(re.findall(r"[.]ecr[.]([a-z0-9-]+)[.]amazonaws", body))

    assert regions() == {"eu-west-1"}
    # Another file of the same size and time, as Python sees it.
    stages.write_text(before.replace("eu-west-1", "us-east-1"), encoding="utf-8")
    os.utime(stages, (1_000_000_000, 1_000_000_000))
    assert regions() == {"us-east-1"}
    stages.write_text(before, encoding="utf-8")
    os.utime(stages, (1_000_000_000, 1_000_000_000))
    assert regions() == {"eu-west-1"}


def test_app_without_the_feature_flags_of_the_cdk_cli_is_refused_in_one_line(tmp_path: Path) -> None:
    environment = {"PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}", "CDK_OUTDIR": str(tmp_path)}
    command = [sys.executable, str(ROOT / "app.py")]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    line = r"\d+ feature flags of cdk\.json are not in the context: run make synth, or the CDK CLI\n"
    assert re.fullmatch(line, run.stderr)
    assert [*tmp_path.iterdir()] == []


def test_unknown_stage_does_not_synthesize(tmp_path: Path) -> None:
    run = synthesize("test", tmp_path / "out")
    assert run.returncode != 0
    assert "stage 'test' does not exist: choose dev or prod" in run.stderr
    assert "Traceback" not in run.stderr
