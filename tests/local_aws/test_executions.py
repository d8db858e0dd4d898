import json
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.validate import ParamValidator

from local_aws.sagemaker import api, executions, records
from local_aws.sagemaker.api import call
from local_aws.sagemaker.errors import ApiError
from local_runner.errors import StepFailedError, StoppedError
from local_runner.record.step_cache import Result
from local_runner.steps.context import Context, Task
from local_runner.steps.handlers import HANDLERS
from tests.local_aws.iam_roles import make_role

TOKEN = "x" * 32
ENDED = ("Succeeded", "Failed", "Stopped")
REJECT = {"Name": "Reject", "Type": "Fail", "Arguments": {"ErrorMessage": "not good enough"}}
ROWS = {"Name": "Rows", "Type": "Integer", "DefaultValue": 5}
KIND = {"Name": "Kind", "Type": "String", "DefaultValue": "small", "EnumValues": ["small", "large"]}
LABEL = {"Name": "Label", "Type": "Fail", "Arguments": {"ErrorMessage": {"Get": "Parameters.Kind"}}}


def gate(**more: Any) -> dict[str, Any]:
    """Reject when there are more than six rows."""
    condition = {"Type": "GreaterThan", "LeftValue": {"Get": "Parameters.Rows"}, "RightValue": 6}
    arguments = {"Conditions": [condition], "IfSteps": [REJECT], "ElseSteps": []}
    return {"Name": "Gate", "Type": "Condition", "Arguments": arguments, **more}


def define(*steps: dict[str, Any], parameters: tuple[dict[str, Any], ...] = (ROWS,)) -> str:
    return json.dumps({"Version": "2020-12-01", "Parameters": list(parameters), "Steps": list(steps or [gate()])})


class Pipeline:
    """A pipeline and its executions."""

    def __init__(self) -> None:
        self.role = make_role("Pipeline", "sagemaker.amazonaws.com")
        self._tokens = 0

    def create(self, definition: str) -> None:
        token = {"ClientRequestToken": TOKEN}
        call(
            "CreatePipeline", {"PipelineName": "bonus", "RoleArn": self.role, "PipelineDefinition": definition} | token
        )

    def start(self, *, token: str = "", **parameters: str) -> str:
        self._tokens += 1
        given = [{"Name": name, "Value": value} for name, value in parameters.items()]
        request = {"PipelineName": "bonus", "PipelineParameters": given}
        started = call("StartPipelineExecution", request | {"ClientRequestToken": token or f"{self._tokens:032d}"})
        return str(started["PipelineExecutionArn"])

    def run(self, **parameters: str) -> str:
        arn = self.start(**parameters)
        self.wait(arn)
        return arn

    def wait(self, arn: str, *statuses: str) -> dict[str, Any]:
        deadline = time.monotonic() + 10
        while (described := about(arn))["PipelineExecutionStatus"] not in (
            statuses or ("Succeeded", "Failed", "Stopped")
        ):
            assert time.monotonic() < deadline, described
            time.sleep(0.01)
        return described


def about(arn: str, operation: str = "DescribePipelineExecution") -> dict[str, Any]:
    return call(operation, {"PipelineExecutionArn": arn})


def steps_of(arn: str) -> dict[str, dict[str, Any]]:
    return {each["StepName"]: each for each in about(arn, "ListPipelineExecutionSteps")["PipelineExecutionSteps"]}


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Pipeline:
    monkeypatch.setenv("AWS_CA_BUNDLE", __file__)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return Pipeline()


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    executions.end_all(10)  # an earlier test's execution sends its last event after its last status
    found: list[dict[str, Any]] = []

    def put(request: dict[str, Any], *, allow_aws_source: bool) -> None:
        assert allow_aws_source
        found.extend(request["Entries"])

    monkeypatch.setattr("ministack.services.eventbridge._put_events", put)
    return found


class Job:
    """A step that runs until it is let go on."""

    document: Mapping[str, Any] = {"Name": "Job", "Type": "Processing", "Arguments": {}}

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.runs = threading.Event()
        self.go_on = threading.Event()
        self.error: Exception | None = None
        monkeypatch.setattr("local_runner.engine.HANDLERS", {**HANDLERS, "Processing": self._run})

    def _run(self, _task: Task, context: Context) -> Result:
        self.runs.set()
        while not self.go_on.wait(0.01):
            if context.stop.is_set():
                raise StoppedError
        if self.error:
            raise self.error
        return Result({}, {"ProcessingJob": {"Arn": "arn:job"}}, {})


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Iterator[Job]:
    monkeypatch.setattr("local_aws.sagemaker.pipelines.check_definition", lambda *_, **__: None)
    job = Job(monkeypatch)
    yield job
    job.go_on.set()


def test_execution_runs_to_its_end_and_records_the_failed_step(pipeline: Pipeline) -> None:
    pipeline.create(define())
    failed = pipeline.wait(pipeline.start(Rows="7"))
    assert failed["PipelineExecutionStatus"] == "Failed"
    assert failed["FailureReason"] == "Step failure: One or multiple steps failed."
    steps = steps_of(failed["PipelineExecutionArn"])
    assert (steps["Gate"]["StepStatus"], steps["Gate"]["Metadata"]) == ("Succeeded", {"Condition": {"Outcome": "True"}})
    assert (steps["Reject"]["StepStatus"], steps["Reject"]["FailureReason"]) == ("Failed", "not good enough")
    (listed,) = call("ListPipelineExecutions", {"PipelineName": "bonus"})["PipelineExecutionSummaries"]
    assert listed["PipelineExecutionFailureReason"] == failed["FailureReason"]
    assert pipeline.wait(pipeline.start())["PipelineExecutionStatus"] == "Succeeded"


def test_parameters_have_the_values_of_the_start_and_else_their_defaults(pipeline: Pipeline) -> None:
    pipeline.create(define(gate(), LABEL, parameters=(ROWS, KIND)))
    arn = pipeline.run(Kind="large")
    parameters = about(arn, "ListPipelineParametersForExecution")["PipelineParameters"]
    assert parameters == [{"Name": "Rows", "Value": "5"}, {"Name": "Kind", "Value": "large"}]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([("Row", "1")], "parameter Row does not exist: did you mean Rows?"),
        ([("Rows", "many")], "parameter Rows is 'many': give a value of type Integer"),
        ([("Kind", "huge")], "parameter Kind is 'huge': choose from small, large"),
        ([("Rows", "1"), ("Rows", "2")], "parameter Rows is given twice: give it once"),
    ],
)
def test_start_with_wrong_parameters_is_refused(pipeline: Pipeline, given: list[tuple[str, str]], message: str) -> None:
    pipeline.create(define(gate(), LABEL, parameters=(ROWS, KIND)))
    parameters = [{"Name": name, "Value": value} for name, value in given]
    request = {"PipelineName": "bonus", "ClientRequestToken": TOKEN, "PipelineParameters": parameters}
    with pytest.raises(ApiError, match=message):
        call("StartPipelineExecution", request)
    assert call("ListPipelineExecutions", {"PipelineName": "bonus"})["PipelineExecutionSummaries"] == []


def test_start_that_asks_for_what_is_not_here_is_refused_by_name(pipeline: Pipeline) -> None:
    pipeline.create(define())
    request = {"PipelineName": "bonus", "ClientRequestToken": TOKEN, "PipelineVersionId": 2}
    with pytest.raises(ApiError, match="PipelineVersionId is not emulated: leave it out"):
        call("StartPipelineExecution", request)


def test_start_that_is_sent_twice_starts_one_execution(pipeline: Pipeline) -> None:
    pipeline.create(define())
    assert pipeline.start(token=TOKEN) == pipeline.start(token=TOKEN)
    assert pipeline.start() != pipeline.start()


def test_execution_keeps_the_definition_it_was_started_with(pipeline: Pipeline, job: Job) -> None:
    definition = define(dict(job.document), gate(DependsOn=["Job"]))
    pipeline.create(definition)
    arn = pipeline.start(Rows="7")
    call("UpdatePipeline", {"PipelineName": "bonus", "PipelineDefinition": define()})
    job.go_on.set()
    pipeline.wait(arn)
    assert about(arn, "DescribePipelineDefinitionForExecution")["PipelineDefinition"] == definition
    assert steps_of(arn)["Job"]["StepStatus"] == "Succeeded"


def test_pipeline_that_runs_is_not_deleted(pipeline: Pipeline, job: Job) -> None:
    pipeline.create(define(dict(job.document)))
    arn = pipeline.start()
    delete = {"PipelineName": "bonus", "ClientRequestToken": TOKEN}
    with pytest.raises(ApiError, match=f"bonus has an execution that runs: stop {arn}"):
        call("DeletePipeline", delete)
    job.go_on.set()
    pipeline.wait(arn)
    call("DeletePipeline", delete)


def test_execution_that_is_stopped_ends_its_jobs(pipeline: Pipeline, job: Job) -> None:
    pipeline.create(define(dict(job.document), gate(DependsOn=["Job"])))
    arn = pipeline.start()
    assert job.runs.wait(10)
    call("StopPipelineExecution", {"PipelineExecutionArn": arn, "ClientRequestToken": TOKEN})
    assert pipeline.wait(arn)["PipelineExecutionStatus"] == "Stopped"
    assert {name: step["StepStatus"] for name, step in steps_of(arn).items()} == {"Job": "Stopped"}
    with pytest.raises(ApiError, match="is Stopped: only one that is executing can be stopped"):
        call("StopPipelineExecution", {"PipelineExecutionArn": arn, "ClientRequestToken": TOKEN})


def test_ending_server_ends_the_jobs_first(pipeline: Pipeline, job: Job) -> None:
    pipeline.create(define(dict(job.document)))
    arn = pipeline.start()
    assert job.runs.wait(10)
    executions.end_all(timeout_s=10)
    assert about(arn)["PipelineExecutionStatus"] == "Stopped"


def test_retried_execution_goes_on_where_it_failed(pipeline: Pipeline, job: Job) -> None:
    pipeline.create(define(gate(), {**job.document, "DependsOn": ["Gate"]}))
    job.error = StepFailedError("AlgorithmError: no rows, exit code: 1")
    job.go_on.set()
    arn = pipeline.run()
    gate_of_first = steps_of(arn)["Gate"]
    job.error = None
    retry = {"PipelineExecutionArn": arn, "ClientRequestToken": TOKEN}
    assert call("RetryPipelineExecution", retry) == {"PipelineExecutionArn": arn}
    assert pipeline.wait(arn)["PipelineExecutionStatus"] == "Succeeded"
    assert "FailureReason" not in about(arn)
    assert steps_of(arn)["Gate"] == gate_of_first
    assert steps_of(arn)["Job"]["StepStatus"] == "Succeeded"
    with pytest.raises(ApiError, match="is Succeeded: only one that failed or was stopped can be retried"):
        call("RetryPipelineExecution", retry)


def test_fault_of_ours_in_a_step_ends_step_and_execution_and_can_be_retried(pipeline: Pipeline, job: Job) -> None:
    pipeline.create(define(dict(job.document)))
    job.error = ValueError("salary 5,000 of Ann")
    job.go_on.set()
    arn = pipeline.run()
    assert about(arn)["PipelineExecutionStatus"] == "Failed"
    step = steps_of(arn)["Job"]
    assert step["StepStatus"] == "Failed"
    fault, _, log = step["FailureReason"].partition(": see ")
    assert fault == "InternalServerError: a fault of the local runner, not of the pipeline: ValueError"
    assert "ValueError: salary 5,000 of Ann" in Path(log).read_text()
    job.error = None
    call("RetryPipelineExecution", {"PipelineExecutionArn": arn, "ClientRequestToken": TOKEN})
    assert pipeline.wait(arn)["PipelineExecutionStatus"] == "Succeeded"


@pytest.mark.parametrize(
    ("member", "status"),
    [
        ("currentPipelineExecutionStatus", "Executing"),
        ("currentStepStatus", "Executing"),
        ("currentStepStatus", "Succeeded"),
    ],
)
def test_fault_of_ours_in_an_event_ends_the_execution(
    pipeline: Pipeline, job: Job, monkeypatch: pytest.MonkeyPatch, member: str, status: str
) -> None:
    def put(request: dict[str, Any], *, allow_aws_source: bool) -> None:
        assert allow_aws_source
        if json.loads(request["Entries"][0]["Detail"]).get(member) == status:
            raise KeyError("bus")

    monkeypatch.setattr("ministack.services.eventbridge._put_events", put)
    pipeline.create(define(dict(job.document)))
    job.go_on.set()
    failed = pipeline.wait(pipeline.start())
    assert failed["PipelineExecutionStatus"] == "Failed"
    assert ": KeyError: see " in failed["FailureReason"]
    assert {each["StepStatus"] for each in steps_of(failed["PipelineExecutionArn"]).values()} <= {"Succeeded", "Failed"}


def test_execution_fails_whose_role_does_not_trust_the_service(pipeline: Pipeline) -> None:
    pipeline.create(define())
    make_role("Pipeline", "ec2.amazonaws.com")
    failed = pipeline.wait(pipeline.start())
    assert "sagemaker.amazonaws.com is not authorized to perform: sts:AssumeRole" in failed["FailureReason"]
    assert steps_of(failed["PipelineExecutionArn"]) == {}


def test_executions_are_listed_the_newest_first(pipeline: Pipeline) -> None:
    pipeline.create(define())
    arns = [pipeline.run() for _ in range(3)]
    listed = call("ListPipelineExecutions", {"PipelineName": "bonus", "MaxResults": 2})
    found = [each["PipelineExecutionArn"] for each in listed["PipelineExecutionSummaries"]]
    assert found == [arns[2], arns[1]]
    started = about(arns[0])["CreationTime"]
    earlier = call("ListPipelineExecutions", {"PipelineName": "bonus", "CreatedBefore": started + 1e-6})
    assert [each["PipelineExecutionArn"] for each in earlier["PipelineExecutionSummaries"]] == [arns[0]]


@pytest.mark.parametrize(
    "operation",
    [
        "DescribePipelineExecution",
        "ListPipelineExecutionSteps",
        "ListPipelineParametersForExecution",
        "DescribePipelineDefinitionForExecution",
    ],
)
def test_answers_are_what_the_services_model_says(pipeline: Pipeline, operation: str) -> None:
    pipeline.create(define())
    answer = about(pipeline.run(Rows="7"), operation)
    shape = api.model().operation_model(operation).output_shape
    assert shape
    assert ParamValidator().validate(answer, shape).generate_report() == ""


def test_execution_that_is_not_there_is_not_found(pipeline: Pipeline) -> None:
    pipeline.create(define())
    with pytest.raises(ApiError, match="Pipeline execution 'arn:aws:sagemaker:x' does not exist") as refused:
        about("arn:aws:sagemaker:x")
    assert refused.value.code == "ResourceNotFound"


def test_eventbridge_gets_an_event_of_every_change(pipeline: Pipeline, events: list[dict[str, Any]]) -> None:
    pipeline.create(define())
    arn = pipeline.run(Rows="7")
    records.executions[arn].wait(10)  # the last event comes after the last status
    kind = "SageMaker Model Building Pipeline Execution"
    told = [(each["DetailType"].removeprefix(kind).strip(), json.loads(each["Detail"])) for each in events]
    steps = [(d["stepName"], d.get("previousStepStatus"), d["currentStepStatus"]) for k, d in told if "Step" in k]
    assert steps == [
        ("Gate", None, "Executing"),
        ("Gate", "Executing", "Succeeded"),
        ("Reject", None, "Executing"),
        ("Reject", "Executing", "Failed"),
    ]
    ended = told[-1][1]
    assert told[-1][0] == "Status Change"
    assert (ended["previousPipelineExecutionStatus"], ended["currentPipelineExecutionStatus"]) == (
        "Executing",
        "Failed",
    )
    failed = told[-2][1]
    assert (failed["failureReason"], failed["stepType"]) == ("not good enough", "Fail")
    assert all(each["Resources"] == [arn.partition("/execution/")[0], arn] for each in events)


def test_eventbridge_gets_events_of_versions_and_approvals(events: list[dict[str, Any]]) -> None:
    call("CreateModelPackageGroup", {"ModelPackageGroupName": "models"})
    arn = call("CreateModelPackage", {"ModelPackageGroupName": "models"})["ModelPackageArn"]
    call("UpdateModelPackage", {"ModelPackageArn": arn, "ModelApprovalStatus": "Approved"})
    assert {each["DetailType"] for each in events} == {"SageMaker Model Package State Change"}
    details = [json.loads(each["Detail"]) for each in events]
    assert [each["ModelApprovalStatus"] for each in details] == ["PendingManualApproval", "Approved"]
    assert {each["ModelPackageArn"] for each in details} == {arn}
