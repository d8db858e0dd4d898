"""The same facts from an execution on AWS. Nothing else here imports boto3, so the local runner can do without."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from execution_report.sources import Document, Facts, ReportError, gather

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker.type_defs import PipelineExecutionStepTypeDef

_ARN = re.compile(r"arn:[a-z-]+:sagemaker:(?P<region>[a-z0-9-]+):\d{12}:pipeline/[^/]+/execution/(?P<id>[^/]+)")
_ABSENT = ("NoSuchKey", "NoSuchBucket")

# The service says what a step ran, not what its type is called in the definition.
_TYPES = {"ProcessingJob": "Processing", "TrainingJob": "Training", "TuningJob": "Tuning"}


@dataclass(frozen=True)
class ExecutionArn:
    """The name of an execution, and what is in it."""

    text: str
    region: str
    id: str

    @classmethod
    def parse(cls, text: str) -> "ExecutionArn":
        """Take *text* apart; raise `ReportError` when it names no execution."""
        match = _ARN.fullmatch(text)
        if not match:
            raise ReportError(
                f"{text} is no execution's ARN: give arn:aws:sagemaker:REGION:ACCOUNT:pipeline/NAME/execution/ID"
            )
        return cls(text, match["region"], match["id"])


@dataclass(frozen=True)
class Aws:
    """The services of one account and region that hold an execution."""

    sagemaker: "SageMakerClient"
    s3: "S3Client"

    @classmethod
    def connect(cls, region: str) -> "Aws":
        """Return clients with the credentials of the environment."""
        session = boto3.Session(region_name=region)
        return cls(session.client("sagemaker"), session.client("s3"))


def read_execution(arn: ExecutionArn, connect: Callable[[str], Aws]) -> Facts:
    """Return what AWS knows of an execution; raise `ReportError` when it knows nothing, or refuses to say."""
    try:
        aws = connect(arn.region)
        return gather(_execution(arn.text, aws), lambda prefix, file: _read_object(prefix, file, aws))
    except (BotoCoreError, ClientError) as error:
        raise ReportError(
            f"{arn.text} cannot be read ({error}): check the ARN, and that your credentials may read it"
        ) from error


def _execution(arn: str, aws: Aws) -> Document:
    """Return the execution in the form of `execution.json`."""
    described = aws.sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
    parameters = aws.sagemaker.get_paginator("list_pipeline_parameters_for_execution")
    steps = aws.sagemaker.get_paginator("list_pipeline_execution_steps")
    return {
        "PipelineArn": described["PipelineArn"],
        "PipelineExecutionArn": arn,
        "PipelineExecutionStatus": described["PipelineExecutionStatus"],
        "FailureReason": described.get("FailureReason", ""),
        **_times(described, "CreationTime", "LastModifiedTime"),
        "PipelineParameters": [
            {"Name": each["Name"], "Value": each["Value"]}
            for page in parameters.paginate(PipelineExecutionArn=arn)
            for each in page["PipelineParameters"]
        ],
        "PipelineExecutionSteps": [
            _step(step, aws)
            for page in steps.paginate(PipelineExecutionArn=arn, SortOrder="Ascending")
            for step in page["PipelineExecutionSteps"]
        ],
    }


def _step(step: "PipelineExecutionStepTypeDef", aws: Aws) -> Document:
    metadata = step.get("Metadata", {})
    kind = next(iter(metadata), "")
    job_arn = metadata.get("ProcessingJob", {}).get("Arn", "")
    return {
        "StepName": step.get("StepName", ""),
        "StepType": _TYPES.get(kind, kind),
        "StepStatus": step.get("StepStatus", ""),
        **_times(step, "StartTime", "EndTime"),
        "FailureReason": step.get("FailureReason", ""),
        "CacheHitResult": step.get("CacheHitResult", {}),
        "Metadata": metadata,
        **(_processing_job(job_arn, aws) if job_arn else {}),
    }


def _processing_job(arn: str, aws: Aws) -> Document:
    """Return what only the processing job's own description has: its exit message, and where it writes."""
    job = aws.sagemaker.describe_processing_job(ProcessingJobName=arn.rpartition("/")[2])
    outputs = job.get("ProcessingOutputConfig", {}).get("Outputs", [])
    return {
        "ExitMessage": job.get("ExitMessage", "").strip(),
        "Outputs": {each["OutputName"]: each["S3Output"]["S3Uri"] for each in outputs if "S3Output" in each},
    }


def _read_object(uri: str, file: str, aws: Aws) -> bytes | None:
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    try:
        return aws.s3.get_object(Bucket=bucket, Key=f"{prefix.rstrip('/')}/{file}".lstrip("/"))["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in _ABSENT:
            return None
        raise


def _times(described: Mapping[str, Any], *names: str) -> dict[str, str]:
    times: dict[str, datetime] = {name: described[name] for name in names if name in described}
    return {name: time.isoformat() for name, time in times.items()}
