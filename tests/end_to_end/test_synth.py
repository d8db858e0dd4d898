"""`cdk synth` passes every check on what is here, and fails on what is broken, naming where."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from settings import STAGES
from tests.end_to_end.commands import ROOT, copy_project, replace, synthesize


@pytest.mark.parametrize("stage", STAGES)
def test_cfn_lint_has_no_error_or_warning(assemblies: dict[str, Path], stage: str) -> None:
    templates = sorted(assemblies[stage].glob("*.template.json"))
    assert len(templates) == 2
    lint = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), *templates], capture_output=True, text=True, check=False
    )
    assert (lint.returncode, lint.stdout) == (0, "")


@pytest.mark.parametrize("stage", STAGES)
def test_cdk_validation_and_cdk_nag_find_nothing(assemblies: dict[str, Path], stage: str) -> None:
    report = json.loads((assemblies[stage] / "validation-report.json").read_text())
    assert {each["pluginName"] for each in report["pluginReports"]} == {"AwsSolutions"}
    assert [each["violations"] for each in report["pluginReports"]] == [[]]


@pytest.mark.parametrize("stage", STAGES)
def test_no_template_holds_a_token_of_the_cdk_or_an_account(assemblies: dict[str, Path], stage: str) -> None:
    for template in assemblies[stage].glob("*.template.json"):
        assert "${Token[" not in template.read_text()


def dangling_reference(project: Path) -> None:
    replace(
        project / "pipeline_definition/algorithms/linear_learner.py",
        "data_source=output_of(split, name)",
        "data_source=output_of(split, name + 's')",
    )


def what_only_the_cdks_validation_notices(project: Path) -> None:
    replace(
        project / "stacks/training/pipeline_start.py",
        "maximum_retry_attempts=start.maximum_retries",
        "maximum_retry_attempts=500",
    )


def start_with_an_unknown_parameter(project: Path) -> None:
    replace(
        project / "settings/options.py",
        'MappingProxyType({"DataVersion": "$.time"})',
        'MappingProxyType({"Version": "$.time"})',
    )


def limit_of_a_figure_that_the_evaluation_lacks(project: Path) -> None:
    replace(project / "settings/limits.py", "regression_metrics.rmse.value", "regression_metrics.mape.value")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            dangling_reference,
            "EmpBonusTraining.Arguments.InputDataConfig[0].DataSource.S3DataSource.S3Uri: Steps.EmpBonusDataSplit"
            ".ProcessingOutputConfig.Outputs.trains.S3Output.S3Uri is not a property of a Processing step",
        ),
        (
            limit_of_a_figure_that_the_evaluation_lacks,
            "EmpBonusQualityGate.Arguments.Conditions[1].LeftValue: evaluation.json need not have a figure"
            " regression_metrics.mape.value: read what its schema requires",
        ),
        (what_only_the_cdks_validation_notices, "MaximumRetryAttempts: 500 is greater than the maximum of 185"),
        (start_with_an_unknown_parameter, "schedule.parameters.Version: the pipeline has no such parameter"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_broken_application_does_not_synthesize(tmp_path: Path, spoil: Callable[[Path], None], message: str) -> None:
    project = copy_project(tmp_path / "project")
    spoil(project)
    run = synthesize("dev", tmp_path / "out", project)
    assert run.returncode != 0
    assert message in run.stderr + run.stdout


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


def copy_contract(path: Path) -> Path:
    shutil.copyfile(ROOT / "processing/contract/data_contract.toml", path)
    return path


def test_data_contract_that_is_named_is_packed_and_reported(tmp_path: Path) -> None:
    contract = copy_contract(tmp_path / "hr.contract.toml")
    replace(contract, "minimum_rows = 100", "minimum_rows = 101")
    run = synthesize("dev", tmp_path / "out", validation=False, contract=contract)
    assert run.returncode == 0, run.stderr
    assert f"data contract: {contract} in place of dev's processing/contract/data_contract.toml\n" in run.stderr
    packed = [
        zipfile.ZipFile(archive).read("processing/contract/data_contract.toml")
        for archive in (tmp_path / "out").glob("*.zip")
        if "processing/contract/data_contract.toml" in zipfile.ZipFile(archive).namelist()
    ]
    assert packed
    assert set(packed) == {contract.read_bytes()}


def test_data_contract_with_a_mistake_does_not_synthesize(tmp_path: Path) -> None:
    contract = copy_contract(tmp_path / "hr.contract.toml")
    replace(contract, "minimum_rows = 100", "minimum_rows = 0")
    run = synthesize("dev", tmp_path / "out", validation=False, contract=contract)
    assert run.returncode != 0
    line = f"data_contract: {contract}: minimum_rows is 0: write a whole number of at least 1\n"
    assert f"cannot synthesize:\n{line}" in run.stderr
    assert "Traceback" not in run.stderr
