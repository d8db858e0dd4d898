"""The pipeline that would be deployed runs here, on real input, and says what the service would say."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from local_runner.__main__ import main
from tests.documents import faults
from tests.end_to_end.assemblies import with_other_code
from tests.end_to_end.commands import ROOT, Runner, write_employees

SAMPLE = ROOT / "data" / "mock_data.csv"
JOBS = (
    *("EmpBonusDataQuality", "EmpBonusPreProcessing", "EmpBonusDataSplit", "EmpBonusTraining"),
    "EmpBonusEvaluation",
)
SETS = ("train", "validation", "test")


@pytest.fixture
def runner(assemblies: dict[str, Path], tmp_path: Path) -> Runner:
    return Runner(assemblies["dev"], tmp_path / "workspace")


@dataclass(frozen=True)
class Earlier:
    """A run that others are compared with, and whose step cache they find."""

    runner: Runner
    rows: list[str]
    data: Path
    execution: str
    sets: dict[str, list[str]]
    """The lines of each set that the split made, in no order."""

    def run(self, data: Path, *options: str) -> Runner:
        """Run the pipeline in the same workspace; it succeeds."""
        run = self.runner.run(data, *options)
        assert run.returncode == 0, run.stdout + run.stderr
        return self.runner


@pytest.fixture(scope="module")
def earlier(assemblies: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Earlier:
    folder = tmp_path_factory.mktemp("earlier")
    runner, data = Runner(assemblies["dev"], folder / "workspace"), write_employees(folder / "employees.csv", 1_000)
    assert runner.run(data).returncode == 0
    rows = data.read_text().splitlines(keepends=True)
    return Earlier(runner, rows, data, runner.latest()["PipelineExecutionArn"], sets(runner))


def sets(runner: Runner) -> dict[str, list[str]]:
    return {name: sorted(runner.lines("EmpBonusDataSplit", name)) for name in SETS}


def hits(runner: Runner) -> list[str]:
    return [name for name, step in runner.steps().items() if "CacheHitResult" in step]


def test_run_on_the_sample_succeeds_and_leaves_everything_where_it_says(sample_run: Runner) -> None:
    runner, said = sample_run, (sample_run.workspace / "said.txt").read_text(encoding="utf-8")
    assert runner.latest()["PipelineExecutionStatus"] == "Succeeded"
    steps = runner.steps()
    assert [step["StepStatus"] for step in steps.values()] == ["Succeeded"] * 8
    assert all(Path(output).exists() for step in steps.values() for output in step.get("Outputs", {}).values())
    description = json.loads((registry(runner) / "1.json").read_text())
    assert description["ModelApprovalStatus"] == "PendingManualApproval"
    assert description["MetadataProperties"]["GeneratedBy"] == runner.latest()["PipelineExecutionArn"]
    assert description["CustomerMetadataProperties"]["DataVersion"] == parameters(runner)["DataVersion"]
    card = json.loads(description["ModelCard"]["ModelCardContent"])
    assert faults("model_card_content.json", card) == []
    assert card["evaluation_details"][0]["metadata"]["data_version"] == parameters(runner)["DataVersion"]
    assert "test:mse" in said
    assert "EmpBonusPackageGroup-dev version 1, PendingManualApproval" in said
    listed = Path(steps["EmpBonusPreProcessing"]["Outputs"]["rejected"]) / "rejected.csv"
    rejected = len(listed.read_text(encoding="utf-8").splitlines()) - 1
    assert f"rejected rows              {rejected} of 2,000 rows: " in said
    assert f"see {listed}" in said


def parameters(runner: Runner) -> dict[str, str]:
    return {each["Name"]: each["Value"] for each in runner.latest()["PipelineParameters"]}


def test_second_run_hits_the_cache_but_for_registration(earlier: Earlier) -> None:
    runner = earlier.run(earlier.data)
    assert hits(runner) == list(JOBS)
    steps = runner.steps()
    assert {steps[name]["CacheHitResult"]["SourcePipelineExecutionArn"] for name in JOBS} == {earlier.execution}
    registered = steps["EmpBonusRegisterModel"]["Metadata"]["RegisterModel"]["Arn"]
    assert registered.endswith(f"/{len(list(registry(runner).iterdir()))}")


def registry(runner: Runner) -> Path:
    return runner.workspace / "registry" / "EmpBonusPackageGroup-dev"


def test_change_in_one_steps_code_runs_that_step_and_what_follows(earlier: Earlier, tmp_path: Path) -> None:
    assembly = with_other_code(earlier.runner.assembly, tmp_path / "assembly", "split", "{}\n# changed\n".format)
    changed = Runner(assembly, earlier.runner.workspace)
    assert changed.run(earlier.data).returncode == 0
    assert hits(changed) == ["EmpBonusDataQuality", "EmpBonusPreProcessing"]


def test_several_files_and_a_compressed_one_are_other_data_and_read_as_one(earlier: Earlier, tmp_path: Path) -> None:
    import gzip

    folder = tmp_path / "parts"
    folder.mkdir()
    (folder / "first.csv").write_text("".join(earlier.rows[:300]))
    (folder / "second.csv.gz").write_bytes(gzip.compress("".join([earlier.rows[0], *earlier.rows[300:]]).encode()))
    assert sets(earlier.run(folder)) == earlier.sets
    assert hits(earlier.runner) == []


def test_model_registered_can_be_found_from_its_description(earlier: Earlier) -> None:
    from tests.local_runner.algorithms.mxnet_reader import read_model

    description = json.loads((registry(earlier.runner) / "1.json").read_text())

    def local(uri: str) -> Path:
        return earlier.runner.workspace / "s3" / uri.removeprefix("s3://")

    model = read_model(local(description["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]))
    features = local(description["CustomerMetadataProperties"]["FeatureModel"]) / "feature_model.json"
    assert len(model.weights) == len(json.loads(features.read_text())["features"])


def test_failing_training_job_reports_the_algorithms_reason(earlier: Earlier, tmp_path: Path) -> None:
    spoilt = tmp_path / "assembly"
    copy_assembly(earlier.runner.assembly, spoilt, '\\"epochs\\": \\"10\\"', '\\"epochs\\": \\"0\\"')
    broken = Runner(spoilt, earlier.runner.workspace)
    assert broken.run(earlier.data).returncode == 1
    reason = broken.steps()["EmpBonusTraining"]["FailureReason"]
    assert reason.startswith("ClientError: hyperparameter epochs is '0': set a whole number")


@pytest.mark.parametrize(
    ("value", "step", "message"),
    [
        (f"DataVersion={'x' * 257}", "EmpBonusDataQuality", "is more than 256 characters: shorten it"),
        ("ProcessingInstanceCount=0", "EmpBonusDataQuality", "0 is less than 1: give more"),
        ("ProcessingInstanceCount=3", "EmpBonusDataQuality", "ProcessingInstanceCount is 3: one machine does this"),
    ],
)
def test_parameter_that_the_service_or_a_job_refuses_fails_the_step(
    runner: Runner, tmp_path: Path, value: str, step: str, message: str
) -> None:
    run = runner.run(write_employees(tmp_path / "employees.csv", 400), "--set", value)
    assert run.returncode == 1
    reason = runner.steps()[step]["FailureReason"]
    assert reason.startswith(("ClientError: Arguments.", "AlgorithmError: "))
    assert message in reason


def copy_assembly(source: Path, target: Path, old: str, new: str) -> None:
    """Copy an assembly with one change in its templates."""
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
            '\\"Type\\": \\"Training\\"',
            '\\"Type\\": \\"Callback\\"',
            "step EmpBonusTraining is of type Callback",
        ),
        ("sagemaker-scikit-learn:", "sagemaker-xgboost:", "cannot run here: only sagemaker-scikit-learn"),
        ('\\"Std:Join\\"', '\\"Std:Split\\"', "EmpBonusDataQuality.Arguments.ProcessingOutputConfig.Outputs[0]"),
        ("Execution.PipelineExecutionArn", "Execution.Nothing", "'Execution.Nothing' is no reference"),
        ('"Fn::ImportValue"', '"Fn::Nowhere"', "cannot resolve Fn::Nowhere here"),
    ],
)
def test_pipeline_that_cannot_run_here_is_refused_before_the_first_step(
    runner: Runner, tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, message: str
) -> None:
    copy_assembly(runner.assembly, tmp_path / "assembly", old, new)
    said = refuse(Runner(tmp_path / "assembly", runner.workspace), capsys)
    assert said.startswith("refused: ")
    assert message in said
    assert len(said.splitlines()) == 1
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
def test_bad_usage_is_refused_with_exit_code_2(
    runner: Runner,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(ROOT)
    assert message in refuse(runner, capsys, *options)


def refuse(runner: Runner, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """Let the runner refuse the sample in this process, as nothing runs, and return what it says."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        code: object = main(runner.command(SAMPLE, *options)[3:])
    except SystemExit as error:  # argparse's
        code = error.code
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert code == 2
    return capsys.readouterr().err


def test_prod_runs_as_well_and_two_runs_at_once_do_not_disturb_each_other(
    assemblies: dict[str, Path], tmp_path: Path
) -> None:
    runner = Runner(assemblies["prod"], tmp_path / "workspace", "prod")
    inputs = [write_employees(tmp_path / f"{seed}.csv", 400, seed) for seed in (1, 2)]
    processes = [
        subprocess.Popen(runner.command(data), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for data in inputs
    ]
    told = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], told
    versions = [re.findall(r"EmpBonusPackageGroup version (\d), PendingManualApproval", each) for each in told]
    assert sorted(versions) == [["1"], ["2"]]


def test_prod_takes_no_approval_from_who_starts_it(assemblies: dict[str, Path], tmp_path: Path) -> None:
    runner = Runner(assemblies["prod"], tmp_path / "workspace", "prod")
    approving = runner.run(SAMPLE, "--set", "ModelApprovalStatus=Approved")
    assert approving.returncode == 2
    assert "parameter ModelApprovalStatus is 'Approved': choose from PendingManualApproval" in approving.stderr


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many rows that a step is still at them when it is stopped."""
    return write_employees(tmp_path_factory.mktemp("many") / "employees.csv", 60_000)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_the_running_step_and_says_so(runner: Runner, many: Path, number: int) -> None:
    process = subprocess.Popen(runner.command(many), cwd=ROOT, stdout=subprocess.PIPE, text=True)
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


def test_help_names_the_exit_codes() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "local_runner", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "130" in run.stdout
