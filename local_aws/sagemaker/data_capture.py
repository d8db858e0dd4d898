"""Captures what an endpoint answers, where its configuration asks for it: all of it, each answer in an object."""

import contextlib
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
    now, event = datetime.now(UTC), str(uuid.uuid4())
    answer = CapturedAnswer(endpoint["EndpointName"], content.encode(), content_type, now, event)
    bucket, key = split_uri(f"{settings['DestinationS3Uri']}/{answer.key}")
    line = answer.to_line(settings.get("CaptureContentTypeHeader", {})).encode()
    kms_key = settings.get("KmsKeyId")
    encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key} if kms_key else {}
    with contextlib.suppress(AccessDeniedError, ClientError):
        session = assume(role, service=SERVICE, source=endpoint["EndpointArn"], session=_SESSION)
        session.client("s3").put_object(Bucket=bucket, Key=key, Body=BytesIO(line), **encryption)
