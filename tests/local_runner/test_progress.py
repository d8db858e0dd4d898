"""What a person sees: a table on a terminal, a line per change elsewhere, and what came of it."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from rich.console import Console

from artefacts.execution import Status
from local_runner.algorithms import ALGORITHMS, Algorithm
from local_runner.progress import Progress, show_outcome
from local_runner.record.execution import Execution, StepRecord

START = datetime(2026, 11, 23, tzinfo=UTC)
NOW = START + timedelta(minutes=36)


def execution() -> Execution:
    steps = {
        "Prepare": StepRecord("Prepare", "Processing", Status.SUCCEEDED, START, START + timedelta(hours=1)),
        "Train": StepRecord("Train", "Training", Status.EXECUTING, START),
        "Register": StepRecord("Register", "RegisterModel"),
    }
    steps["Prepare"].instance_type, steps["Prepare"].instance_count = "ml.m5.xlarge", 3
    steps["Train"].instance_type, steps["Train"].instance_count = "ml.m5.large", 1
    return Execution("abc", "arn:pipeline/bonus", {}, START, Path("here"), steps)


def shown(record: Execution, *, terminal: bool, width: int = 120) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=width, color_system=None)
    with Progress(console, lambda: NOW) as progress:
        progress.observe(record)
        progress.observe(record)
    return out.getvalue()


def test_terminal_shows_every_step_with_its_time_and_instance_hours() -> None:
    table = shown(execution(), terminal=True)
    assert "Prepare" in table
    assert "3600.0 s" in table
    assert "3.0000 ml.m5.xlarge" in table, "three instances for an hour"
    assert "2160.0 s" in table
    assert "0.6000 ml.m5.large" in table, "36 minutes so far"
    assert "Register" in table


def test_terminal_of_80_columns_shows_names_in_full() -> None:
    record = execution()
    record.steps["Prepare"].name = "EmpBonusPreProcessing"
    record.steps["Prepare"].cache_hit_source = "arn:execution/earlier"
    assert "EmpBonusPreProcessing" in shown(record, terminal=True, width=80)


def test_file_gets_one_line_per_change() -> None:
    lines = shown(execution(), terminal=False).splitlines()
    assert [line.split()[:2] for line in lines] == [["Prepare", "Succeeded"], ["Train", "Executing"]]


def test_cached_step_bills_nothing() -> None:
    record = execution()
    record.steps["Prepare"].cache_hit_source = "arn:execution/earlier"
    assert "Succeeded (cached)" in shown(record, terminal=True)
    assert "0.0000 ml.m5.xlarge" in shown(record, terminal=True)


def outcome(record: Execution, descriptions: dict[str, object]) -> str:
    out = io.StringIO()
    about = {"rejected rows": "12 of 2,000 rows: age: missing (12)", "report": "here/report.html"}
    show_outcome(Console(file=out, width=120), record, descriptions, about)
    return out.getvalue()


def trained(repository: str, **metrics: float) -> dict[str, object]:
    """Return what is described of a training job."""
    return {
        "AlgorithmSpecification": {"TrainingImage": f"1.dkr.ecr.eu-west-1.amazonaws.com/{repository}:1"},
        "FinalMetricDataList": [{"MetricName": name, "Value": value} for name, value in metrics.items()],
    }


def test_metrics_shown_are_those_of_the_algorithm_that_the_image_is_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cast("dict[str, Algorithm]", ALGORITHMS), "xgboost", Algorithm([], {}, ["validation:rmse"]))
    record = execution()
    record.status = Status.SUCCEEDED
    text = outcome(record, {"Train": trained("xgboost", **{"validation:rmse": 3.5, "test:mse": 9.0})})
    assert "validation:rmse" in text
    assert "test:mse" not in text


def test_success_ends_with_metrics_model_and_paths() -> None:
    record = execution()
    record.status = Status.SUCCEEDED
    text = outcome(
        record,
        {
            "Train": trained("linear-learner", **{"test:mse": 1234567.8, "train:throughput": 42.0}),
            "Register": {
                "ModelPackageGroupName": "Group",
                "ModelPackageVersion": 7,
                "ModelApprovalStatus": "PendingManualApproval",
            },
        },
    )
    assert "Execution abc Succeeded" in text
    assert "1,234,567.80" in text
    assert "train:throughput" not in text
    assert "Group version 7, PendingManualApproval" in text
    assert "here/report.html" in text
    assert "rejected rows              12 of 2,000 rows: age: missing (12)" in text


def test_search_ends_with_its_best_job() -> None:
    record = execution()
    record.status = Status.SUCCEEDED
    objective = {"MetricName": "validation:objective_loss", "Value": 1390273.9}
    best = {"TrainingJobName": "search-017", "FinalHyperParameterTuningJobObjectiveMetric": objective}
    text = outcome(record, {"Tune": {"BestTrainingJob": best}})
    assert "search-017" in text
    assert "1,390,273.90" in text


def test_failure_without_a_failed_step_ends_with_the_reason_of_the_execution() -> None:
    record = execution()
    record.status, record.failure_reason = Status.FAILED, "InternalServerError: a fault"
    assert "InternalServerError: a fault" in outcome(record, {}).splitlines()


def test_failure_ends_with_its_reason_and_its_log(tmp_path: Path) -> None:
    record = execution()
    record.folder = tmp_path
    (tmp_path / "Train").mkdir()
    (tmp_path / "Train" / "algo-1.log").touch()
    record.status = Status.FAILED
    record.steps["Train"].status = Status.FAILED
    record.steps["Train"].failure_reason = "AlgorithmError: [9 rows], exit code: 1"
    text = outcome(record, {})
    assert "Train: AlgorithmError: [9 rows], exit code: 1" in text
    assert str(tmp_path / "Train") in text
