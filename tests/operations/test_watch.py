"""Watching: what is seen of an execution, what is survived, and what is told in the end."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from rich.console import Console

from artefacts.execution import Execution, Instances, Step
from operations.cli.progress import render, show_progress
from operations.executions import outcome
from operations.executions.follow import Snapshot, follow
from operations.executions.outcome import find_failure
from operations.executions.source import UnknownExecutionError
from pipeline_definition.names import DATA_QUALITY_STEP, REJECTION_STEP
from stacks.operations import event_patterns, notifications
from tests.operations.command_line import run
from tests.operations.executions import (
    ARN,
    FAILED_STEP,
    JOB,
    START,
    Answers,
    aws_answers,
    error,
    execution,
    make_clock,
    step,
    training,
)
from tests.operations.fake_account import Refusal

CACHED = step("DataSplit", "Succeeded", start_s=200, took_s=1, cache_source=ARN)
CHECKED = step("DataQuality", "Succeeded", took_s=180, attempts=2)
RUNNING = execution("Executing", CHECKED, CACHED, training("Executing"), step("Evaluation"))
DONE = execution("Succeeded", CHECKED, CACHED, training("Succeeded", took_s=180))


def look(*answers: Execution | Exception, new: bool = False) -> list[Snapshot]:
    """Return the snapshots of an execution that answers so."""
    return list(follow(Answers(answers), ARN, make_clock(), poll_s=5, new=new))  # type: ignore[arg-type]  # only reads


def draw(snapshot: Snapshot, **more: Any) -> list[str]:
    console = Console(file=io.StringIO(), width=110)
    console.print(render(snapshot, **more))
    text = console.file.getvalue()  # type: ignore[attr-defined]  # it is a StringIO
    return [line.rstrip() for line in text.splitlines()]


def test_execution_is_looked_at_until_it_has_ended() -> None:
    seen = look(RUNNING, RUNNING, DONE)
    assert [each.execution for each in seen] == [RUNNING, RUNNING, DONE]
    assert [(each.at - START).total_seconds() for each in seen] == [0, 5, 10]


@pytest.mark.parametrize("trouble", [error("ThrottlingException"), EndpointConnectionError(endpoint_url="https://x")])
def test_trouble_that_passes_is_told_and_the_last_state_stays(trouble: Exception) -> None:
    _, second, third = look(RUNNING, trouble, DONE)
    assert second.execution == RUNNING
    assert "looking again in 5 s" in second.trouble
    assert third.trouble == ""


def test_throttling_is_survived_also_before_anything_was_seen() -> None:
    first, second = look(error("ThrottlingException"), DONE)
    assert (first.execution, second.execution) == (None, DONE)
    assert "is throttled (ThrottlingException)" in draw(first)[0]


def test_credentials_that_expire_end_the_watching() -> None:
    with pytest.raises(ClientError, match="ExpiredTokenException"):
        look(RUNNING, error("ExpiredTokenException"), DONE)


def test_execution_that_was_just_started_may_be_unknown_for_a_minute() -> None:
    unknown = UnknownExecutionError("it does not exist")
    assert look(unknown, unknown, DONE, new=True)[-1].execution == DONE
    with pytest.raises(UnknownExecutionError):
        look(*[unknown] * 20, DONE, new=True)
    with pytest.raises(UnknownExecutionError):
        look(unknown, DONE)


def test_table_has_status_elapsed_attempt_cache_and_instance_hours() -> None:
    *_, seen = look(RUNNING, *[RUNNING] * 120, DONE)
    running = Snapshot(seen.at, RUNNING, "throttled")
    assert [line.split() for line in draw(running)] == [
        ["Step", "Status", "Elapsed", "Attempt", "Instance-hours"],
        ["EmpBonusDataQuality", "Succeeded", "3:00", "2", "0.0500", "ml.m5.xlarge"],
        ["EmpBonusDataSplit", "Succeeded", "(cached)", "0:01", "0.0000", "ml.m5.xlarge"],
        ["EmpBonusTraining", "Executing", "5:05", "0.0847", "ml.m5.xlarge"],
        ["EmpBonusEvaluation", "-"],
        ["abcdefghijkl", "Executing,", "10:05,", "at", "most", "0.1347", "instance-hours"],
        ["throttled"],
    ]


def test_table_has_money_where_prices_are_known() -> None:
    lines = draw(Snapshot(START, DONE), price=lambda _: 0.257)
    assert [line.split()[-1] for line in lines[1:4]] == ["0.01", "0.00", "0.01"]
    assert lines[-1].endswith("at most 0.1000 instance-hours, 0.03 USD")
    unknown = draw(Snapshot(START, DONE), price=lambda _: None)
    assert [line.split()[-1] for line in unknown[1:4]] == ["unknown", "0.00", "unknown"]
    assert unknown[-1].endswith("unknown USD")


def test_each_instance_costs() -> None:
    many = execution("Succeeded", step("DataSplit", "Succeeded", took_s=3600, instances=Instances("ml.x", 3)))
    assert draw(Snapshot(START, many), price={"ml.x": 1.0}.get)[-1].endswith("3.00 USD")


def test_each_change_is_a_line_where_there_is_no_terminal() -> None:
    console = Console(file=io.StringIO(), width=40)
    snapshots = look(RUNNING, error("ThrottlingException"), error("ThrottlingException"), RUNNING, DONE)
    assert show_progress(snapshots, console) == DONE
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]  # it is a StringIO
    assert [" ".join(line.split()[:2]) for line in lines] == [
        "EmpBonusDataQuality Succeeded",
        "EmpBonusDataSplit Succeeded",
        "EmpBonusTraining Executing",
        "DescribePipelineExecution is",
        "EmpBonusTraining Succeeded",
    ]


REFUSED = "AlgorithmError: data contract violated: 12 rows, fewer than 100, exit code: 3"


@pytest.mark.parametrize(
    ("name", "reason", "notification"),
    [
        (REJECTION_STEP, "model not registered", "RejectedModel"),
        (DATA_QUALITY_STEP, REFUSED, "RefusedData"),
        (DATA_QUALITY_STEP, "AlgorithmError: , exit code: 3", "RefusedData"),
        (DATA_QUALITY_STEP, "CapacityError", "Fault"),
        ("EmpBonusTraining", REFUSED, "Fault"),
    ],
)
def test_runbook_is_the_one_that_the_message_names(name: str, reason: str, notification: str) -> None:
    failed = execution("Failed", Step(name=name, status="Failed", reason=reason))
    failure = find_failure(failed)
    told = notifications.list_training_notifications("arn")[notification]
    assert failure
    assert (failure.reason, failure.runbook) == (reason, f"docs/runbooks/{told.runbook}")


def test_refusals_are_recognized_as_the_messages_recognize_them() -> None:
    patterns = event_patterns.refused_data("arn")["detail"]["failureReason"]
    assert [{"wildcard": each} for each in outcome.REFUSALS] == patterns


def test_execution_that_was_stopped_has_a_failure_and_one_that_goes_on_has_none() -> None:
    stopped = find_failure(execution("Stopped", CHECKED))
    assert stopped
    assert (stopped.step, stopped.reason) == (None, "somebody stopped it")
    assert find_failure(RUNNING) is None
    assert find_failure(DONE) is None


def test_failure_ends_with_the_reason_the_last_log_lines_and_the_runbook(capsys: pytest.CaptureFixture[str]) -> None:
    account = aws_answers("Failed", FAILED_STEP)
    assert run("watch", ARN, connect=account.connect) == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        "abcdefghijkl Failed at EmpBonusTraining: AlgorithmError: see the log",
        f"Last lines of /aws/sagemaker/TrainingJobs {JOB}/algo-1-1764158400:",
        "  out of memory",
        "  killed",
        "What to do: docs/runbooks/failed-execution.md",
    ]
    (asked,) = account.called["DescribeLogStreams"]
    assert asked["logStreamNamePrefix"] == f"{JOB}/"


def test_log_that_nobody_wrote_does_not_hide_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    none = Refusal("ResourceNotFoundException", "The specified log group does not exist.")
    assert run("watch", ARN, connect=aws_answers("Failed", FAILED_STEP, DescribeLogStreams=none).connect) == 1
    assert capsys.readouterr().out.endswith("see the log\nWhat to do: docs/runbooks/failed-execution.md\n")


def test_money_is_that_of_the_region_of_the_execution(capsys: pytest.CaptureFixture[str]) -> None:
    took = {"StartTime": START, "EndTime": START + timedelta(hours=1)}
    for region, usd in (("eu-west-1", "0.51"), ("us-east-1", "0.46"), ("eu-west-9", "unknown")):
        run("watch", ARN.replace("eu-west-1", region), connect=aws_answers("Failed", FAILED_STEP | took).connect)
        assert capsys.readouterr().out.splitlines()[0].split()[-1] == usd


def test_json_is_one_document_with_steps_and_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("watch", ARN, "--json", connect=aws_answers("Failed", FAILED_STEP).connect) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["failure"]["runbook"] == "docs/runbooks/failed-execution.md"
    assert document["steps"][0]["instances"] == {"type": "ml.m5.xlarge", "count": 2}


def test_ctrl_c_ends_the_watching_only_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    account = aws_answers("Executing")
    assert run("watch", ARN, connect=account.connect, clock=make_clock(interrupt)) == 130
    told = (
        "stopped watching: execution abcdefghijkl goes on; watch abcdefghijkl looks again, stop abcdefghijkl ends it\n"
    )
    assert capsys.readouterr().err == told
    assert "StopPipelineExecution" not in account.called


def test_credentials_that_expire_meanwhile_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    account = aws_answers("Executing")

    def expire(_seconds: float) -> None:
        account.answers["DescribePipelineExecution"] = Refusal("ExpiredTokenException", "expired")

    assert run("watch", ARN, connect=account.connect, clock=make_clock(expire)) == 2
    assert capsys.readouterr().err == "refused: the credentials have expired: log in again\n"


@pytest.mark.parametrize(("status", "code"), [("Succeeded", 0), ("Failed", 1), ("Stopped", 1)])
def test_exit_code_says_how_it_ended(status: str, code: int) -> None:
    assert run("watch", ARN, connect=aws_answers(status).connect) == code
