"""Puts SageMaker among MiniStack's services: requests, and what IAM says about them."""

import json
from collections.abc import Callable
from typing import Any

import ministack.app
from ministack.core import iam_actions, router
from ministack.core.responses import error_response_json, json_response

from local_aws.sagemaker import authorization, runtime
from local_aws.sagemaker.api import call
from local_aws.sagemaker.errors import ApiError, invalid

Answer = tuple[int, dict[str, str], bytes]


async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Answer:  # noqa: ARG001  MiniStack's interface
    """Answer one request."""
    if endpoint := runtime.find_endpoint(path):
        return await runtime.respond(endpoint, headers, body)
    return respond(call, headers, body)


def respond(call: Callable[[str, dict[str, Any]], dict[str, Any]], headers: dict[str, str], body: bytes) -> Answer:
    """Return what *call* answers to the operation and the request, in the form of AWS's JSON protocol."""
    try:
        answer: Answer = json_response(
            call(_operation(headers), _parse(body)), content_type="application/x-amz-json-1.1"
        )
    except ApiError as error:
        answer = error_response_json(error.code, error.message, 400)
    return answer


def install() -> None:
    """Add the service, and make MiniStack's authorization know its resources."""
    ministack.app.SERVICE_HANDLERS["sagemaker"] = handle
    # Else the first request is kept waiting until MiniStack has read the models of all services.
    router.SERVICE_PATTERNS["sagemaker"] = {"target_prefixes": ["SageMaker."]}
    iam_actions.SERVICE_TO_IAM_NAMESPACE["sagemaker"] = "sagemaker"
    action_of_others = iam_actions.extract_iam_action
    resource_of_others = iam_actions.extract_resource_arn
    context_of_others = iam_actions.request_tag_context

    def action(service: str, method: str, path: str, *request: Any) -> str | None:
        if service == "sagemaker" and runtime.find_endpoint(path):
            return f"sagemaker:{runtime.OPERATION}"
        found: str | None = action_of_others(service, method, path, *request)
        return found

    def resource(service: str, *request: Any) -> str:
        if service != "sagemaker":
            return str(resource_of_others(service, *request))
        _, path, headers, body, _, region, account = request
        prefix = f"arn:aws:sagemaker:{region}:{account}"
        if endpoint := runtime.find_endpoint(path):
            return authorization.resource(runtime.OPERATION, {"EndpointName": endpoint}, prefix)
        return authorization.resource(_operation(headers), _parse_leniently(body), prefix)

    def context(service: str, action: str, body: bytes, parameters: Any) -> dict[str, Any]:
        if service != "sagemaker":
            return dict(context_of_others(service, action, body, parameters))
        return authorization.context(_parse_leniently(body))

    iam_actions.extract_iam_action = action
    iam_actions.extract_resource_arn = resource
    iam_actions.request_tag_context = context


def _parse_leniently(body: bytes) -> dict[str, Any]:
    """Return the request for IAM, which is asked first; what is wrong with it the service will say."""
    try:
        return _parse(body)
    except ApiError:
        return {}


def _operation(headers: dict[str, str]) -> str:
    return headers.get("x-amz-target", "").rpartition(".")[-1]


def _parse(body: bytes) -> dict[str, Any]:
    try:
        request = json.loads(body or b"{}")
    except ValueError as error:
        raise invalid(f"the request is not JSON: {error}") from error
    if not isinstance(request, dict):
        raise invalid(f"the request is a {type(request).__name__}: send an object")
    return request
