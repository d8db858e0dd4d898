"""Drifted requests reach an inbox and, where there are new labels, start a training: deployed, as its own roles may."""

import dataclasses
import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.traffic_kinds import Row, change, list_rows
from data.mock_data import COLUMNS
from local_aws.demo.inbox import subscribe
from settings import Deployment, Monitoring, find_stage
from tests.end_to_end.commands import write_rows
from tests.end_to_end.local_aws.aws import LocalAws, running, succeeded
from tests.end_to_end.local_aws.executions import Execution, data_bucket, executions, start
from tests.end_to_end.local_aws.least_privilege.decisions import Record, recorded
from tests.end_to_end.local_aws.least_privilege.starting_rules import schedule_starts
from tests.end_to_end.local_aws.least_privilege.withdrawn_rights import withdrawn
from tests.end_to_end.local_aws.messages import deployed_one, notification, receive
from tests.security.deployed_stage import ACCOUNT

WATCHED = dataclasses.replace(
    find_stage("dev"), deployment=Deployment(capture_percent=100), monitoring=Monitoring(retrain=True)
)
EMPLOYEES = list_rows(1_700, seed=5)
TRAINED_ON = EMPLOYEES[:1_200]
ASKED = [*change(EMPLOYEES[1_200:], "two in five from another site")]
SMOKE_TEST = 1
"""Record that the deployment asks the endpoint for."""
DEADLINE_S = 60.0


@dataclasses.dataclass(frozen=True)
class Told:
    """What came of one window."""

    execution: Execution
    message: str
    trainings: list[Execution]
    """That were started after it."""

    @property
    def found(self) -> Any:
        """What the job wrote down."""
        return self.execution.read("monitoring/*/monitoring.json")


@dataclasses.dataclass(frozen=True)
class Watch:
    """Three windows one after the other, and what IAM decided meanwhile."""

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
def inbox(watched: LocalAws) -> str:
    """The URL of a queue that gets what the monitoring sends."""
    return subscribe(watched.client, deployed_one(watched, "AWS::SNS::Topic", stack=WATCHED.monitoring_stack))


@pytest.fixture(scope="module")
def watch(watched: LocalAws, inbox: str, tmp_path_factory: pytest.TempPathFactory) -> Watch:
    """What happens once a served model is asked for others than it knows; labels come after the first window."""
    folder = tmp_path_factory.mktemp("raw")
    with recorded(watched) as record:
        _serve(watched, _train(watched, write_rows(folder / "employees.csv", TRAINED_ON)))
        _ask(watched, ASKED)
        without_labels = _judge(watched, inbox)
        _upload(watched, write_rows(folder / "labels.csv", ASKED))
        with_labels = _judge(watched, inbox)
        for each in with_labels.trainings:
            each.wait()
        once_more = _judge(watched, inbox)
    return Watch(without_labels, with_labels, once_more, record)


def _train(aws: LocalAws, data: Path) -> Execution:
    """Let the pipeline train a model, and approve it."""
    _upload(aws, data)
    execution = start(aws, DataVersion="first")
    assert execution.wait() == "Succeeded", execution.failures()
    version = execution.registered()
    aws.client("sagemaker").update_model_package(ModelPackageArn=version, ModelApprovalStatus="Approved")
    return execution


def _upload(aws: LocalAws, path: Path) -> None:
    aws.client("s3").upload_file(str(path), data_bucket(aws), f"raw/{path.name}")


def _serve(aws: LocalAws, champion: Execution) -> None:
    """Wait until the endpoint serves the approved model, and has answered its smoke test."""
    machine = aws.outputs(WATCHED.deployment_stack)["MachineArn"]
    client, deadline = aws.client("stepfunctions"), time.monotonic() + DEADLINE_S
    while not client.list_executions(stateMachineArn=machine, statusFilter="SUCCEEDED")["executions"]:
        assert time.monotonic() < deadline, f"{champion.registered()} is not served"
        time.sleep(0.2)


def _ask(aws: LocalAws, rows: Sequence[Row]) -> None:
    """Send *rows* as a client does, and wait until the second is over in which they were captured."""
    sent = [name for name in COLUMNS if name not in ("name", "bonus")]
    records = [{name: row[COLUMNS.index(name)] for name in sent} for row in rows]
    aws.client("sagemaker-runtime").invoke_endpoint(
        EndpointName=WATCHED.endpoint_name, ContentType="application/json", Body=json.dumps(records)
    )
    time.sleep(1)  # the event that ends the window has whole seconds


def _judge(aws: LocalAws, inbox: str) -> Told:
    """Let the schedule's rule start a window, and return what came of it."""
    known, trained = _list_windows(aws), executions(aws)
    with schedule_starts(aws, f"{WATCHED.monitoring_stack}-MonitoringStart") as send:
        send()
        deadline = time.monotonic() + DEADLINE_S
        while not (new := [each for each in _list_windows(aws) if each not in known]):
            assert time.monotonic() < deadline, "the rule has started nothing"
            time.sleep(0.1)
    (execution,) = new
    assert execution.wait() == "Failed", execution.steps()
    message = notification(receive(aws, inbox, deadline_s=DEADLINE_S))
    time.sleep(1)  # the event that is told starts the training, if one is to start
    return Told(execution, message, [each for each in executions(aws) if each not in trained])


def _list_windows(aws: LocalAws) -> list[Execution]:
    found = aws.client("sagemaker").list_pipeline_executions(PipelineName=WATCHED.monitoring_pipeline_name)
    return [Execution(aws, each["PipelineExecutionArn"]) for each in found["PipelineExecutionSummaries"]]


def test_drifted_requests_on_the_endpoint_are_told_with_what_has_moved_and_start_nothing(watch: Watch) -> None:
    told = watch.without_labels
    assert told.execution.failures().keys() == {"EmpBonusDrifted"}
    assert told.found["verdict"] == "drifted"
    assert told.found["records"]["captured"] == len(ASKED) + SMOKE_TEST
    assert {each["column"] for each in told.found["moved"]} == {"age"}
    assert "[dev] DRIFTED: requests are not like the training data" in told.message
    assert "Reason: drifted: age: mean " in told.message
    assert "no training starts: no raw data is newer than the champion's" in told.message
    assert told.trainings == []


def test_new_labels_of_those_requests_start_one_training_and_are_joined(watch: Watch) -> None:
    told = watch.with_labels
    # Of others, whom the champion's split would have trained on, it may know the label.
    assert (watch.without_labels.found["labels"]["joined"], told.found["labels"]["joined"] > 100) == (0, True)
    assert told.found["labels"]["rmse"]
    assert "; the training starts" in told.message
    (training,) = told.trainings
    assert datetime.fromisoformat(training.parameters()["DataVersion"]), "it is not the event's time"
    steps = training.steps()
    for name in ("EmpBonusTraining", "EmpBonusEvaluation", "EmpBonusPublishQuality"):
        assert steps[name]["StepStatus"] == "Succeeded", training.failures()


def test_same_labels_start_no_second_training(watch: Watch) -> None:
    assert watch.once_more.found["verdict"] == "drifted"
    assert "no training starts: one was started today" in watch.once_more.message
    assert watch.once_more.trainings == []


def test_each_role_of_the_watch_was_let_do_what_it_is_there_for_and_none_was_refused(watch: Watch) -> None:
    assert [each.request for each in watch.record.answers if not each.allowed] == []
    asked = {(each.request.caller, each.request.action) for each in watch.record.answers}
    for construct, action in (
        ("FindTrafficRole", "s3:ListBucket"),
        ("JobRole", "s3:PutObject"),
        ("PipelineRole", "lambda:InvokeFunction"),
        ("MonitoringStartRole", "sagemaker:StartPipelineExecution"),
        ("DriftStartRole", "sagemaker:StartPipelineExecution"),
    ):
        assert any(f"/{WATCHED.monitoring_stack}-{construct}" in caller for caller, done in asked if done == action)


def test_window_whose_traffic_may_not_be_looked_for_is_told_as_a_fault(
    watched: LocalAws, watch: Watch, inbox: str
) -> None:
    assert watch
    roles = watched.client("cloudformation").describe_stack_resources(StackName=WATCHED.monitoring_stack)
    (name,) = (
        each["PhysicalResourceId"]
        for each in roles["StackResources"]
        if each["LogicalResourceId"].startswith("FindTrafficRole")
    )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with withdrawn(watched, f"arn:aws:iam::{ACCOUNT}:role/{name}", "s3:ListBucket"):
        started = watched.client("sagemaker").start_pipeline_execution(
            PipelineName=WATCHED.monitoring_pipeline_name, PipelineParameters=[{"Name": "WindowEnd", "Value": now}]
        )
        execution = Execution(watched, started["PipelineExecutionArn"])
        assert execution.wait() == "Failed"
    (reason,) = execution.failures().values()
    assert "is not authorized to perform: s3:ListBucket" in reason
    assert "[dev] MONITORING FAILED" in notification(receive(watched, inbox, deadline_s=DEADLINE_S))
