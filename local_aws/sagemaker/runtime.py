"""SageMaker Runtime, as clients call it: REST, while the rest of SageMaker is JSON, and signed for the same service."""

import asyncio
import re
from collections.abc import Mapping

from ministack.core.responses import error_response_json

from local_aws.sagemaker import inference
from local_aws.sagemaker.errors import ApiError
from local_aws.sagemaker.records import Record

OPERATION = "InvokeEndpoint"

_PATH = re.compile(r"/endpoints/([^/]+)/invocations")
_MEMBERS = {"ContentType": "content-type", "CustomAttributes": "x-amzn-sagemaker-custom-attributes"}
"""Member of the request -> the header that it comes in."""
_STATUSES = {"ModelError": 424}

Answer = tuple[int, dict[str, str], bytes]


def find_endpoint(path: str) -> str:
    """Return the name of the endpoint that a request to *path* is for; empty where it is for none."""
    found = _PATH.fullmatch(path)
    return found[1] if found else ""


async def respond(endpoint: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Answer InvokeEndpoint; in a thread, as the model's data is asked of this very server."""
    given = {member: headers[name] for member, name in _MEMBERS.items() if name in headers}
    return await asyncio.to_thread(_respond, {"EndpointName": endpoint, "Body": body.decode(), **given})


def _respond(request: Record) -> Answer:
    try:
        answer = inference.invoke(request)
    except ApiError as error:
        refusal: Answer = error_response_json(error.code, error.message, _STATUSES.get(error.code, 400))
        return refusal
    headers = {
        "Content-Type": answer["ContentType"],
        "x-Amzn-Invoked-Production-Variant": answer["InvokedProductionVariant"],
    }
    return 200, headers, answer["Body"].encode()
