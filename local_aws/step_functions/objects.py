"""GetObject as a task calls it, which MiniStack's Step Functions lacks: the object's text is in the result."""

from http import HTTPStatus

import ministack.app
from ministack.core.responses import get_region

from local_aws.sagemaker.errors import ApiError
from local_aws.sagemaker.records import Record


def get_object(request: Record) -> Record:
    """Return the object, as S3 gives it to whoever may read it."""
    path, headers = f"/{request['Bucket']}/{request['Key']}", {"host": f"s3.{get_region()}.amazonaws.com"}
    handler = ministack.app.SERVICE_HANDLERS["s3"]
    status, _, body = ministack.app.call_service_handler_sync(handler, "GET", path, headers, b"", {})
    if status != HTTPStatus.OK:
        raise ApiError("NoSuchKeyException", f"{path} is not there")
    return {"Body": body.decode()}
