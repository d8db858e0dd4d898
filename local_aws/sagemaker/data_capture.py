"""Captures what an endpoint answers, where its configuration asks for it: each answer is an object of its own."""

import uuid
from datetime import UTC, datetime
from io import BytesIO

from botocore.exceptions import ClientError

from local_aws.iam.errors import AccessDeniedError
from local_aws.iam.roles import assume
from local_aws.sagemaker.records import Record
from local_aws.sagemaker.role_adapters import SERVICE
from local_runner.endpoint.capture import CapturedAnswer
from local_runner.ports import split_uri

_SESSION = "SageMaker"


def capture(endpoint: Record, configuration: Record, role: str, content: str, content_type: str) -> None:
    """Keep an answer as *role*, that of the model.

    A role that may not write keeps nothing, and nobody is told (scott2borg/cs401r-2026-instructor, Lab 6).
    """
    settings = configuration.get("DataCaptureConfig", {})
    if not settings.get("EnableCapture") or {"CaptureMode": "Output"} not in settings["CaptureOptions"]:
        return
    if not _is_sampled(endpoint, settings["InitialSamplingPercentage"]):
        return
    now, event = datetime.now(UTC), str(uuid.uuid4())
    answer = CapturedAnswer(endpoint["EndpointName"], content.encode(), content_type, now, event)
    bucket, key = split_uri(f"{settings['DestinationS3Uri']}/{answer.key}")
    line = answer.to_line(settings.get("CaptureContentTypeHeader", {})).encode()
    encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": settings["KmsKeyId"]}
    try:
        session = assume(role, service=SERVICE, source=endpoint["EndpointArn"], session=_SESSION)
        session.client("s3").put_object(
            Bucket=bucket, Key=key, Body=BytesIO(line), **(encryption if settings.get("KmsKeyId") else {})
        )
    except (AccessDeniedError, ClientError):
        return


def _is_sampled(endpoint: Record, percent: int) -> bool:
    """Count an answer of *endpoint*, and return whether it is one of the *percent* that are kept.

    SageMaker draws them by chance; here it is every so many, so that tests know which.
    """
    before: int = endpoint.get("_answers", 0)
    endpoint["_answers"] = before + 1
    return (before + 1) * percent // 100 > before * percent // 100
