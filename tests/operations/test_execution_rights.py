"""The printed policy is what the commands call, no more and no less, and AWS understands it."""

import io
import json

import pytest

from artefacts.iam.policies import read_statements
from operations.executions.rights import CHANGE, READ, build_policy
from settings import find_stage
from tests.operations.command_line import run
from tests.operations.executions import ARN, FAILED_STEP, START, aws_answers
from tests.operations.fake_account import FakeAccount
from tests.operations.test_executions import PACKAGES, package, startable, stored
from tests.security.vocabulary import faults

DEV = find_stage("dev")
COMMANDS = [
    *(["watch", ARN], ["show", "latest"], ["list"], ["logs", "EmpBonusTraining", ARN], ["logs", "EmpBonusSearch", ARN]),
    *(["start"], ["stop", ARN], ["retry", ARN]),
]


def demanding() -> FakeAccount:
    """Return an account in which the commands ask everything that they ever ask."""
    arns = {kind: f"arn:aws:sagemaker:eu-west-1:111122223333:{kind}/x" for kind in ("processing-job", "t")}
    processed = {
        **FAILED_STEP,
        "StepName": "EmpBonusCheck",
        "Metadata": {"ProcessingJob": {"Arn": arns["processing-job"]}},
    }
    searched = {**FAILED_STEP, "StepName": "EmpBonusSearch", "Metadata": {"TuningJob": {"Arn": arns["t"]}}}
    job = {
        "ProcessingJobName": "x",
        "ProcessingJobArn": arns["processing-job"],
        "ProcessingJobStatus": "Failed",
        "CreationTime": START,
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30}
        },
        "AppSpecification": {"ImageUri": "image"},
    }
    account = aws_answers("Failed", FAILED_STEP, processed, searched, DescribeProcessingJob=job)
    account.answers |= {
        **startable(stored(("a.csv", "1"))).answers,
        "ListPipelineExecutions": {"PipelineExecutionSummaries": [{"PipelineExecutionArn": ARN}]},
        "ListTrainingJobsForHyperParameterTuningJob": {"TrainingJobSummaries": []},
        "ListModelPackages": {
            "ModelPackageSummaryList": [
                {
                    "ModelPackageArn": f"{PACKAGES}/1",
                    "ModelPackageVersion": 1,
                    "ModelPackageStatus": "Completed",
                    "CreationTime": START,
                }
            ]
        },
        "DescribeModelPackage": {
            **package(1, ARN),
            "ModelMetrics": {
                "ModelQuality": {"Statistics": {"ContentType": "application/json", "S3Uri": "s3://data/models/e.json"}}
            },
        },
        "GetObject": {"Body": io.BytesIO(b"{}")},
        "StopPipelineExecution": {"PipelineExecutionArn": ARN},
        "RetryPipelineExecution": {"PipelineExecutionArn": ARN},
    }
    return account


def test_every_call_has_its_right_and_every_right_its_call() -> None:
    account = demanding()
    for arguments in COMMANDS:
        assert run(*arguments, connect=account.connect) in (0, 1), arguments
    assert account.called.keys() == READ.keys() | CHANGE.keys()


def test_aws_understands_every_statement() -> None:
    statements = read_statements(build_policy(DEV), "operations")
    assert [fault for statement in statements for fault in faults(statement)] == []


def test_policy_is_printed_and_who_looks_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("rights") == 0
    assert json.loads(capsys.readouterr().out) == build_policy(DEV)
    assert run("rights", "--only-read") == 0
    actions = [each for statement in json.loads(capsys.readouterr().out)["Statement"] for each in statement["Action"]]
    verbs = {action.partition(":")[2] for action in actions}
    assert {verb for verb in verbs if not verb.startswith(("Get", "List", "Describe"))} == {"Decrypt"}


def test_policy_ends_at_the_stage() -> None:
    named = {each for statement in build_policy(DEV)["Statement"] for each in statement["Resource"]}
    logs = {each for each in named if ":logs:" in each}
    search = f"arn:aws:sagemaker:eu-west-1:*:hyper-parameter-tuning-job/{DEV.tuning_job_prefix}-*"
    assert {each for each in named - logs - {"*", search} if "dev" not in each} == set()
