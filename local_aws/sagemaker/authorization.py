"""Which resource a request is about, so that policies with resource ARNs decide as on AWS."""

import json
from typing import Any

from local_aws.sagemaker.records import name_of

_BY_ARN = ("ResourceArn", "ModelPackageArn", "PipelineExecutionArn")
_BY_NAME = {
    "PipelineName": "pipeline",
    "ModelPackageGroupName": "model-package-group",
    "ModelPackageName": "model-package",
}
_ON_THE_ACCOUNT = "List"


def resource(operation: str, body: bytes, prefix: str) -> str:
    """Return the ARN that *operation* needs a right on; *prefix* is that of the ARNs, up to the kind."""
    try:
        request: Any = json.loads(body or b"{}")
    except ValueError:
        return "*"
    if not isinstance(request, dict):
        return "*"
    if operation.startswith(_ON_THE_ACCOUNT) and operation not in {"ListTags", "ListModelPackages"}:
        return "*"
    for key in _BY_ARN:
        if key in request:
            return str(request[key])
    for key, kind in _BY_NAME.items():
        if key in request:
            return _named(operation, kind, str(request[key]), prefix)
    return "*"


def _named(operation: str, kind: str, identifier: str, prefix: str) -> str:
    if operation == "CreateModelPackage":  # the version's number is not known before
        return f"{prefix}:model-package/{name_of(identifier)}/*"
    return f"{prefix}:{kind}/{name_of(identifier)}"
