"""What the local runner's ports are here: S3, Lambda and the registry, each asked with a role's credentials."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local_aws.iam.errors import AccessDeniedError
from local_aws.iam.roles import Session, assume
from local_aws.sagemaker import authorization, model_registry
from local_aws.sagemaker.errors import ApiError
from local_runner.errors import StepFailedError
from local_runner.registry import Package
from local_runner.s3_store import S3Store

SERVICE = "sagemaker.amazonaws.com"
_SESSION = "SageMaker"


class RoleStores:
    """S3 as each role of an execution may use it."""

    def __init__(self, execution_arn: str) -> None:
        self._execution_arn = execution_arn
        self._stores: dict[str, S3Store] = {}

    def __call__(self, role: str) -> S3Store:
        """Return the store of the job's *role* (an ARN); raise `StepFailedError` when it does not trust SageMaker."""
        if role not in self._stores:  # two threads that ask at once get two sessions, which does no harm
            try:
                session = take_role(role, self._execution_arn)
            except AccessDeniedError as error:
                raise StepFailedError(f"ClientError: {error}") from error
            self._stores[role] = S3Store(session.client("s3"))
        return self._stores[role]


def take_role(role: str, execution_arn: str) -> Session:
    """Take *role* as SageMaker does for an execution; raise `AccessDeniedError` when it does not trust it."""
    return assume(role, service=SERVICE, source=execution_arn, session=_SESSION)


@dataclass(frozen=True)
class RegistryOfRole:
    """The model registry, as the pipeline's role may use it."""

    session: Session

    def create(self, request: Mapping[str, Any], now: datetime) -> Package:  # noqa: ARG002  the service has its own clock
        """Do what CreateModelPackage does, and return the description of the new version."""
        resource = authorization.resource("CreateModelPackage", request, self.session.arn_prefix("sagemaker"))
        require_creation(self.session, "CreateModelPackage", resource, request)
        try:
            created = model_registry.create_package(dict(request))
        except ApiError as error:
            raise _failed("sagemaker:CreateModelPackage", error) from error
        return model_registry.find_package(created["ModelPackageArn"])


@dataclass(frozen=True)
class FunctionsOfRole:
    """Lambda functions, as the pipeline's role may call them."""

    session: Session

    def invoke(self, arn: str, event: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:  # noqa: ARG002  Lambda keeps its logs itself
        """Call the function *arn* and return what it answers; raise `StepFailedError` when it does not."""
        try:
            answer = self.session.client("lambda").invoke(FunctionName=arn, Payload=json.dumps(event))
            payload: dict[str, Any] = json.loads(answer["Payload"].read())
        except (ClientError, BotoCoreError) as error:
            raise _failed("lambda:InvokeFunction", error) from error
        if "FunctionError" in answer:
            raise StepFailedError(f"ClientError: {payload.get('errorType')}: {payload.get('errorMessage')}")
        return payload


def require_creation(session: Session, operation: str, resource: str, request: Mapping[str, Any]) -> None:
    """Raise `StepFailedError` unless the role may call *operation* with *request*, and tag the *resource* it makes."""
    context = authorization.context(request)
    require(session, operation, f"sagemaker:{operation}", resource, context)
    if request.get("Tags"):
        require(session, operation, "sagemaker:AddTags", resource, context)


def require(session: Session, operation: str, action: str, resource: str, context: Mapping[str, Any]) -> None:
    """Raise `StepFailedError` unless the role may do *action*, which *operation* takes."""
    try:
        session.require(action, resource, context)
    except AccessDeniedError as error:
        raise _failed(f"sagemaker:{operation}", error) from error


def _failed(action: str, error: Exception) -> StepFailedError:
    return StepFailedError(f"ClientError: Failed to invoke {action}. Error Details: {error}")
