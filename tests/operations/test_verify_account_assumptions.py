"""Each assumption is confirmed by what the records show, refuted by what contradicts it, and else not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from operations.verify_account.assumptions import ASSUMPTIONS
from operations.verify_account.judges import Finding, Verdict
from operations.verify_account.observations import (
    Alarm,
    Call,
    Message,
    Observations,
    Purpose,
    RefusedData,
    Run,
    Step,
)

ROOT = Path(__file__).parents[2]
BY_ID = {each.id: each for each in ASSUMPTIONS}
NEVER_SEEN = {"overdue-alarm", "cache-expiry", "spark-peers", "training-hosts", "watched-figures"}

PREFIX = "arn:aws:sagemaker:eu-west-1:111122223333"
IDS = {purpose: f"{number:012}" for number, purpose in enumerate(Purpose)}
REASON = "AlgorithmError: data contract violated: age, exit code: 3"
VERSION = f"{PREFIX}:model-package/ourgroup/1"


def job(step: str, purpose: Purpose, status: str = "Succeeded", **more: Any) -> Step:
    made = f"{PREFIX}:processing-job/emp-bonus-dev-{step.lower()}-{IDS[purpose]}-aBcDeFgH12-0"
    return Step(status, made=made, **more)


def run(purpose: Purpose, status: str, **steps: Step) -> Run:
    arn = f"{PREFIX}:pipeline/p/execution/{IDS[purpose]}"
    return Run(arn, status, "2026-11-26T12:00:00Z", {f"EmpBonus{name}": step for name, step in steps.items()})


def good(**others: Step) -> Run:
    jobs = {name: job(name, Purpose.GOOD) for name in ("DataQuality", "Training", "Evaluation")}
    steps = {"FindChampion": Step("Succeeded"), **jobs, "RegisterModel": Step("Succeeded", made=VERSION)}
    return run(Purpose.GOOD, "Succeeded", **steps | others)


def again(**others: Step) -> Run:
    hits = {name: Step("Succeeded", cached=True) for name in ("PreProcessing", "DataSplit", "Training")}
    return run(Purpose.AGAIN, "Failed", **hits | others, Rejected=Step("Failed", "improvement"))


def event(purpose: Purpose, **detail: str) -> dict[str, Any]:
    arn = f"{PREFIX}:pipeline/p/execution/{IDS[purpose]}"
    return {"detail-type": "change", "detail": {"pipelineExecutionArn": arn, **detail}}


def refusal(**reason: str) -> list[dict[str, Any]]:
    return [event(Purpose.BROKEN, stepName="EmpBonusDataQuality", currentStepStatus="Failed", **reason)]


RUNS = {
    Purpose.GOOD: good(),
    Purpose.AGAIN: again(),
    Purpose.STOPPED: run(Purpose.STOPPED, "Stopped"),
    Purpose.BROKEN: run(Purpose.BROKEN, "Failed", DataQuality=job("DataQuality", Purpose.BROKEN, "Failed")),
    Purpose.SCHEDULED: run(Purpose.SCHEDULED, "Stopped"),
}
MESSAGES = {
    Purpose.AGAIN: "[dev] MODEL REJECTED by the quality gate",
    Purpose.STOPPED: "[dev] UNFINISHED: an execution ended",
    Purpose.BROKEN: "[dev] DATA REFUSED by the contract",
}
SESSION = "sagemaker-pipeline-<execution>-EmpBonusRegisterModel"[:50]
CALLS = (
    Call("PipelineRole", "CreateProcessingJob", session=SESSION, times=4),
    Call("PipelineRole", "CreateModelPackageGroup", "ValidationException", SESSION),
    Call("PipelineRole", "CreateModelPackage", session=SESSION),
    Call("PipelineRole", "DescribeModelPackage", session=SESSION),
    Call("JobRole", "CreateLogStream", session="SageMaker", times=5),
)
TAGS = {"project": "emp-bonus", "stage": "dev"}
SEEN = Observations(
    group="OurGroup",
    stack_tags=TAGS,
    runs=RUNS,
    messages=[Message(text, IDS[purpose]) for purpose, text in MESSAGES.items()],
    events=[
        event(Purpose.STOPPED, currentPipelineExecutionStatus="Stopped"),
        event(Purpose.AGAIN, stepName="EmpBonusRejected", currentStepStatus="Failed", failureReason="improvement"),
        *refusal(failureReason=REASON),
    ],
    refused_data=RefusedData(REASON, "data contract violated: age", has_report=True),
    log_streams=["emp-bonus-dev-train-000000000000-aBcDeFgH12-0/algo-1-1700000000"],
    tags={"pipeline": TAGS, "model package group": TAGS},
    metrics={
        "ExecutionSucceeded": 1,
        "ExecutionFailed": 2,
        "StepFailed of EmpBonusRejected": 1,
        "StepFailed of EmpBonusDataQuality": 1,
    },
    alarm=Alarm("Fault", "ALARM", "Alarm"),
    calls=CALLS,
)


def failing(step: str, reason: str) -> dict[str, Any]:
    return {"runs": RUNS | {Purpose.GOOD: good(**{step: Step("Failed", reason)})}}


def telling(purpose: Purpose, *headlines: str) -> dict[str, Any]:
    """Return what is seen when these messages, and no others, are sent about an execution."""
    others = [each for each in SEEN.messages if each.execution != IDS[purpose]]
    return {"messages": [*others, *(Message(text, IDS[purpose]) for text in headlines)]}


def without_metric(name: str) -> dict[str, Any]:
    return {"metrics": {each: value for each, value in SEEN.metrics.items() if each != name}}


def calling(*calls: Call) -> dict[str, Any]:
    return {"calls": calls}


REFUTING: Mapping[str, Sequence[dict[str, Any]]] = {
    "raw-records": [failing("RegisterModel", "ClientError: Unknown argument AdditionalInferenceSpecifications")],
    "model-card": [
        failing("RegisterModel", "ValidationException: The model card content does not follow the schema"),
        failing("RegisterModel", "ClientError: Failed to resolve JsonGet function"),
    ],
    "registration-rights": [
        failing("RegisterModel", "ClientError: Access denied for bucket: b, object key: models/model.tar.gz"),
        failing("RegisterModel", "User: x is not authorized to perform: sagemaker:CreateModelPackageGroup"),
    ],
    "registration-calls": [calling(*(call for call in CALLS if call.name != "DescribeModelPackage"))],
    "tags-in-creation": [calling(*CALLS, Call("PipelineRole", "AddTags"))],
    "no-denials": [calling(Call("JobRole", "CreateGrant", "AccessDenied"), *CALLS)],
    "session-names": [calling(*CALLS, Call("JobRole", "PutMetricData", session="another"))],
    "quota": [failing("DataQuality", "The account-level service limit 'ml.m5.xlarge for processing job usage' is 0")],
    "volume-grants": [failing("Training", "ClientError: kms:CreateGrant is not allowed")],
    "trusts": [failing("DataQuality", "Could not assume role"), failing("FindChampion", "Lambda could not assume it")],
    "lambda-listing": [failing("FindChampion", "AccessDeniedException: sagemaker:ListModelPackages")],
    "schedule-time": [
        {"runs": RUNS | {Purpose.SCHEDULED: replace(RUNS[Purpose.SCHEDULED], data_version=text)}}
        for text in ("$.time", "", '"2026-11-26T12:00:00Z"')
    ],
    "rule-reaches-topic": [telling(Purpose.STOPPED)],
    "refused-data-told": [telling(Purpose.BROKEN), telling(Purpose.BROKEN, "[dev] FAULT: a step failed")],
    "rejected-model-told": [
        telling(Purpose.AGAIN),
        telling(Purpose.AGAIN, MESSAGES[Purpose.AGAIN], "[dev] FAULT: a step failed"),
    ],
    "event-reason": [{"events": refusal(failureReason="See job logs, exit code: 3")}, {"events": refusal()}],
    "event-exit-code": [{"events": refusal(failureReason="data contract violated: age")}, {"events": refusal()}],
    "job-reason": [{"refused_data": RefusedData("AlgorithmError: , exit code: 3")}],
    "exit-message": [{"refused_data": RefusedData(REASON, "See job logs")}],
    "refused-data-report": [{"refused_data": RefusedData(REASON)}],
    "fail-step-metric": [without_metric("StepFailed of EmpBonusRejected")],
    "fault-suppressed": [{"messages": [Message("alarm Fault: ALARM")]}],
    "job-names": [
        {"runs": {Purpose.GOOD: good(Training=Step("Succeeded", made=f"{PREFIX}:training-job/pipelines-x"))}}
    ],
    "log-streams": [{"log_streams": ["i-0123/container"]}],
    "package-spelling": [
        {"runs": {Purpose.GOOD: good(RegisterModel=Step("Succeeded", made=VERSION.replace("ourgroup", "OurGroup")))}}
    ],
    "stack-tags": [{"tags": {"pipeline": TAGS, "model package group": {"project": "emp-bonus"}}}],
    "cache-hits": [{"runs": {Purpose.AGAIN: again(DataSplit=Step("Succeeded"))}}],
}
CANNOT_BE_REFUTED = {*NEVER_SEEN, "execution-metrics"}
"""An absence contradicts nothing, and of these nothing else could be observed."""


def judge(assumption: str, **changes: Any) -> Finding:
    return BY_ID[assumption].judge(replace(SEEN, **changes))


@pytest.mark.parametrize("assumption", [name for name in BY_ID if name not in NEVER_SEEN])
def test_recorded_behaviour_confirms_an_assumption(assumption: str) -> None:
    finding = judge(assumption)
    assert finding.verdict is Verdict.CONFIRMED, finding.observed
    assert finding.observed


@pytest.mark.parametrize(
    ("assumption", "changes"), [(name, changes) for name, found in REFUTING.items() for changes in found]
)
def test_contradicting_observations_refute_an_assumption(assumption: str, changes: dict[str, Any]) -> None:
    finding = judge(assumption, **changes)
    assert finding.verdict is Verdict.REFUTED, finding.observed
    assert finding.observed


@pytest.mark.parametrize("assumption", BY_ID)
def test_assumption_about_which_nothing_was_observed_is_not_seen(assumption: str) -> None:
    finding = BY_ID[assumption].judge(Observations())
    assert finding.verdict is Verdict.NOT_SEEN, finding.observed
    assert finding.observed


@pytest.mark.parametrize(
    ("assumption", "changes"),
    [
        ("registration-rights", failing("RegisterModel", "ThrottlingException: slow down")),
        ("quota", failing("Training", "InternalServerError")),
        ("rule-reaches-topic", {**telling(Purpose.STOPPED), "events": []}),
        ("refused-data-report", {"refused_data": RefusedData("InternalServerError")}),
        ("exit-message", {"refused_data": RefusedData(REASON)}),
        ("execution-metrics", without_metric("ExecutionFailed")),
        ("fail-step-metric", {"metrics": {}}),
        ("fault-suppressed", {"alarm": Alarm("Fault", "OK")}),
        ("fault-suppressed", {"alarm": Alarm("Fault", "ALARM", "WaitPeriod")}),
        ("registration-calls", calling(CALLS[0])),
        (
            "cache-hits",
            {"runs": {Purpose.AGAIN: again(**dict.fromkeys(("PreProcessing", "DataSplit", "Training"), Step()))}},
        ),
    ],
)
def test_inconclusive_observations_leave_an_assumption_not_seen(assumption: str, changes: dict[str, Any]) -> None:
    assert judge(assumption, **changes).verdict is Verdict.NOT_SEEN


@pytest.mark.parametrize(
    ("assumption", "question", "changes"),
    [
        ("session-names", "calls", {"calls": ()}),
        ("no-denials", "calls", {"calls": ()}),
        ("fail-step-metric", "metrics", {"metrics": {}}),
        ("log-streams", "log_streams", {"log_streams": []}),
        ("stack-tags", "tags", {"tags": {}}),
        ("fault-suppressed", "alarm", {"alarm": Alarm()}),
        ("exit-message", "refused_data", {"refused_data": RefusedData()}),
    ],
)
def test_question_that_could_not_be_asked_is_the_reason_why_nothing_was_seen(
    assumption: str, question: str, changes: dict[str, Any]
) -> None:
    finding = judge(assumption, unasked={question: "List: AccessDenied"}, **changes)
    assert finding == (Verdict.NOT_SEEN, "could not ask: List: AccessDenied")


def test_every_assumption_has_an_example_that_refutes_it_but_those_that_nothing_can() -> None:
    assert BY_ID.keys() - REFUTING.keys() == CANNOT_BE_REFUTED
    assert all(REFUTING.values())
    assert len(BY_ID) == len(ASSUMPTIONS)


def test_every_assumption_names_a_file_in_which_it_stands() -> None:
    assert [each.where for each in ASSUMPTIONS if not (ROOT / each.where).is_file()] == []
