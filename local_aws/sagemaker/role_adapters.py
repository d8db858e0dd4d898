"""What the local runner's ports are here: S3, Lambda and the registry, each asked with a role's credentials."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local_aws.iam.errors import AccessDeniedError
from local_aws.iam.roles import Session, assume
from local_aws.sagemaker import authorization, model_registry
from local_aws.sagemaker.errors import ApiError
from local_aws.sagemaker.records import groups
from local_aws.sagemaker.s3_store import S3Store
from local_runner.errors import StepFailedError
from local_runner.ports import Package, split_uri

SERVICE = "sagemaker.amazonaws.com"
_JOB_SESSION = "SageMaker"
"""Of a job's role; aws/amazon-sagemaker-examples #2499 and others quote it in denials."""
_STEP_LETTERS = 20
"""Of a step's name in the name of a session; see `PipelineRole`."""


class RoleStores:
    """S3 as each role of an execution may use it."""

    def __init__(self, execution_arn: str) -> None:
        self._execution_arn = execution_arn
        self._stores: dict[str, S3Store] = {}

    def __call__(self, role: str) -> S3Store:
        """Return the store of the job's *role* (an ARN); raise `StepFailedError` when it does not trust SageMaker."""
        if role not in self._stores:  # two threads that ask at once get two sessions, which does no harm
            try:
                session = assume(role, service=SERVICE, source=self._execution_arn, session=_JOB_SESSION)
            except AccessDeniedError as error:
                raise StepFailedError(f"ClientError: {error}") from error
            self._stores[role] = S3Store(session.client("s3"))
        return self._stores[role]


@dataclass(frozen=True)
class PipelineRole:
    """The role that the steps of an execution are run with; SageMaker takes it anew for each of them.

    The sessions are named as denials in a real account quote them, `sagemaker-pipeline-<execution>-<step>` with the
    step cut to `RegisterChallenger-R` (emanuelGitCodes/aws-mlops-platform-public,
    wiki/raw/aws-security-hardening-phase-5d-pipeline-execution-role-august-6-2026.md).
    """

    arn: str
    execution_arn: str

    def session(self, step: str = "") -> Session:
        """Take the role for *step*, or for none; raise `AccessDeniedError` when it does not trust SageMaker."""
        words = ("sagemaker-pipeline", self.execution_arn.rpartition("/")[2], step[:_STEP_LETTERS])
        name = "-".join(word for word in words if word)
        return assume(self.arn, service=SERVICE, source=self.execution_arn, session=name)


@dataclass(frozen=True)
class RegistryOfRole:
    """The model registry, as the pipeline's role may use it.

    What a RegisterModel step calls is in a trail of CloudTrail (the file that `PipelineRole` names), and for the
    artefact in aws-samples/sample-aws-physical-ai-toolchain, isaac-lab-arena-on-aws/infra/trust_boundary.tf.
    """

    role: PipelineRole

    def create(self, step: str, request: Mapping[str, Any], now: datetime) -> Package:  # noqa: ARG002  the service has its own clock
        """Do for *step* what a RegisterModel step does, and return the description of the new version."""
        session = self.role.session(step)
        group = request["ModelPackageGroupName"]
        _ask_for_group(session, group)
        resource = authorization.resource("CreateModelPackage", request, session.arn_prefix("sagemaker"))
        require_creation(session, "CreateModelPackage", resource, request)
        # That the others are opened like the first is our guess, as in tests/security/sources.py.
        for specification in (request["InferenceSpecification"], *request.get("AdditionalInferenceSpecifications", ())):
            for container in specification["Containers"]:
                _open(session, container["ModelDataUrl"])
        if "SamplePayloadUrl" in request:
            _open(session, request["SamplePayloadUrl"])
        try:
            created = model_registry.create_package(dict(request))["ModelPackageArn"]
        except ApiError as error:
            raise _failed("sagemaker:CreateModelPackage", error) from error
        require(session, "DescribeModelPackage", "sagemaker:DescribeModelPackage", created, {})
        return model_registry.find_package(created)


def _ask_for_group(session: Session, group: str) -> None:
    """Make the group: that it exists already is a success, a denial is none."""
    request = {"ModelPackageGroupName": group}
    resource = authorization.resource("CreateModelPackageGroup", request, session.arn_prefix("sagemaker"))
    require_creation(session, "CreateModelPackageGroup", resource, request)
    if group not in groups:
        model_registry.create_group(request)


def _open(session: Session, uri: str) -> None:
    """Open the artefact *uri* as the role that registers it."""
    bucket, key = split_uri(uri)
    try:
        session.client("s3").head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        denied = error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.FORBIDDEN
        message = f"Access denied for bucket: {bucket}, object key: {key}" if denied else f"{error} ({uri})"
        raise _failed("sagemaker:CreateModelPackage", message) from error


@dataclass(frozen=True)
class FunctionsOfRole:
    """Lambda functions, as the pipeline's role may call them."""

    role: PipelineRole

    def invoke(self, arn: str, event: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:  # noqa: ARG002  Lambda keeps its logs itself
        """Call the function *arn* and return what it answers; raise `StepFailedError` when it does not."""
        try:
            answer = self.role.session().client("lambda").invoke(FunctionName=arn, Payload=json.dumps(event))
            payload: dict[str, Any] = json.loads(answer["Payload"].read())
        except (ClientError, BotoCoreError) as error:
            raise _failed("lambda:InvokeFunction", error) from error
        if "FunctionError" in answer:
            raise StepFailedError(f"ClientError: {payload.get('errorType')}: {payload.get('errorMessage')}")
        return payload


def require_creation(session: Session, operation: str, resource: str, request: Mapping[str, Any]) -> None:
    """Raise `StepFailedError` unless the role may call *operation* with *request*, and tag the *resource* it makes.

    Pipelines tags what it makes, whether the definition has tags or not (the file that `PipelineRole` names).
    """
    context = authorization.context(request)
    require(session, operation, f"sagemaker:{operation}", resource, context)
    require(session, operation, "sagemaker:AddTags", resource, context)


def require(session: Session, operation: str, action: str, resource: str, context: Mapping[str, Any]) -> None:
    """Raise `StepFailedError` unless the role may do *action*, which *operation* takes."""
    try:
        session.require(action, resource, context)
    except AccessDeniedError as error:
        raise _failed(f"sagemaker:{operation}", error) from error


def _failed(action: str, error: Exception | str) -> StepFailedError:
    return StepFailedError(f"ClientError: Failed to invoke {action}. Error Details: {error}")
