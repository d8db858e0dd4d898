"""A model is registered only from data that keeps its contract, when it is good enough and better than the champion."""

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest

from data.mock_data import COLUMNS, employees
from settings import Tuning, find_stage
from tests.end_to_end.assemblies import with_settings
from tests.end_to_end.commands import ROOT, Runner, copied, write_employees, write_rows

SAMPLE = ROOT / "data" / "mock_data.csv"
SCORING = "emp-bonus-scoring-pipeline-dev"


@pytest.fixture
def runner(assemblies: dict[str, Path], tmp_path: Path) -> Runner:
    return Runner(assemblies["dev"], tmp_path / "workspace")


@pytest.fixture(scope="module")
def few(assemblies: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A runner that has trained on few employees; tests go on from copies of it, and find its jobs in the cache."""
    folder = tmp_path_factory.mktemp("few")
    runner = Runner(assemblies["dev"], folder / "workspace")
    run = runner.run(write_employees(folder / "few.csv", 400))
    assert run.returncode == 0, run.stdout + run.stderr
    return runner


@pytest.fixture(scope="module")
def again(few: Runner, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A runner in whose registry nothing is approved."""
    return copied(few, tmp_path_factory.mktemp("again"))


def output(runner: Runner, step: str, name: str, file: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((Path(runner.steps()[step]["Outputs"][name]) / file).read_text())
    return document


@pytest.fixture(scope="module")
def approved(few: Runner, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A runner whose registry has a champion, trained on few employees."""
    runner = copied(few, tmp_path_factory.mktemp("approved"))
    evaluation = output(runner, "EmpBonusEvaluation", "evaluation", "evaluation.json")
    assert evaluation["champion"]["present"] is False
    assert "EmpBonusPackageGroup-dev version 1, Approved" in runner.command_of("approve", "1").stdout
    return runner


def test_model_must_beat_the_approved_one(approved: Runner, tmp_path: Path) -> None:
    runner, few = approved, write_employees(tmp_path / "few.csv", 400)
    registered = output(runner, "EmpBonusEvaluation", "evaluation", "evaluation.json")["regression_metrics"]["rmse"]
    refused = runner.run(few)
    assert refused.returncode == 1
    assert list(runner.steps())[-1] == "EmpBonusRejected"
    message = runner.steps()["EmpBonusRejected"]["FailureReason"]
    assert message == "model not registered: improvement 0.0000 is less than MinimumImprovement 0.0100"
    assert message in refused.stdout

    assert runner.run(write_employees(tmp_path / "more.csv", 8_000, seed=2)).returncode == 0
    evaluation = output(runner, "EmpBonusEvaluation", "evaluation", "evaluation.json")
    assert evaluation["champion"]["name"].endswith(":model-package/empbonuspackagegroup-dev/1")
    assert evaluation["champion"]["improvement"]["value"] > 0.01
    now, then = evaluation["champion"]["rmse"]["value"], registered["value"]
    assert evaluation["champion"]["worsening"]["value"] == pytest.approx(now - then, rel=1e-9)
    assert evaluation["champion"]["worsening"]["low"] < now - then - registered["standard_deviation"]
    assert runner.steps()["EmpBonusRegisterModel"]["Metadata"]["RegisterModel"]["Arn"].endswith("/2")
    assert output(runner, "EmpBonusDataQuality", "data-quality", "data_quality.json")["baseline"]["rows"] < 400


def test_approved_model_scores_records_and_no_other_does(again: Runner, approved: Runner, tmp_path: Path) -> None:
    records, scoring = write_employees(tmp_path / "records.csv", 300, seed=9), ("--pipeline", SCORING)
    refused = again.run(records, *scoring)
    assert refused.returncode == 1
    assert "no version of the model is approved: approve one, and start the scoring again" in refused.stdout
    run = approved.run(records, *scoring, "--set", "Contributions=true")
    assert run.returncode == 0, run.stdout + run.stderr
    folder = Path(approved.steps()["EmpBonusScore"]["Outputs"]["predictions"])
    summary = json.loads((folder / "scoring.json").read_text(encoding="utf-8"))
    assert (summary["rows"], summary["model_package"].rpartition("/")[2]) == (300, "1")
    predicted = (folder / "predictions.csv").read_text(encoding="utf-8").splitlines()
    assert len(predicted) == 1 + summary["scored"] > 290
    assert f"{summary['scored']} of 300 records, predicted by version 1" in run.stdout
    assert f"see {folder / 'predictions.csv'}" in run.stdout
    assert "EmpBonusEvaluation" not in (approved.workspace / "executions/latest/report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ("MinimumR2=0.99", "is less than MinimumR2 0.9900"),
        ("MaximumRmse=10", "is more than MaximumRmse 10"),
        ("MinimumImprovement=0.9", "is less than MinimumImprovement 0.9000"),
    ],
)
def test_each_limit_rejects_by_itself_and_says_so_with_both_figures(
    again: Runner, tmp_path: Path, limit: str, message: str
) -> None:
    assert again.run(write_employees(tmp_path / "few.csv", 400), "--set", limit).returncode == 1
    reason = again.steps()["EmpBonusRejected"]["FailureReason"]
    assert message in reason
    assert reason.count(" than ") == 1


def test_broken_data_stops_at_the_data_gate_with_its_violations_listed(runner: Runner, tmp_path: Path) -> None:
    rows = [row for row in employees(400, seed=1) if len(row) == len(COLUMNS)]
    for row in rows[::2]:
        row[COLUMNS.index("salary")] = ""
    for row in rows[::4]:
        row[COLUMNS.index("department")] = "Department of Magic"
    run = runner.run(write_rows(tmp_path / "broken.csv", rows))
    assert run.returncode == 1
    assert runner.latest()["PipelineExecutionStatus"] == "Failed"
    assert list(runner.steps()) == ["EmpBonusFindChampion", "EmpBonusDataQuality"]
    reason = runner.steps()["EmpBonusDataQuality"]["FailureReason"]
    assert re.fullmatch(
        r"AlgorithmError: data contract violated: .*salary: \d+ of \d+ values missing .*department: .*, exit code: 3",
        reason,
    )
    assert reason.removesuffix(", exit code: 3") in run.stdout.replace("\n", " ")
    assert "Magic" not in run.stdout
    assert "Traceback" not in run.stdout + run.stderr
    report = output(runner, "EmpBonusDataQuality", "data-quality", "data_quality.json")
    assert report["violations"], "the report is uploaded although the step failed"


def test_data_version_that_eventbridge_has_not_replaced_fails_the_first_job_every_time(
    runner: Runner, tmp_path: Path
) -> None:
    few = write_employees(tmp_path / "few.csv", 400)
    for _ in range(2):  # a failed step is not cached
        assert runner.run(few, "--set", "DataVersion=$.time").returncode == 1
        assert list(runner.steps()) == ["EmpBonusFindChampion", "EmpBonusDataQuality"]
        reason = runner.steps()["EmpBonusDataQuality"]["FailureReason"]
        assert reason.startswith("AlgorithmError: DataVersion is '$.time', which EventBridge has not replaced")
        assert reason.endswith(", exit code: 1")


def test_data_that_drifted_from_what_the_champion_was_trained_on_is_refused(approved: Runner, tmp_path: Path) -> None:
    rows = [row for row in employees(400, seed=2) if len(row) == len(COLUMNS)]
    age = COLUMNS.index("age")
    for row in rows:
        row[age] = row[age] and str(min(int(row[age]) + 20, 75))
    assert approved.run(write_rows(tmp_path / "older.csv", rows)).returncode == 1
    assert "age: mean" in approved.steps()["EmpBonusDataQuality"]["FailureReason"]


def test_model_that_nobody_registered_here_cannot_be_approved(runner: Runner) -> None:
    run = runner.command_of("approve", "1")
    assert run.returncode == 2
    assert run.stderr == "refused: version 1 of EmpBonusPackageGroup-dev does not exist: choose from none yet\n"


def test_every_run_ends_with_its_report(again: Runner, tmp_path: Path) -> None:
    run = again.run(write_employees(tmp_path / "few.csv", 400), "--set", "MinimumR2=0.99")
    page = again.workspace / "executions" / "latest" / "report.html"
    assert str(page.resolve()) in run.stdout
    assert "MinimumR2" in page.read_text()


@pytest.fixture(scope="module")
def searching(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assembly of dev with a search for hyperparameters."""
    dev = find_stage("dev")
    stage = dataclasses.replace(dev, training=dataclasses.replace(dev.training, tuning=Tuning(maximum_jobs=8)))
    return with_settings(stage, tmp_path_factory.mktemp("searching") / "assembly")


@pytest.fixture(scope="module")
def searched(searching: Path, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """The runner of an execution that has searched."""
    search = Runner(searching, tmp_path_factory.mktemp("searched"))
    run = search.run(SAMPLE)
    assert run.returncode == 0, run.stdout
    return search


def test_search_of_a_few_jobs_comes_near_the_fixed_hyperparameters(sample_run: Runner, searched: Runner) -> None:
    fixed = float(sample_run.reported("validation:mse"))
    jobs = json.loads((searched.workspace / "executions/latest/EmpBonusTuning/training_jobs.json").read_text())
    assert len(jobs) == 8
    assert {job["TrainingJobStatus"] for job in jobs} == {"Completed"}
    losses = [job["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for job in jobs]
    assert min(losses) <= 1.05 * fixed
    evaluation = output(searched, "EmpBonusEvaluation", "evaluation", "evaluation.json")
    assert evaluation["cross_check"]["metric"] == "validation:objective_loss"
    assert evaluation["cross_check"]["recomputed"] == pytest.approx(min(losses), rel=1e-3)


def test_search_on_the_same_data_comes_from_the_step_cache(searched: Runner) -> None:
    first = searched.latest()["PipelineExecutionArn"]
    assert searched.run(SAMPLE).returncode == 0
    for step in ("EmpBonusTuning", "EmpBonusEvaluation"):
        assert searched.steps()[step]["CacheHitResult"]["SourcePipelineExecutionArn"] == first
