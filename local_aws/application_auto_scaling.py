"""Application Auto Scaling, which MiniStack lacks: what may be scaled, and by what; nothing is ever scaled."""

from collections.abc import Callable, Mapping
from typing import Any

import ministack.app
from ministack.core.responses import get_account_id, get_region

from local_aws.sagemaker.errors import ApiError, invalid
from local_aws.sagemaker.records import Record, scalable_targets
from local_aws.sagemaker.service import Answer, respond


def register(request: Record) -> Record:
    """RegisterScalableTarget: makes or changes one."""
    known = scalable_targets.get(request["ResourceId"], {"Policies": {}})
    scalable_targets[request["ResourceId"]] = known | request
    return {"ScalableTargetARN": _arn("scalable-target/1")}


def put_policy(request: Record) -> Record:
    """PutScalingPolicy, of a target that is registered."""
    _find(request)["Policies"][request["PolicyName"]] = request
    return {"PolicyARN": _arn(f"scalingPolicy:1:policyName/{request['PolicyName']}"), "Alarms": []}


def deregister(request: Record) -> Record:
    """DeregisterScalableTarget, with its policies."""
    _find(request)
    del scalable_targets[request["ResourceId"]]
    return {}


def _find(request: Record) -> Record:
    found: Record | None = scalable_targets.get(request["ResourceId"])
    if found is None:
        words = "No scalable target found for service namespace: {ServiceNamespace}, resource ID: {ResourceId}"
        raise ApiError("ObjectNotFoundException", words.format(**request))
    return found


def _arn(resource: str) -> str:
    return f"arn:aws:application-autoscaling:{get_region()}:{get_account_id()}:{resource}"


OPERATIONS: Mapping[str, Callable[[Record], Record]] = {
    "RegisterScalableTarget": register,
    "PutScalingPolicy": put_policy,
    "DeregisterScalableTarget": deregister,
}


def call(operation: str, request: Record) -> Record:
    """Return the answer to *request*."""
    if operation not in OPERATIONS:
        raise invalid(f"{operation} is not emulated: local_aws knows {', '.join(OPERATIONS)}")
    return OPERATIONS[operation](request)


async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Answer:  # noqa: ARG001  MiniStack's interface
    """Answer one request."""
    return respond(call, headers, body)


def install() -> None:
    """Add the service, for Step Functions alone: nobody else here calls it."""
    ministack.app.SERVICE_HANDLERS["application-autoscaling"] = handle
