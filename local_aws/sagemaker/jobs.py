"""Jobs of executions: whether the pipeline's role may ask for one, and what there is to know of it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from artefacts.execution import Status
from local_aws.sagemaker.authorization import BY_NAME
from local_aws.sagemaker.errors import not_found
from local_aws.sagemaker.records import Record, arn, jobs
from local_aws.sagemaker.role_adapters import SERVICE, PipelineRole, require, require_creation
from local_runner.record.execution import Execution
from local_runner.steps.processing import read_exit_message

_NOUNS = ("ProcessingJob", "TrainingJob", "HyperParameterTuningJob")
_STATUSES: Mapping[Status | None, str] = {
    Status.SUCCEEDED: "Completed",
    Status.FAILED: "Failed",
    Status.STOPPED: "Stopped",
    Status.STOPPING: "Stopping",
}
"""Of a step, and of its job."""


@dataclass(frozen=True)
class Job:
    """A job that was taken on."""

    request: Mapping[str, Any]
    created: float
    """Seconds since 1970."""
    execution: Execution
    step: str
    descriptions: Mapping[str, Any]
    """Name of a step that has succeeded -> what is known of what it made."""


@dataclass(frozen=True)
class JobsOfRole:
    """Takes on the jobs of an execution, as far as the pipeline's role may ask for them."""

    role: PipelineRole
    execution: Execution
    descriptions: Mapping[str, Any]

    def accept(self, step: str, operations: tuple[str, ...], arn: str, request: Mapping[str, Any]) -> None:
        """Remember the job *arn*, or raise `StepFailedError` unless the role may call *operations* on it.

        That takes the right to pass the job its role, and to tag it. Condition keys of SageMaker's own, such as
        `sagemaker:InstanceTypes`, are not known here: a statement that needs one allows nothing.
        """
        session = self.role.session(step)
        job = request.get("TrainingJobDefinition", request)
        passed = {"iam:PassedToService": SERVICE, "iam:AssociatedResourceArn": arn}
        require(session, operations[0], "iam:PassRole", job["RoleArn"], passed)
        require_creation(session, operations[0], arn, request)
        for operation in operations[1:]:
            require(session, operation, f"sagemaker:{operation}", arn, {})
        jobs[arn] = Job(request, time.time(), self.execution, step, self.descriptions)


def _describing(noun: str) -> Callable[[Record], Record]:
    """Return the Describe operation of a kind of job."""

    def describe(request: Record) -> Record:
        name = request[f"{noun}Name"]
        job_arn = arn(BY_NAME[f"{noun}Name"], name)
        job: Job | None = jobs.get(job_arn)
        if job is None:
            raise not_found(noun, name)
        step = job.execution.steps[job.step]
        status = _STATUSES.get(step.status, "InProgress")
        known: Record = {
            **job.request,
            f"{noun}Name": name,
            f"{noun}Arn": job_arn,
            f"{noun}Status": status,
            "CreationTime": job.created,
        }
        if status == "Failed":
            known["FailureReason"] = step.failure_reason
            if words := read_exit_message(job.execution.folder / job.step):
                known["ExitMessage"] = words
        return known | (job.descriptions.get(job.step, {}) if status == "Completed" else {})

    return describe


def list_trials(request: Record) -> Record:
    """ListTrainingJobsForHyperParameterTuningJob: the training jobs of a search that has ended, the best first."""
    described = OPERATIONS["DescribeHyperParameterTuningJob"](request)
    return {"TrainingJobSummaries": described.get("TrainingJobSummaries", [])}


OPERATIONS: Mapping[str, Callable[[Record], Record]] = {
    **{f"Describe{noun}": _describing(noun) for noun in _NOUNS},
    "ListTrainingJobsForHyperParameterTuningJob": list_trials,
}
