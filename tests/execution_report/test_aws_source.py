"""The same report from AWS. Each request and answer is checked against the service's model by botocore's Stubber."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody
from botocore.stub import Stubber

from artefacts.execution.api import ExecutionArn
from execution_report.aws_source import read_facts
from execution_report.page import render
from execution_report.sources import Facts, Prediction
from tests.aws_services import session
from tests.execution_report.examples import data_quality, defined_card, evaluation
from tests.execution_report.reader import Page
from tests.execution_report.windows import monitoring

PIPELINE = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/emp-bonus-training-pipeline"
ARN = f"{PIPELINE}/execution/abc123def456"
JOB = "arn:aws:sagemaker:eu-west-1:111122223333:processing-job/"
REQUEST = {"PipelineExecutionArn": ARN}
START = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
END = datetime(2026, 11, 24, 4, 9, 30, tzinfo=UTC)


class Account:
    """An account whose services answer what they are told to, in that order."""

    exit_message = ""
    """Of its processing jobs."""

    def __init__(self) -> None:
        self.clients = session().client("sagemaker"), session().client("s3")
        self.sagemaker, self.s3 = map(Stubber, self.clients)

    def read(self) -> Facts:
        return read_facts(ARN, *self.clients)

    def has_execution(self, status: str, *pages: list[dict[str, Any]]) -> None:
        described = {
            "PipelineArn": PIPELINE,
            "PipelineExecutionArn": ARN,
            "PipelineExecutionStatus": status,
            "CreationTime": START,
            "LastModifiedTime": END,
        }
        self.sagemaker.add_response("describe_pipeline_execution", described, REQUEST)
        parameters = [{"Name": "DataVersion", "Value": "2026-11-24"}]
        self.sagemaker.add_response(
            "list_pipeline_parameters_for_execution", {"PipelineParameters": parameters}, REQUEST
        )
        self._pages = list(enumerate(pages, start=1))
        for number, steps in self._pages:
            more = {"NextToken": f"page{number + 1}"} if number < len(pages) else {}
            token = {"NextToken": f"page{number}"} if number > 1 else {}
            self.sagemaker.add_response(
                "list_pipeline_execution_steps",
                {"PipelineExecutionSteps": steps, **more},
                {**REQUEST, "SortOrder": "Ascending", **token},
            )
        for step in (each for steps in pages for each in steps):
            self._has_job(step)

    def _has_job(self, step: dict[str, Any]) -> None:
        job = step["Metadata"].get("ProcessingJob")
        if not job:
            return
        name = job["Arn"].removeprefix(JOB)
        output = {"OutputName": name, "S3Output": _s3_output(f"s3://data/models/abc/{name}")}
        features = {"OutputName": "features", "FeatureStoreOutput": {"FeatureGroupName": "none"}}
        answer = {
            "ProcessingJobName": name,
            "ProcessingJobArn": job["Arn"],
            "ProcessingJobStatus": "Completed",
            "CreationTime": START,
            "ProcessingResources": {
                "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30}
            },
            "AppSpecification": {"ImageUri": f"image of {name}"},
            "ProcessingOutputConfig": {"Outputs": [output, features]},
            **({"ExitMessage": self.exit_message} if self.exit_message else {}),
        }
        self.sagemaker.add_response("describe_processing_job", answer, {"ProcessingJobName": name})

    def has_object(self, key: str, content: str) -> None:
        body = content.encode()
        answer = {"Body": StreamingBody(io.BytesIO(body), len(body))}
        self.s3.add_response("get_object", answer, {"Bucket": "data", "Key": key})

    def lacks_object(self, code: str) -> None:
        self.s3.add_client_error("get_object", code, "no")


def _s3_output(uri: str) -> dict[str, str]:
    return {"S3Uri": uri, "LocalPath": "/opt/ml/processing/output", "S3UploadMode": "EndOfJob"}


def step(name: str, metadata: dict[str, Any], **more: Any) -> dict[str, Any]:
    times = {"StartTime": START, "EndTime": END}
    return {"StepName": name, "StepStatus": "Succeeded", "Metadata": metadata, **times, **more}


CHECK = step("EmpBonusDataQuality", {"ProcessingJob": {"Arn": f"{JOB}data-quality"}})
EVALUATE = step("EmpBonusEvaluation", {"ProcessingJob": {"Arn": f"{JOB}evaluation"}})
TRAIN = step("EmpBonusTraining", {"TrainingJob": {"Arn": "arn:aws:sagemaker:eu-west-1:111122223333:training-job/a"}})
PACKAGE = "arn:aws:sagemaker:eu-west-1:111122223333:model-package/empbonuspackagegroup/7"
REGISTER = step("EmpBonusRegisterModel", {"RegisterModel": {"Arn": PACKAGE}})


@pytest.fixture
def account() -> Iterator[Account]:
    account = Account()
    with account.sagemaker, account.s3:
        yield account
        account.sagemaker.assert_no_pending_responses()
        account.s3.assert_no_pending_responses()


def test_execution_on_aws_makes_the_same_facts(account: Account) -> None:
    account.has_execution("Succeeded", [CHECK, TRAIN], [EVALUATE, REGISTER])
    account.has_object("models/abc/data-quality/data_quality.json", json.dumps(data_quality()))
    account.has_object("models/abc/evaluation/evaluation.json", json.dumps(evaluation()))
    account.has_object("models/abc/evaluation/predictions.csv", "actual,predicted\n2000,2100\n")
    account.lacks_object("NoSuchKey")
    facts = account.read()
    assert [each.image for each in facts.execution.steps] == ["image of data-quality", "", "image of evaluation", ""]
    assert facts.data_quality == data_quality()
    assert facts.evaluation == evaluation()
    assert facts.predictions == (Prediction(2000.0, 2100.0),)
    assert [each.type for each in facts.execution.steps] == ["Processing", "Training", "Processing", "RegisterModel"]
    assert facts.execution.parameters == {"DataVersion": "2026-11-24"}


def test_card_is_joined_with_the_definition_that_the_execution_was_started_with(account: Account) -> None:
    account.has_execution("Succeeded", [EVALUATE])
    account.lacks_object("NoSuchKey")
    account.lacks_object("NoSuchKey")
    account.has_object("models/abc/evaluation/model_card.json", json.dumps({"evaluation_details": "[]"}))
    answer = {"PipelineDefinition": json.dumps(defined_card())}
    account.sagemaker.add_response("describe_pipeline_definition_for_execution", answer, REQUEST)
    expected = {"intended_uses": {"purpose_of_model": "Predicts a bonus."}, "evaluation_details": []}
    assert account.read().card == expected


def test_verdict_on_traffic_is_read_from_where_the_monitor_job_wrote_it(account: Account) -> None:
    account.has_execution("Succeeded", [step("EmpBonusMonitor", {"ProcessingJob": {"Arn": f"{JOB}monitoring"}})])
    account.has_object("models/abc/monitoring/monitoring.json", json.dumps(monitoring()))
    facts = account.read()
    assert facts.monitoring == monitoring()
    assert "The traffic is like the data that the champion was trained on." in Page(render(facts)).text


def test_its_page_reads_like_that_of_a_local_one(account: Account) -> None:
    account.has_execution("Succeeded", [REGISTER])
    text = Page(render(account.read())).text
    assert "emp-bonus-training-pipeline Succeeded Execution abc123def456 24 November 2026, 04:00 UTC took 9 min" in text
    assert "The model was registered as version 7 of empbonuspackagegroup." in text
    assert "EmpBonusRegisterModel RegisterModel Succeeded 9 min 30 s" in text


def test_step_that_is_only_starting_has_no_end_and_no_job(account: Account) -> None:
    starting = {"StepName": "EmpBonusDataQuality", "StepStatus": "Starting", "StartTime": START, "Metadata": {}}
    account.has_execution("Executing", [starting])
    text = Page(render(account.read())).text
    assert "has run for 9 min 30 s" in text
    assert "There is no data_quality.json: step EmpBonusDataQuality has not ended." in text


VIOLATION = "data contract violated: 12 rows, fewer than 100"


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("AlgorithmError: , exit code: 3", f"{VIOLATION} (AlgorithmError: , exit code: 3)"),
        (f"AlgorithmError: {VIOLATION}, exit code: 3", f"AlgorithmError: {VIOLATION}, exit code: 3"),
        (None, VIOLATION),
    ],
)
def test_failed_jobs_exit_message_is_shown_where_the_reason_lacks_it(
    account: Account, reason: str | None, told: str
) -> None:
    account.exit_message = f"{VIOLATION}\n"
    failed = CHECK | {"StepStatus": "Failed"} | ({"FailureReason": reason} if reason else {})
    account.has_execution("Failed", [failed])
    account.lacks_object("NoSuchKey")
    text = Page(render(account.read())).text
    assert f"The execution failed in step EmpBonusDataQuality. Nothing was registered. {told}" in text
    assert text.count(VIOLATION) == 2, "once where it says what came of the execution, once in the table of steps"


def test_exit_message_of_a_successful_job_is_no_reason(account: Account) -> None:
    account.exit_message = "all well"
    account.has_execution("Succeeded", [EVALUATE])
    for _ in ("evaluation.json", "predictions.csv", "model_card.json"):
        account.lacks_object("NoSuchKey")
    assert "all well" not in Page(render(account.read())).text


@pytest.mark.parametrize("code", ["NoSuchKey", "NoSuchBucket"])
def test_objects_that_are_not_there_are_absent(account: Account, code: str) -> None:
    account.has_execution("Failed", [CHECK])
    account.lacks_object(code)
    assert account.read().data_quality is None


def test_objects_that_may_not_be_read_are_no_absent_objects(account: Account) -> None:
    account.has_execution("Succeeded", [CHECK])
    account.lacks_object("AccessDenied")
    with pytest.raises(ClientError, match="AccessDenied"):
        account.read()


def test_arn_says_region_and_id() -> None:
    arn = ExecutionArn.parse("arn:aws-cn:sagemaker:cn-north-1:111122223333:pipeline/bonus/execution/abc")
    assert arn
    assert (arn.region, arn.pipeline, arn.id) == ("cn-north-1", "bonus", "abc")


@pytest.mark.parametrize("text", ["arn:aws:s3:::data", PIPELINE, f"{PIPELINE}/execution/", f"{ARN}/more"])
def test_arn_of_no_execution_is_none(text: str) -> None:
    assert ExecutionArn.parse(text) is None
