"""Starting, listing, showing, reading logs, stopping and retrying: what is asked of SageMaker, and what is said."""

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.execution_report.examples import PASSED, REJECTED, Folder, evaluation
from tests.execution_report.windows import HELD, monitoring
from tests.operations.command_line import run
from tests.operations.executions import ARN, FAILED_STEP, JOB, START, aws_answers
from tests.operations.fake_account import FakeAccount, Refusal, paged

PIPELINE = ARN.partition("/execution")[0]
PARAMETERS: list[dict[str, Any]] = [
    {"Name": "InputData", "Type": "String", "DefaultValue": "s3://data/raw/"},
    {"Name": "DataVersion", "Type": "String"},
    {"Name": "MinimumR2", "Type": "Float", "DefaultValue": 0.5},
    {"Name": "Instances", "Type": "Integer", "DefaultValue": 1},
    {"Name": "Type", "Type": "String", "DefaultValue": "a", "EnumValues": ["a", "b"]},
]


def stored(*objects: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"Key": key, "VersionId": version, "IsLatest": True} for key, version in objects]


def startable(*pages: list[dict[str, Any]], parameters: Sequence[dict[str, Any]] = PARAMETERS) -> FakeAccount:
    """Return an account whose pipeline can be started, on these objects."""
    definition = json.dumps({"Parameters": parameters, "Steps": []})
    versions = iter([{"Versions": page} for page in pages])
    return FakeAccount(
        {
            "DescribePipeline": {"PipelineArn": PIPELINE, "PipelineDefinition": definition},
            "ListObjectVersions": lambda _: next(versions),
            "StartPipelineExecution": {"PipelineExecutionArn": ARN},
        }
    )


def started_with(account: FakeAccount) -> dict[str, str]:
    (asked,) = account.called["StartPipelineExecution"]
    return {each["Name"]: each["Value"] for each in asked["PipelineParameters"]}


def test_version_of_the_data_is_that_of_its_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    old = {"Key": "raw/a.csv", "VersionId": "v0", "IsLatest": False}
    account = startable([*stored(("raw/a.csv", "v1")), old])
    assert run("start", connect=account.connect) == 0
    assert capsys.readouterr().out == f"{ARN}\n"
    assert started_with(account) == {"DataVersion": "v1"}
    (asked,) = account.called["ListObjectVersions"]
    assert (asked["Bucket"], asked["Prefix"]) == ("data", "raw/")


def test_version_of_several_objects_changes_with_each_of_them() -> None:
    found = []
    for objects in [
        (("a", "1"), ("b", "1")),
        (("b", "1"), ("a", "1")),
        (("a", "2"), ("b", "1")),
        (("a", "1"), ("c", "1")),
    ]:
        account = startable(stored(*objects))
        run("start", connect=account.connect)
        found.append(started_with(account)["DataVersion"])
    assert found[0] == found[1] == hashlib.sha256(b'[["a", "1"], ["b", "1"]]').hexdigest()
    assert len(set(found)) == 3


def test_given_parameters_are_passed_and_a_given_version_is_not_looked_for() -> None:
    account = startable()
    given = ["--set", "MinimumR2=0.7", "--set", "DataVersion=mine", "--input", "s3://other/raw/"]
    assert run("start", *given, connect=account.connect) == 0
    assert started_with(account) == {"MinimumR2": "0.7", "DataVersion": "mine", "InputData": "s3://other/raw/"}
    assert "ListObjectVersions" not in account.called


def test_window_of_traffic_ends_now_unless_its_end_is_given() -> None:
    watching = [PARAMETERS[0], {"Name": "WindowEnd", "Type": "String"}]
    for given, end in (((), "2026-11-26T12:00:00+00:00"), (("--set", "WindowEnd=2026-11-20"), "2026-11-20")):
        account = startable(parameters=watching)
        assert run("start", "--monitoring", *given, connect=account.connect) == 0
        assert started_with(account) == {"WindowEnd": end}
        (asked,) = account.called["StartPipelineExecution"]
        assert asked["PipelineName"] == "emp-bonus-monitoring-pipeline-dev"
        assert "ListObjectVersions" not in account.called


def test_one_pipeline_is_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("start", "--monitoring", "--scoring") == 2
    assert "argument --scoring: not allowed with argument --monitoring" in capsys.readouterr().err


def test_version_is_that_of_the_data_that_is_given() -> None:
    account = startable(stored(("mine/a.csv", "v7")))
    run("start", "--input", "s3://other/mine/", connect=account.connect)
    (asked,) = account.called["ListObjectVersions"]
    assert (asked["Bucket"], asked["Prefix"]) == ("other", "mine/")


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ("MinimumRsquared=1", "parameter MinimumRsquared does not exist: did you mean MinimumR2?"),
        ("Xyz=1", "parameter Xyz does not exist: choose from InputData, DataVersion, MinimumR2, Instances, Type"),
        ("Instances=many", "parameter Instances is 'many': give a value of type Integer"),
        ("MinimumR2=high", "parameter MinimumR2 is 'high': give a value of type Float"),
        ("Type=c", "parameter Type is 'c': choose from a, b"),
        ("Type", "argument --set: 'Type' sets nothing: write NAME=VALUE: see python -m operations start --help"),
    ],
)
def test_wrong_parameter_is_refused_before_anything_is_started(
    given: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    account = startable(stored(("raw/a.csv", "v1")))
    assert run("start", "--set", given, connect=account.connect) == 2
    assert capsys.readouterr() == ("", f"refused: {line}\n")
    assert account.called.keys() <= {"DescribePipeline"}


def test_start_without_data_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("start", connect=startable([]).connect) == 2
    assert capsys.readouterr().err == (
        "refused: no object is below s3://data/raw/: aws s3 cp FILE.csv s3://data/raw/\n"
    )


def test_start_of_a_local_run_needs_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("start", "--local") == 2
    assert capsys.readouterr().err.startswith("refused: nothing is said of the data: add --input with a CSV file")


PACKAGES = "arn:aws:sagemaker:eu-west-1:111122223333:model-package/empbonuspackagegroup-dev"


def package(number: int, execution: str) -> dict[str, Any]:
    return {
        "ModelPackageName": "x",
        "ModelPackageArn": f"{PACKAGES}/{number}",
        "ModelPackageGroupName": "EmpBonusPackageGroup-dev",
        "ModelPackageVersion": number,
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
        "ModelApprovalStatus": "Approved",
        "CreationTime": START,
        "MetadataProperties": {"GeneratedBy": execution},
    }


def test_list_has_executions_beside_the_versions_that_they_registered(capsys: pytest.CaptureFixture[str]) -> None:
    packages = {f"{PACKAGES}/1": package(1, "arn:elsewhere"), f"{PACKAGES}/2": package(2, ARN)}
    failed = f"{PIPELINE}/execution/mnopqrstuvwx"
    summaries = [
        {"PipelineExecutionArn": arn, "PipelineExecutionStatus": status, "StartTime": START}
        for arn, status in ((failed, "Failed"), (ARN, "Succeeded"))
    ]
    kept = ("ModelPackageArn", "ModelPackageVersion", "ModelPackageStatus", "CreationTime")
    account = FakeAccount(
        {
            "DescribePipeline": {"PipelineArn": PIPELINE},
            "ListPipelineExecutions": {"PipelineExecutionSummaries": summaries},
            "ListModelPackages": paged(
                [{"ModelPackageSummaryList": [{key: each[key] for key in kept} for each in packages.values()]}]
            ),
            "DescribeModelPackage": lambda request: packages[request["ModelPackageName"]],
        }
    )
    assert run("list", connect=account.connect) == 0
    assert [line.split()[:6] for line in capsys.readouterr().out.splitlines()] == [
        ["execution", "status", "started", "version", "approval", "rmse"],
        ["mnopqrstuvwx", "Failed", "2026-11-26", "12:00", "-", "-"],
        ["abcdefghijkl", "Succeeded", "2026-11-26", "12:00", "2", "Approved"],
        ["-", "-", "-", "1", "Approved", "-"],
    ]


def test_show_has_steps_parameters_reasons_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", ARN, connect=aws_answers("Failed", FAILED_STEP).connect) == 0
    shown = {" ".join(line.split()) for line in capsys.readouterr().out.splitlines()}
    assert {
        f"execution {ARN}",
        "EmpBonusTraining failed AlgorithmError: see the log",
        "what to do docs/runbooks/failed-execution.md",
        "Count 2",
    } <= shown


def test_show_cuts_and_wraps_no_cell_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    long = {**FAILED_STEP, "StepName": "EmpBonus" + "Search" * 10}
    assert run("show", ARN, connect=aws_answers("Failed", long).connect) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [long["StepName"], "Failed", "0:00"] in [row[:3] for row in rows]


def test_log_of_a_step_is_printed_without_its_heading(capsys: pytest.CaptureFixture[str]) -> None:
    account = aws_answers("Failed", FAILED_STEP)
    assert run("logs", "EmpBonusTraining", ARN, "--lines", "7", connect=account.connect) == 0
    assert capsys.readouterr() == (
        "out of memory\nkilled\n",
        f"/aws/sagemaker/TrainingJobs {JOB}/algo-1-1764158400:\n",
    )
    (asked,) = account.called["GetLogEvents"]
    assert (asked["limit"], asked["startFromHead"]) == (7, False)


def test_search_has_the_log_of_the_training_job_that_failed() -> None:
    arn = "arn:aws:sagemaker:eu-west-1:111122223333:hyper-parameter-tuning-job/search"
    summaries = [
        {
            "TrainingJobName": name,
            "TrainingJobArn": "arn:aws:sagemaker:eu-west-1:111122223333:training-job/x",
            "CreationTime": START,
            "TrainingJobStatus": status,
            "TunedHyperParameters": {},
        }
        for name, status in (("search-1", "Completed"), ("search-2", "Failed"))
    ]
    account = aws_answers(
        "Failed",
        {**FAILED_STEP, "Metadata": {"TuningJob": {"Arn": arn}}},
        ListTrainingJobsForHyperParameterTuningJob={"TrainingJobSummaries": summaries},
    )
    assert run("logs", "EmpBonusTraining", ARN, connect=account.connect) == 0
    (asked,) = account.called["DescribeLogStreams"]
    assert (asked["logGroupName"], asked["logStreamNamePrefix"]) == ("/aws/sagemaker/TrainingJobs", "search-2/")


def test_step_that_does_not_exist_is_refused_with_the_nearest_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("logs", "Training", ARN, connect=aws_answers("Failed", FAILED_STEP).connect) == 2
    assert capsys.readouterr().err == (
        "refused: execution abcdefghijkl has no step Training: did you mean EmpBonusTraining?\n"
    )


def test_step_without_a_log_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("logs", "EmpBonusTraining", ARN, connect=aws_answers("Executing").connect) == 1
    assert "has written no log" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "operation"), [("stop", "StopPipelineExecution"), ("retry", "RetryPipelineExecution")]
)
def test_execution_is_changed_by_its_id_or_refused_in_the_words_of_the_service(
    command: str, operation: str, capsys: pytest.CaptureFixture[str]
) -> None:
    account = FakeAccount({"DescribePipeline": {"PipelineArn": PIPELINE}, operation: {"PipelineExecutionArn": ARN}})
    assert run(command, "abcdefghijkl", "--json", connect=account.connect) == 0
    assert json.loads(capsys.readouterr().out) == {"execution": ARN, "asked": command}
    (asked,) = account.called[operation]
    assert asked["PipelineExecutionArn"] == ARN
    account.answers[operation] = Refusal("ConflictException", "it is Succeeded.")
    assert run(command, "abcdefghijkl", connect=account.connect) == 2
    assert capsys.readouterr().err == f"refused: cannot {command} it (it is Succeeded): see show\n"


def test_latest_is_the_newest_and_its_absence_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    account = aws_answers("Succeeded", DescribePipeline={"PipelineArn": PIPELINE})
    account.answers["ListPipelineExecutions"] = {"PipelineExecutionSummaries": [{"PipelineExecutionArn": ARN}]}
    assert run("show", "--json", connect=account.connect) == 0
    assert json.loads(capsys.readouterr().out)["arn"] == ARN
    account.answers["ListPipelineExecutions"] = {"PipelineExecutionSummaries": []}
    assert run("show", connect=account.connect) == 2
    assert capsys.readouterr().err == (
        "refused: pipeline emp-bonus-training-pipeline-dev has no execution: start one\n"
    )


def test_region_and_pipeline_of_an_arn_are_asked_whatever_the_stage() -> None:
    arn = ARN.replace("eu-west-1", "us-east-1")
    account = aws_answers("Succeeded")
    assert run("show", arn, "--stage", "prod", connect=account.connect) == 0
    assert {each["Region"] for each in account.called["DescribePipelineExecution"]} == {"us-east-1"}


def test_local_executions_are_shown_watched_and_read_by_the_same_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Folder(tmp_path / ".local", REJECTED).evaluation(evaluation(passed=False), [(1.0, 2.0)]).write()
    (folder / "EmpBonusTraining").mkdir()
    (folder / "EmpBonusTraining" / "algo-1.log").write_text("one\ntwo\nthree\n")
    assert run("watch", "--local", folder=tmp_path) == 1
    assert "What to do: docs/runbooks/rejected-model.md" in capsys.readouterr().out
    assert run("show", folder.name, "--local", "--json", folder=tmp_path) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "Failed"
    assert run("logs", "EmpBonusTraining", "--local", "--lines", "2", folder=tmp_path) == 0
    assert capsys.readouterr().out == "two\nthree\n"


def test_verdict_on_a_window_that_holds_is_the_last_line_of_watching_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Folder(tmp_path / ".local", HELD).monitoring(monitoring("holds")).write()
    assert run("watch", "--local", "--monitoring", folder=tmp_path) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"ex635t9yffps Succeeded: {monitoring('holds')['message']}"


def test_windows_are_listed_with_verdict_and_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Folder(tmp_path / ".local", HELD).monitoring(monitoring("drifted", "off")).write()
    message = monitoring("drifted")["message"]
    assert run("list", "--local", "--monitoring", folder=tmp_path) == 0
    head, line = capsys.readouterr().out.splitlines()
    assert head.split() == ["execution", "status", "started", "verdict"]
    assert line.startswith("ex635t9yffps  Succeeded  2026-11-24 14:53  drifted: ")
    assert line.endswith(message)
    assert run("list", "--local", "--monitoring", "--json", folder=tmp_path) == 0
    assert [each["message"] for each in json.loads(capsys.readouterr().out)] == [message]


def test_local_execution_that_does_not_exist_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Folder(tmp_path / ".local", PASSED).write()
    assert run("show", "abcdefghijkl", "--local", folder=tmp_path) == 2
    assert "holds no execution abcdefghijkl: see list --local, or make run first" in capsys.readouterr().err


def test_local_start_runs_the_assembly_and_prints_the_one_document_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def run_here(arguments: list[str]) -> int:
        asked.append(arguments)
        sys.stdout.write("progress\n")
        Folder(tmp_path / ".local", REJECTED).write()
        return 1

    monkeypatch.setattr("local_runner.__main__.main", run_here)
    given = ["--input", "data.csv", "--set", "MinimumR2=0.9"]
    assert run("start", "--local", "--json", *given, folder=tmp_path) == 1
    out, err = capsys.readouterr()
    assert (json.loads(out)["status"], err) == ("Failed", "progress\n")
    options = dict(zip(asked[0][::2], asked[0][1::2], strict=True))
    assert options == {
        "--assembly": f"{tmp_path}/cdk.out",
        "--stage": "dev",
        "--workspace": f"{tmp_path}/.local",
        "--pipeline": "emp-bonus-training-pipeline-dev",
        "--input": "data.csv",
        "--set": "MinimumR2=0.9",
    }
