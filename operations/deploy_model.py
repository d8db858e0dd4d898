"""The deployment of a stage: waking it, and rejecting what is in service so that it puts an older version back."""

import json
from collections.abc import Callable

from operations.aws import Aws
from operations.endpoint import EndpointError, served_version
from settings import Stage

_LOOK_S = 5.0


def roll_back(stage: Stage, reason: str, aws: Aws) -> list[int]:
    """Reject what is in service and newer, and return those versions; raise `EndpointError` if none would be left."""
    present, approved = served_version(stage, aws), _find_approved(stage, aws)
    older = [version for version in approved if version < present]
    if not older:
        raise EndpointError(
            f"no version before {present} is approved: approve one that shall serve, or delete the endpoint"
        )
    rejected = sorted(version for version in approved if version >= present)
    for version in rejected:
        aws.sagemaker.update_model_package(
            ModelPackageArn=approved[version], ModelApprovalStatus="Rejected", ApprovalDescription=reason
        )
    return rejected


def deploy(machine: str, aws: Aws, sleep: Callable[[float], None], say: Callable[[str], None]) -> str:
    """Start the machine and wait for its end; return what went wrong, which is nothing if the model serves."""
    machines = aws.client("stepfunctions")
    started = machines.start_execution(stateMachineArn=machine, input=json.dumps({"retry": True}))
    say(f"started {started['executionArn']}")
    while (found := machines.describe_execution(executionArn=started["executionArn"]))["status"] == "RUNNING":
        sleep(_LOOK_S)
    if found["status"] == "SUCCEEDED":
        return ""
    return f"{found.get('error', found['status'])}: {found.get('cause', 'no cause given')}"


def find_deployed(stage: Stage, aws: Aws) -> int | None:
    """Return the version that serves; None where none is approved, so that none was deployed."""
    return served_version(stage, aws) if _find_approved(stage, aws) else None


def _find_approved(stage: Stage, aws: Aws) -> dict[int, str]:
    """Return the ARNs of approved versions by their numbers."""
    pages = aws.sagemaker.get_paginator("list_model_packages").paginate(
        ModelPackageGroupName=stage.model_package_group_name, ModelApprovalStatus="Approved"
    )
    return {
        each["ModelPackageVersion"]: each["ModelPackageArn"]
        for page in pages
        for each in page["ModelPackageSummaryList"]
    }
