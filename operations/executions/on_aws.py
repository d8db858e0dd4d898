"""The executions of a pipeline on AWS."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from artefacts.execution import Execution, Step
from artefacts.execution.api import ExecutionArn, add_processing_jobs, read_definition, read_execution
from artefacts.execution.plan import add_plan, make_plan
from execution_report.aws_source import read_facts
from execution_report.sources import Facts
from operations.aws import Aws
from operations.aws_errors import is_missing, read_error
from operations.executions.source import LATEST, Log, Summary, UnknownExecutionError
from operations.refusal import RefusedError

_ID = re.compile("[a-z0-9]{12}")
LOG_GROUPS = {
    "ProcessingJob": "/aws/sagemaker/ProcessingJobs",
    "TrainingJob": "/aws/sagemaker/TrainingJobs",
    "TuningJob": "/aws/sagemaker/TrainingJobs",
}
"""Kind of a job -> where SageMaker writes its log.

Source: "Log groups and streams that Amazon SageMaker AI sends to Amazon CloudWatch Logs", developer guide.
A stream is called `<job>/algo-1-<epoch>`: seen by emanuelGitCodes/aws-mlops-platform-public.
"""


@dataclass(frozen=True)
class AwsExecutions:
    """The executions of the pipeline called *pipeline*."""

    region: str
    pipeline: str
    aws: Aws = field(repr=False)
    _definitions: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)

    @cached_property
    def pipeline_description(self) -> Any:
        """What DescribePipeline says; raise `RefusedError` where there is no such pipeline."""
        try:
            return self.aws.sagemaker.describe_pipeline(PipelineName=self.pipeline)
        except ClientError as error:
            if not is_missing(error):
                raise
            raise RefusedError(
                f"pipeline {self.pipeline} does not exist in {self.region} of this account: make deploy, or"
                " check --stage and AWS_PROFILE"
            ) from error

    def list_newest(self, limit: int) -> list[Summary]:
        """Return the newest executions, the newest first."""
        _ = self.pipeline_description  # that there is none is told better than ListPipelineExecutions does
        pages = self.aws.sagemaker.get_paginator("list_pipeline_executions").paginate(
            PipelineName=self.pipeline, PaginationConfig={"MaxItems": limit}
        )
        return [
            Summary(
                each["PipelineExecutionArn"],
                each.get("PipelineExecutionStatus", ""),
                each.get("StartTime"),
                each.get("PipelineExecutionFailureReason", ""),
            )
            for page in pages
            for each in page["PipelineExecutionSummaries"]
        ]

    def find(self, name: str) -> str:
        """Return the ARN of the execution *name*: its id, its ARN, or `latest`."""
        if name == LATEST:
            if newest := self.list_newest(1):
                return newest[0].arn
            raise RefusedError(f"pipeline {self.pipeline} has no execution: start one")
        if _ID.fullmatch(name):
            return f"{self.pipeline_description['PipelineArn']}/execution/{name}"
        if ExecutionArn.parse(name) is None:
            raise RefusedError(f"{name} is no execution: give its id of 12 characters, its ARN, or {LATEST}")
        return name

    def read(self, arn: str) -> Execution:
        """Return the execution *arn*, with the steps that have not started; raise `RefusedError` if there is none."""
        with self._known(arn):
            execution = read_execution(arn, self.aws.sagemaker)
        return add_plan(execution, make_plan(self.read_definition(arn), execution.parameters))

    def read_whole(self, arn: str) -> Execution:
        """Return the same with what the descriptions of its jobs have: exit messages, and where outputs are."""
        return add_processing_jobs(self.read(arn), self.aws.sagemaker)

    def read_definition(self, arn: str) -> dict[str, Any]:
        """Return the definition that *arn* was started with, which never changes."""
        if arn not in self._definitions:
            with self._known(arn):
                self._definitions[arn] = read_definition(arn, self.aws.sagemaker)
        return self._definitions[arn]

    def read_facts(self, arn: str) -> Facts:
        """Return the execution *arn* with the documents that its steps wrote."""
        return read_facts(arn, self.aws.sagemaker, self.aws.s3)

    @contextmanager
    def _known(self, arn: str) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            if not is_missing(error):
                raise
            raise UnknownExecutionError(
                f"execution {arn.rpartition('/')[2]} does not exist in {self.region}: see list"
            ) from error

    def read_logs(self, _execution: Execution, step: Step, lines: int) -> list[Log]:
        """Return the last *lines* of each stream of the step's job; of a search, of one of its training jobs."""
        job, logs = step.job, self.aws.client("logs")
        if step.job_kind == "TuningJob":
            job = self._choose_trial(job)
        if not job:
            return []
        group = LOG_GROUPS[step.job_kind]
        try:
            pages = logs.get_paginator("describe_log_streams").paginate(
                logGroupName=group, logStreamNamePrefix=f"{job}/"
            )
            streams = [each["logStreamName"] for page in pages for each in page["logStreams"]]
        except ClientError as error:
            if not is_missing(error):
                raise
            return []  # nothing has been logged in this account yet
        return [Log(f"{group} {stream}", self._read_stream(group, stream, lines)) for stream in streams]

    def _read_stream(self, group: str, stream: str, lines: int) -> list[str]:
        found = self.aws.client("logs").get_log_events(
            logGroupName=group, logStreamName=stream, limit=lines, startFromHead=False
        )
        return [each["message"].rstrip("\n") for each in found["events"]]

    def _choose_trial(self, search: str) -> str:
        """Return the training job of *search* that failed first, or else the best one; empty where none began."""
        found = self.aws.sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(
            HyperParameterTuningJobName=search
        )["TrainingJobSummaries"]
        failed = (each for each in found if each["TrainingJobStatus"] == "Failed")
        return next((each["TrainingJobName"] for each in (*failed, *found)), "")

    def stop(self, arn: str) -> None:
        """Ask the execution *arn* to stop; raise `RefusedError` where it has ended, or stops already."""
        self._change("stop", lambda: self.aws.client("sagemaker").stop_pipeline_execution(PipelineExecutionArn=arn))

    def retry(self, arn: str) -> None:
        """Run what did not succeed of *arn* again; raise `RefusedError` where nothing of it failed, or it runs.

        The same execution goes on, under its ARN (aws-controllers-k8s/community, issue 1494), with the definition and
        the parameters that it was started with.
        """
        self._change("retry", lambda: self.aws.client("sagemaker").retry_pipeline_execution(PipelineExecutionArn=arn))

    def _change(self, verb: str, ask: Callable[[], object]) -> None:
        try:
            ask()
        except ClientError as error:
            code, message = read_error(error)
            if is_missing(error):
                raise UnknownExecutionError(f"{message.rstrip('.')}: see list") from error
            if code not in ("ConflictException", "ValidationException"):
                raise
            raise RefusedError(f"cannot {verb} it ({message.rstrip('.')}): see show") from error
