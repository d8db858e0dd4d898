"""The pipeline that would be deployed runs here, on real input, and says what the service would say."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.commands import ROOT, Runner, copy_project, synthesize, write_employees, write_rows

SAMPLE = ROOT / "data" / "mock_data.csv"
JOBS = (
    *("EmpBonusDataQuality", "EmpBonusPreProcessing", "EmpBonusDataSplit", "EmpBonusTraining"),
    "EmpBonusEvaluation",
)
SETS = ("train", "validation", "test")


@pytest.fixture
def runner(assemblies: dict[str, Path], tmp_path: Path) -> Runner:
    return Runner(assemblies["dev"], tmp_path / "workspace")


def hits(runner: Runner) -> list[str]:
    return [name for name, step in runner.steps().items() if "CacheHitResult" in step]


def test_a_run_on_the_sample_succeeds_and_leaves_everything_where_it_says(runner: Runner) -> None:
    run = runner.run(SAMPLE)
    assert run.returncode == 0, run.stdout + run.stderr
    assert runner.latest()["PipelineExecutionStatus"] == "Succeeded"
    steps = runner.steps()
    assert [step["StepStatus"] for step in steps.values()] == ["Succeeded"] * 8
    assert all(Path(output).exists() for step in steps.values() for output in step.get("Outputs", {}).values())
    package = runner.workspace / "registry" / "EmpBonusPackageGroup-dev" / "1.json"
    description = json.loads(package.read_text())
    assert description["ModelApprovalStatus"] == "PendingManualApproval"
    assert description["MetadataProperties"]["GeneratedBy"] == runner.latest()["PipelineExecutionArn"]
    assert description["CustomerMetadataProperties"]["DataVersion"] == parameters(runner)["DataVersion"]
    assert "test:mse" in run.stdout
    assert "EmpBonusPackageGroup-dev version 1, PendingManualApproval" in run.stdout
    listed = Path(steps["EmpBonusPreProcessing"]["Outputs"]["rejected"]) / "rejected.csv"
    rejected = len(listed.read_text(encoding="utf-8").splitlines()) - 1
    assert f"rejected rows              {rejected} of 2,000 rows: " in run.stdout
    assert f"see {listed}" in run.stdout


def parameters(runner: Runner) -> dict[str, str]:
    return {each["Name"]: each["Value"] for each in runner.latest()["PipelineParameters"]}


def test_a_repeat_is_all_hits_but_registration_and_changed_data_hits_nothing(runner: Runner, tmp_path: Path) -> None:
    data = write_employees(tmp_path / "employees.csv", 400)
    assert runner.run(data).returncode == 0
    first = runner.latest()["PipelineExecutionArn"]
    assert runner.run(data).returncode == 0
    assert hits(runner) == list(JOBS)
    assert {runner.steps()[name]["CacheHitResult"]["SourcePipelineExecutionArn"] for name in JOBS} == {first}
    assert runner.steps()["EmpBonusRegisterModel"]["Metadata"]["RegisterModel"]["Arn"].endswith("/2")
    write_employees(data, 401)
    assert runner.run(data).returncode == 0
    assert hits(runner) == []
    write_employees(data, 400)
    assert runner.run(data, "--no-cache").returncode == 0
    assert hits(runner) == []


def test_same_employees_in_a_file_of_another_name_are_no_duplicates(runner: Runner, tmp_path: Path) -> None:
    data = write_employees(tmp_path / "a.csv", 400)
    assert runner.run(data, "--no-cache").returncode == 0
    version = parameters(runner)["DataVersion"]
    renamed = data.rename(tmp_path / "b.csv")
    run = runner.run(renamed, "--no-cache")
    assert run.returncode == 0, run.stdout
    assert parameters(runner)["DataVersion"] == version


def test_a_change_in_one_steps_code_runs_that_step_and_what_follows(runner: Runner, tmp_path: Path) -> None:
    data = write_employees(tmp_path / "employees.csv", 400)
    assert runner.run(data).returncode == 0
    project = copy_project(tmp_path / "project")
    with (project / "processing" / "jobs" / "split.py").open("a") as file:
        file.write("\n# a change\n")
    assert synthesize("dev", tmp_path / "changed", project, validation=False).returncode == 0
    changed = Runner(tmp_path / "changed", runner.workspace)
    assert changed.run(data).returncode == 0
    assert hits(changed) == ["EmpBonusDataQuality", "EmpBonusPreProcessing"]


def test_three_instances_give_the_split_of_one(runner: Runner, tmp_path: Path) -> None:
    data = write_employees(tmp_path / "employees.csv", 1_000)
    assert runner.run(data).returncode == 0
    one = {name: sorted(runner.lines("EmpBonusDataSplit", name)) for name in SETS}
    assert runner.run(data, "--no-cache", "--set", "ProcessingInstanceCount=3").returncode == 0
    three = {name: sorted(runner.lines("EmpBonusDataSplit", name)) for name in SETS}
    assert one == three
    assert len(list(Path(runner.steps()["EmpBonusDataSplit"]["Outputs"]["train"]).iterdir())) == 3


def test_several_files_and_a_compressed_one_are_read_as_one(runner: Runner, tmp_path: Path) -> None:
    import gzip

    rows = write_employees(tmp_path / "all.csv", 600).read_text().splitlines(keepends=True)
    folder = tmp_path / "parts"
    folder.mkdir()
    (folder / "first.csv").write_text("".join(rows[:300]))
    (folder / "second.csv.gz").write_bytes(gzip.compress("".join([rows[0], *rows[300:]]).encode()))
    assert runner.run(folder).returncode == 0
    parts = {name: sorted(runner.lines("EmpBonusDataSplit", name)) for name in SETS}
    assert runner.run(tmp_path / "all.csv").returncode == 0
    assert parts == {name: sorted(runner.lines("EmpBonusDataSplit", name)) for name in SETS}


def test_the_model_registered_can_be_found_from_its_description(runner: Runner, tmp_path: Path) -> None:
    from tests.local_runner.algorithms.mxnet_reader import read_model

    assert runner.run(write_employees(tmp_path / "employees.csv", 400)).returncode == 0
    registry = runner.workspace / "registry" / "EmpBonusPackageGroup-dev"
    description = json.loads((registry / "1.json").read_text())

    def local(uri: str) -> Path:
        return runner.workspace / "s3" / uri.removeprefix("s3://")

    model = read_model(local(description["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]))
    features = local(description["CustomerMetadataProperties"]["FeatureModel"]) / "feature_model.json"
    assert len(model.weights) == len(json.loads(features.read_text())["features"])


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda rows: [[*row[:4], "", *row[5:]] for row in rows], "data contract violated: department: "),
        (
            lambda rows: [[*row[:7], ""] for row in rows],
            "data contract violated: bonus: 300 of 300 values missing (100.0%), more than 2.0%",
        ),
    ],
)
def test_bad_data_fails_the_first_job_with_one_clear_line(
    runner: Runner, tmp_path: Path, spoil: Any, message: str
) -> None:
    from data.mock_data import employees

    rows = [row for row in employees(400, seed=1) if len(row) == 8][:300]
    run = runner.run(write_rows(tmp_path / "employees.csv", spoil(rows)))
    assert run.returncode == 1
    assert runner.latest()["PipelineExecutionStatus"] == "Failed"
    step = runner.steps()["EmpBonusDataQuality"]
    assert step["StepStatus"] == "Failed"
    assert step["FailureReason"].startswith("AlgorithmError: ")
    assert message in step["FailureReason"]
    assert message in run.stdout.replace("\n", " ")
    assert "Traceback" not in run.stdout + run.stderr


def test_a_failing_training_job_tells_the_algorithms_reason(runner: Runner, tmp_path: Path) -> None:
    spoilt = tmp_path / "assembly"
    copy_assembly(runner.assembly, spoilt, '\\"epochs\\": \\"10\\"', '\\"epochs\\": \\"0\\"')
    broken = Runner(spoilt, runner.workspace)
    assert broken.run(write_employees(tmp_path / "employees.csv", 400)).returncode == 1
    reason = broken.steps()["EmpBonusTraining"]["FailureReason"]
    assert reason.startswith("AlgorithmError: Customer Error: hyperparameter epochs is '0': set a whole number")


@pytest.mark.parametrize(
    ("value", "step", "message"),
    [
        (f"DataVersion={'x' * 257}", "EmpBonusDataQuality", "is more than 256 characters: shorten it"),
        ("ProcessingInstanceCount=0", "EmpBonusPreProcessing", "0 is less than 1: give more"),
    ],
)
def test_a_parameter_that_the_service_refuses_fails_the_step(
    runner: Runner, tmp_path: Path, value: str, step: str, message: str
) -> None:
    run = runner.run(write_employees(tmp_path / "employees.csv", 400), "--set", value)
    assert run.returncode == 1
    reason = runner.steps()[step]["FailureReason"]
    assert reason.startswith("ClientError: Arguments.")
    assert message in reason


def copy_assembly(source: Path, target: Path, old: str, new: str) -> None:
    """Copy an assembly with one change in its templates."""
    import shutil

    shutil.copytree(source, target)
    changed = 0
    for template in target.glob("*.template.json"):
        text = template.read_text()
        changed += text.count(old)
        template.write_text(text.replace(old, new))
    assert changed, f"{old} is in no template"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '\\"Type\\": \\"RegisterModel\\"',
            '\\"Type\\": \\"Callback\\"',
            "step EmpBonusRegisterModel is of type Callback",
        ),
        ("sagemaker-scikit-learn:", "sagemaker-xgboost:", "cannot run here: only sagemaker-scikit-learn"),
        ('\\"Std:Join\\"', '\\"Std:Split\\"', "EmpBonusDataQuality.Arguments.ProcessingOutputConfig.Outputs[0]"),
        ("Execution.PipelineExecutionArn", "Execution.Nothing", "'Execution.Nothing' is no reference"),
        ('"Fn::ImportValue"', '"Fn::Nowhere"', "cannot resolve Fn::Nowhere here"),
    ],
)
def test_what_cannot_run_here_is_refused_before_the_first_step(
    runner: Runner, tmp_path: Path, old: str, new: str, message: str
) -> None:
    copy_assembly(runner.assembly, tmp_path / "assembly", old, new)
    run = Runner(tmp_path / "assembly", runner.workspace).run(SAMPLE)
    assert run.returncode == 2
    assert run.stderr.startswith("refused: ")
    assert message in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert not (runner.workspace / "executions").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--stage", "prod"], "stage prod is not in"),
        (["--assembly", "nowhere"], "nowhere is no cloud assembly: run make synth STAGE=dev"),
        (["--input", "nothing.csv"], "input nothing.csv does not exist"),
        (["--input", ""], "an empty path: give a CSV file or a folder of them"),
        (["--workspace", "README.md"], "README.md/s3: Not a directory"),
        (["--set", "Nothing=1"], "parameter Nothing does not exist: choose from InputData"),
        (["--set", "ProcessingInstanceCount=many"], "parameter ProcessingInstanceCount is 'many'"),
        (["--set", "ModelApprovalStatus=Maybe"], "choose from PendingManualApproval, Approved, Rejected"),
        (["--set", "TrainingInstanceType=ml.g5.xlarge"], "choose from ml.m5.large, ml.m5.xlarge"),
        (["--set", "InputData=s3://b/raw/"], "parameter InputData is what --input says"),
        (["--set", "Nothing"], "'Nothing' sets nothing: write NAME=VALUE"),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
    ],
)
def test_bad_usage_is_refused_with_exit_code_2(runner: Runner, options: list[str], message: str) -> None:
    run = runner.run(SAMPLE, *options)
    assert run.returncode == 2
    assert message in run.stderr


def test_prod_runs_as_well(assemblies: dict[str, Path], tmp_path: Path) -> None:
    runner = Runner(assemblies["prod"], tmp_path / "workspace", "prod")
    data = write_employees(tmp_path / "employees.csv", 400)
    run = runner.run(data)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "EmpBonusPackageGroup version 1, PendingManualApproval" in run.stdout
    approving = runner.run(data, "--set", "ModelApprovalStatus=Approved")
    assert approving.returncode == 2
    assert "parameter ModelApprovalStatus is 'Approved': choose from PendingManualApproval" in approving.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_the_running_step_and_says_so(runner: Runner, tmp_path: Path, number: int) -> None:
    data = write_employees(tmp_path / "employees.csv", 60_000)
    process = subprocess.Popen(runner.command(data), cwd=ROOT, stdout=subprocess.PIPE, text=True)
    log = runner.workspace / "executions"
    deadline = time.monotonic() + 30
    while not list(log.glob("*/EmpBonusDataQuality/algo-1.log")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(number)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Stopped" in out
    assert runner.latest()["PipelineExecutionStatus"] == "Stopped"
    assert {name: step["StepStatus"] for name, step in runner.steps().items()} == {
        "EmpBonusFindChampion": "Succeeded",
        "EmpBonusDataQuality": "Stopped",
    }
    assert not processes_in(runner.workspace)


def processes_in(folder: Path) -> list[str]:
    """Return the command lines of processes that work below *folder*, where the system tells."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline") if Path("/proc").is_dir() else []:
        try:
            command = each.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in command and str(os.getpid()) != each.parent.name:
            found.append(command)
    return found


def test_two_runs_at_once_do_not_disturb_each_other(runner: Runner, tmp_path: Path) -> None:
    inputs = [write_employees(tmp_path / f"{seed}.csv", 400, seed) for seed in (1, 2)]
    processes = [subprocess.Popen(runner.command(data), cwd=ROOT, stdout=subprocess.DEVNULL) for data in inputs]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    versions = sorted(path.name for path in (runner.workspace / "registry" / "EmpBonusPackageGroup-dev").iterdir())
    assert versions == ["1.json", "2.json"]


def test_help_tells_the_exit_codes() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "local_runner", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "130" in run.stdout
