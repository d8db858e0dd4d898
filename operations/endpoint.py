"""The endpoint of a stage, with its models and configurations: made at run time, so that no stack deletes them."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from operations.aws import Aws, stack_status
from operations.refusal import RefusedError
from settings import Stage

VARIANT = "AllTraffic"
_LOOK_S = 10
_LONGEST_S = 1_800
"""An endpoint that cannot start is Creating for 25 minutes, and cannot be deleted meanwhile."""


class EndpointError(RefusedError):
    """What was asked cannot be done: why, then the remedy."""


@dataclass(frozen=True)
class Served:
    """What the endpoint of a stage has."""

    endpoint: str
    """Its name; empty when there is none."""
    configurations: list[str]
    models: list[str]

    def __str__(self) -> str:
        lines = [f"endpoint {self.endpoint}"] if self.endpoint else []
        lines += [f"endpoint configuration {name}" for name in self.configurations]
        lines += [f"model {name}" for name in self.models]
        return "\n".join(f"  {line}" for line in lines)


def find_served(stage: Stage, aws: Aws) -> Served:
    """Return the endpoint of *stage*, and all configurations and models that were made for it."""
    name = stage.endpoint_name
    endpoint = name if _exists(name, aws) else ""
    own = re.compile(rf"{re.escape(name)}-v[0-9]+-[0-9a-f]{{8}}")
    configurations = _list(aws, "list_endpoint_configs", "EndpointConfigs", "EndpointConfigName", name)
    models = _list(aws, "list_models", "Models", "ModelName", name)
    return Served(
        endpoint,
        [each for each in configurations if own.fullmatch(each)],
        [each for each in models if own.fullmatch(each)],
    )


def delete_served(served: Served, aws: Aws, sleep: Callable[[float], None] = time.sleep) -> None:
    """Delete *served*: the endpoint first, and what it is made of when it is gone."""
    if served.endpoint:
        _stop_scaling(served.endpoint, aws)
        aws.sagemaker.delete_endpoint(EndpointName=served.endpoint)
        _wait_until_gone(served.endpoint, aws, sleep)
    for name in served.configurations:
        aws.sagemaker.delete_endpoint_config(EndpointConfigName=name)
    for name in served.models:
        aws.sagemaker.delete_model(ModelName=name)


def served_version(stage: Stage, aws: Aws) -> int:
    """Return the version that the endpoint serves; raise `EndpointError` where it serves none of ours."""
    if not _exists(stage.endpoint_name, aws):
        raise EndpointError(f"there is no endpoint {stage.endpoint_name}: approve a model, or make deploy-model")
    name = aws.sagemaker.describe_endpoint(EndpointName=stage.endpoint_name)["EndpointConfigName"]
    found = re.search(r"-v([0-9]+)-[0-9a-f]{8}$", name)
    if not found:
        raise EndpointError(f"endpoint {stage.endpoint_name} serves {name}, which no deployment made: see who did")
    return int(found[1])


def find_machine(stage: Stage, aws: Aws) -> str:
    """Return the ARN of the machine that deploys; raise `EndpointError` where the stage has none."""
    if not stack_status(stage.deployment_stack, aws):
        raise EndpointError(
            f"stack {stage.deployment_stack} does not exist: set deployment=Deployment() for {stage.name} in"
            f" settings/stages.py, and make deploy STAGE={stage.name}"
        )
    outputs = aws.cloudformation.describe_stacks(StackName=stage.deployment_stack)["Stacks"][0].get("Outputs", [])
    return next(each["OutputValue"] for each in outputs if each["OutputKey"] == "MachineArn")


def _stop_scaling(endpoint: str, aws: Aws) -> None:
    """Forget that the endpoint is scaled: it cannot be deleted before."""
    scaling = aws.client("application-autoscaling")
    resource = f"endpoint/{endpoint}/variant/{VARIANT}"
    found = scaling.describe_scalable_targets(ServiceNamespace="sagemaker", ResourceIds=[resource])["ScalableTargets"]
    for each in found:
        scaling.deregister_scalable_target(
            ServiceNamespace="sagemaker", ResourceId=resource, ScalableDimension=each["ScalableDimension"]
        )


def _wait_until_gone(endpoint: str, aws: Aws, sleep: Callable[[float], None]) -> None:
    for _ in range(_LONGEST_S // _LOOK_S):
        if not _exists(endpoint, aws):
            return
        sleep(_LOOK_S)
    raise EndpointError(f"endpoint {endpoint} is not deleted after {_LONGEST_S // 60} minutes: see to it and repeat")


def _exists(endpoint: str, aws: Aws) -> bool:
    return endpoint in _list(aws, "list_endpoints", "Endpoints", "EndpointName", endpoint)


def _list(aws: Aws, operation: str, member: str, name: str, part: str) -> list[str]:
    client: Any = aws.sagemaker  # its type knows operations by their literal names only
    pages = client.get_paginator(operation).paginate(NameContains=part)
    return [each[name] for page in pages for each in page[member]]
