"""The same facts from an execution on AWS, by clients that somebody else made."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from artefacts.execution.api import add_processing_jobs, read_definition, read_execution
from execution_report.sources import Facts, gather

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient

_ABSENT = ("NoSuchKey", "NoSuchBucket")


def read_facts(arn: str, sagemaker: "SageMakerClient", s3: "S3Client") -> Facts:
    """Return what AWS knows of the execution *arn*; what it refuses to say, its own errors say."""
    execution = add_processing_jobs(read_execution(arn, sagemaker), sagemaker)
    return gather(
        execution, lambda prefix, file: _read_object(prefix, file, s3), lambda: read_definition(arn, sagemaker)
    )


def _read_object(uri: str, file: str, s3: "S3Client") -> bytes | None:
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    try:
        return s3.get_object(Bucket=bucket, Key=f"{prefix.rstrip('/')}/{file}".lstrip("/"))["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in _ABSENT:
            return None
        raise
