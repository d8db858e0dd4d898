from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from artefacts.execution import Status
from local_aws.sagemaker.api import call
from local_aws.sagemaker.errors import ApiError
from local_aws.sagemaker.jobs import JobsOfRole
from local_aws.sagemaker.role_adapters import PipelineRole
from local_runner.errors import StepFailedError
from local_runner.record.execution import Execution, StepRecord
from local_runner.steps.job import make_hosts
from tests.local_aws.iam_roles import ACCOUNT, allow, make_role

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SAGEMAKER = "sagemaker.amazonaws.com"
PREFIX = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}"
PIPELINE = f"{PREFIX}:pipeline/bonus"
JOB = f"{PREFIX}:training-job/bonus-1"
JOB_ROLE = f"arn:aws:iam::{ACCOUNT}:role/Jobs"
OPERATIONS = ("CreateTrainingJob", "DescribeTrainingJob")
PASS = allow("iam:PassRole", JOB_ROLE, StringEquals={"iam:PassedToService": SAGEMAKER})
CREATE = allow("sagemaker:CreateTrainingJob", JOB)
DESCRIBE = allow("sagemaker:DescribeTrainingJob", JOB)
TAG = allow("sagemaker:AddTags", JOB)
ALL = (PASS, CREATE, DESCRIBE, TAG)
TAGS = [{"Key": "stage", "Value": "dev"}]


def execution_in(folder: Path) -> Execution:
    steps = {"Train": StepRecord("Train", "Training", status=Status.EXECUTING)}
    return Execution("1", PIPELINE, {}, NOW, folder, steps)


def jobs_of(folder: Path, *statements: dict[str, Any]) -> JobsOfRole:
    execution = execution_in(folder)
    role = PipelineRole(make_role("Pipeline", SAGEMAKER, *statements), execution.arn)
    return JobsOfRole(role, execution, {})


@pytest.mark.parametrize("definition", [{"RoleArn": JOB_ROLE}, {"TrainingJobDefinition": {"RoleArn": JOB_ROLE}}])
def test_role_that_has_all_rights_may_start_a_job(tmp_path: Path, definition: dict[str, Any]) -> None:
    jobs_of(tmp_path, *ALL).accept("Train", OPERATIONS, JOB, {**definition, "Tags": TAGS})


@pytest.mark.parametrize(
    ("lacking", "call_", "action"),
    [
        (PASS, "CreateTrainingJob", "iam:PassRole on resource: arn:aws:iam::111122223333:role/Jobs"),
        (CREATE, "CreateTrainingJob", f"sagemaker:CreateTrainingJob on resource: {JOB}"),
        (DESCRIBE, "DescribeTrainingJob", f"sagemaker:DescribeTrainingJob on resource: {JOB}"),
        (TAG, "CreateTrainingJob", f"sagemaker:AddTags on resource: {JOB}"),
    ],
)
def test_role_that_lacks_a_right_may_not(tmp_path: Path, lacking: dict[str, Any], call_: str, action: str) -> None:
    jobs = jobs_of(tmp_path, *(each for each in ALL if each is not lacking))
    with pytest.raises(StepFailedError) as failed:
        jobs.accept("Train", OPERATIONS, JOB, {"RoleArn": JOB_ROLE})
    user = f"arn:aws:sts::{ACCOUNT}:assumed-role/Pipeline/sagemaker-pipeline-1-Train"
    assert str(failed.value) == (
        f"ClientError: Failed to invoke sagemaker:{call_}. Error Details: User: {user} is not authorized to perform: "
        f"{action} because no identity-based policy allows the {action.partition(' ')[0]} action"
    )
    with pytest.raises(ApiError, match="TrainingJob 'bonus-1' does not exist"):
        call("DescribeTrainingJob", {"TrainingJobName": "bonus-1"})


@pytest.mark.parametrize(
    ("step", "job", "reason"),
    [
        (Status.EXECUTING, "InProgress", None),
        (Status.STOPPING, "Stopping", None),
        (Status.STOPPED, "Stopped", None),
        (Status.FAILED, "Failed", "AlgorithmError: no rows"),
        (Status.SUCCEEDED, "Completed", None),
    ],
)
def test_job_is_described_as_its_step_fares(tmp_path: Path, step: Status, job: str, reason: str | None) -> None:
    jobs = jobs_of(tmp_path, *ALL)
    jobs.accept("Train", OPERATIONS, JOB, {"RoleArn": JOB_ROLE, "HyperParameters": {"epochs": "10"}})
    record = jobs.execution.steps["Train"]
    record.status, record.failure_reason = step, reason or ""
    described = call("DescribeTrainingJob", {"TrainingJobName": "bonus-1"})
    assert (described["TrainingJobArn"], described["TrainingJobStatus"]) == (JOB, job)
    assert (described["HyperParameters"], described.get("FailureReason")) == ({"epochs": "10"}, reason)


def test_failed_processing_job_is_described_with_what_its_program_said(tmp_path: Path) -> None:
    arn = f"{PREFIX}:processing-job/bonus-1"
    creating = [allow(f"sagemaker:{action}", arn) for action in ("CreateProcessingJob", "AddTags")]
    jobs = jobs_of(tmp_path, PASS, *creating)
    jobs.accept("Train", ("CreateProcessingJob",), arn, {"RoleArn": JOB_ROLE})
    jobs.execution.steps["Train"].status = Status.FAILED
    _silent, speaking = make_hosts(tmp_path / "Train", 2)
    assert "ExitMessage" not in call("DescribeProcessingJob", {"ProcessingJobName": "bonus-1"})
    path = speaking.path("/opt/ml/output/message")
    path.parent.mkdir()
    path.write_text("9 rows, fewer than 100", encoding="utf-8")
    described = call("DescribeProcessingJob", {"ProcessingJobName": "bonus-1"})
    assert described["ExitMessage"] == "9 rows, fewer than 100"


def test_search_that_has_ended_lists_its_training_jobs(tmp_path: Path) -> None:
    operations = ("CreateHyperParameterTuningJob",)
    search = f"{PREFIX}:hyper-parameter-tuning-job/bonus-1"
    creating = [allow(f"sagemaker:{action}", search) for action in ("CreateHyperParameterTuningJob", "AddTags")]
    jobs = jobs_of(tmp_path, PASS, *creating)
    summaries = [{"TrainingJobName": "bonus-1-001"}, {"TrainingJobName": "bonus-1-002"}]
    ended = JobsOfRole(jobs.role, jobs.execution, {"Train": {"TrainingJobSummaries": summaries}})
    ended.accept("Train", operations, search, {"TrainingJobDefinition": {"RoleArn": JOB_ROLE}})
    request = {"HyperParameterTuningJobName": "bonus-1"}
    assert call("ListTrainingJobsForHyperParameterTuningJob", request) == {"TrainingJobSummaries": []}
    jobs.execution.steps["Train"].status = Status.SUCCEEDED
    assert call("ListTrainingJobsForHyperParameterTuningJob", request)["TrainingJobSummaries"] == summaries
