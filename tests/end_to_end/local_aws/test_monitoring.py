"""Drifted requests reach an inbox, and start a training where there are new labels: all of it deployed, as its own roles may."""

import csv
import dataclasses
import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.traffic_kinds import Row, change, list_rows
from data.mock_data import COLUMNS
from local_aws.demo.inbox import subscribe
from settings import Deployment, Monitoring, find_stage
from tests.end_to_end.commands import write_employees
from tests.end_to_end.local_aws.aws import LocalAws, running, succeeded
from tests.end_to_end.local_aws.executions import Execution, data_bucket, executions, start
from tests.end_to_end.local_aws.least_privilege.decisions import Record, recorded
from tests.end_to_end.local_aws.least_privilege.starting_rules import schedule_starts
from tests.end_to_end.local_aws.messages import deployed_one, notification, receive

WATCHED = dataclasses.replace(
    find_stage("dev"), deployment=Deployment(capture_percent=100), monitoring=Monitoring(retrain=True)
)
REQUESTS = [*change(list_rows(500, seed=5), "two in five from another site")]
DEADLINE_S = 60.0


@dataclasses.dataclass(frozen=True)
class Told:
    """What came of one window."""

    execution: Execution
    message: str
    trainings: list[Execution]
    """That were started since the window before."""


@dataclasses.dataclass(frozen=True)
class Watch:
    """What happened, window by window, and what IAM decided meanwhile."""

    aws: LocalAws
    without_labels: Told
    with_labels: Told
    once_more: Told
    record: Record


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A server with all stacks of a stage that serves its model and has it watched."""
    with running(tmp_path_factory.mktemp("watched"), WATCHED) as server:
        assembly = server.synthesize()
        succeeded(server.cdk("bootstrap", "--app", assembly))
        succeeded(server.deploy(assembly, *server.stacks, WATCHED.monitoring_stack, WATCHED.deployment_stack))
        yield server


@pytest.fixture(scope="module")
def watch(watched: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Watch:
    """A model is trained, approved and served; requests drift; three windows are judged, before the second labels come."""
    folder = tmp_path_factory.mktemp("data")
    with recorded(watched) as record:
        champion = _train(watched, folder)
        _serve(watched, champion)
        inbox = subscribe(watched.client, deployed_one(watched, "AWS::SNS::Topic", stack=WATCHED.monitoring_stack))
        _ask(watched, REQUESTS)
        without = _judge(watched, inbox, [champion])
        _upload(watched, _write(folder / "labels.csv", REQUESTS))
        labelled = _judge(watched, inbox, [champion])
        known = [champion, *labelled.trainings]
        for each in labelled.trainings:
            each.wait()
        once_more = _judge(watched, inbox, known)
    return Watch(watched, without, labelled, once_more, record)


def _train(aws: LocalAws, folder: Path) -> Execution:
    """Let the pipeline train the first model, and approve it."""
    _upload(aws, write_employees(folder / "employees.csv", 1_200, seed=5))
    execution = start(aws, DataVersion="first")
    assert execution.wait() == "Succeeded", execution.failures()
    aws.client("sagemaker").update_model_package(ModelPackageArn=execution.registered(), ModelApprovalStatus="Approved")
    return execution


def _serve(aws: LocalAws, champion: Execution) -> None:
    """Wait until the machine that the approval wakes has the endpoint serve the model."""
    deadline = time.monotonic() + DEADLINE_S
    sagemaker = aws.client("sagemaker")
    while not sagemaker.list_endpoints(StatusEquals="InService")["Endpoints"]:
        assert time.monotonic() < deadline, f"{champion.registered()} is not served"
        for each in sagemaker.list_endpoints()["Endpoints"]:
            sagemaker.describe_endpoint(EndpointName=each["EndpointName"])
        time.sleep(0.2)


def _ask(aws: LocalAws, rows: Sequence[Row]) -> None:
    """Send *rows* as a client does, and wait until the second is over in which they were captured."""
    sent = [name for name in COLUMNS if name not in ("name", "bonus")]
    records = [{name: row[COLUMNS.index(name)] for name in sent} for row in rows]
    aws.client("sagemaker-runtime").invoke_endpoint(
        EndpointName=WATCHED.endpoint_name, ContentType="application/json", Body=json.dumps(records)
    )
    time.sleep(1)  # the event that ends the window has whole seconds


def _write(path: Path, rows: Sequence[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return path


def _upload(aws: LocalAws, path: Path) -> None:
    aws.client("s3").upload_file(str(path), data_bucket(aws), f"raw/{path.name}")


def _judge(aws: LocalAws, inbox: str, known: Sequence[Execution]) -> Told:
    """Let the schedule's rule start a window, and return what came of it."""
    before = _windows(aws)
    with schedule_starts(aws, f"{WATCHED.monitoring_stack}-MonitoringStart") as send:
        send()
        deadline = time.monotonic() + DEADLINE_S
        while not (new := [each for each in _windows(aws) if each not in before]):
            assert time.monotonic() < deadline, "the rule has started nothing"
            time.sleep(0.1)
    (execution,) = new
    assert execution.wait() == "Failed", execution.steps()
    message = notification(receive(aws, inbox, deadline_s=DEADLINE_S))
    time.sleep(1)  # a training that is started is started by the same event as the message
    return Told(execution, message, [each for each in executions(aws) if each not in known])


def _windows(aws: LocalAws) -> list[Execution]:
    found = aws.client("sagemaker").list_pipeline_executions(PipelineName=WATCHED.monitoring_pipeline_name)
    return [Execution(aws, each["PipelineExecutionArn"]) for each in found["PipelineExecutionSummaries"]]


def _found(told: Told) -> Any:
    return told.execution.read("monitoring/*/monitoring.json")


def test_x(watch: Watch) -> None:
    for each in (watch.without_labels, watch.with_labels, watch.once_more):
        print(each.message, "\n", [(t.parameters(), t.describe()["PipelineExecutionStatus"], t.failures()) for t in each.trainings])
        print({k: v for k, v in _found(each).items() if k in ("labels", "decision", "verdict", "records", "window")})
    seen = {(each.request.caller.rpartition("/")[2], each.request.action, each.request.resource, str(each.request.context), each.allowed) for each in watch.record.answers}
    for each in sorted(seen):
        if "FindTraffic" in str(each) or "Publish" in str(each) or not each[-1]: print(each)
