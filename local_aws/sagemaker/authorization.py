"""Which resource a request is about, and what it says of itself, so that policies decide as on AWS."""

from collections.abc import Mapping
from typing import Any

from local_aws.sagemaker.records import name_of

_BY_ARN = ("ResourceArn", "ModelPackageArn", "PipelineExecutionArn")
BY_NAME = {
    "PipelineName": "pipeline",
    "ModelPackageGroupName": "model-package-group",
    "ModelPackageName": "model-package",
    "ProcessingJobName": "processing-job",
    "TrainingJobName": "training-job",
    "HyperParameterTuningJobName": "hyper-parameter-tuning-job",
    "EndpointName": "endpoint",
    "EndpointConfigName": "endpoint-config",
    "ModelName": "model",
}
"""Member of a request with a name -> how the ARN of what it names calls its kind."""
_ON_THE_ACCOUNT = ("ListPipelines", "ListModelPackageGroups", "ListEndpoints", "ListEndpointConfigs", "ListModels")
# The number of a version that is not made yet is not known. Listing versions was denied on them in a real account, not
# on the group: emanuelGitCodes/aws-mlops-platform-public, wiki/log.md, 2026-08-07.
_ON_ANY_VERSION = ("CreateModelPackage", "ListModelPackages")


def resource(operation: str, request: Mapping[str, Any], prefix: str) -> str:
    """Return the ARN that *operation* needs a right on; *prefix* is that of the ARNs, up to the kind."""
    if operation in _ON_THE_ACCOUNT:
        return "*"
    for key in _BY_ARN:
        if key in request:
            return str(request[key])
    for key, kind in BY_NAME.items():
        if key in request:
            return _named(operation, kind, str(request[key]), prefix)
    return "*"


def _named(operation: str, kind: str, identifier: str, prefix: str) -> str:
    if operation in _ON_ANY_VERSION:
        return f"{prefix}:model-package/{name_of(identifier)}/*"
    return f"{prefix}:{kind}/{name_of(identifier)}"


def context(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the condition keys that *request* has, of those known here: approval status, isolation and tags."""
    tags = {f"aws:RequestTag/{tag['Key']}": tag["Value"] for tag in request.get("Tags", [])}
    status = {"sagemaker:ModelApprovalStatus": request[_STATUS]} if _STATUS in request else {}
    isolation = {"sagemaker:NetworkIsolation": str(request[_ISOLATION]).lower()} if _ISOLATION in request else {}
    return {**status, **isolation, **tags, **({"aws:TagKeys": [tag["Key"] for tag in request["Tags"]]} if tags else {})}


_STATUS = "ModelApprovalStatus"
_ISOLATION = "EnableNetworkIsolation"
