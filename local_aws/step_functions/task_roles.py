"""Takes the machine's role for each task, and asks IAM for what the call of the task needs."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from ministack.services import stepfunctions

from local_aws.iam.errors import AccessDeniedError
from local_aws.iam.roles import Session, assume
from local_aws.sagemaker import inference
from local_aws.sagemaker.errors import ApiError
from local_aws.sagemaker.records import Record
from local_aws.step_functions.objects import get_object
from local_aws.step_functions.questions import questions_of

SERVICE = "states.amazonaws.com"

_execute = stepfunctions._execute_task
_integrate = stepfunctions._invoke_aws_sdk_integration
_machine: ContextVar[tuple[str, str]] = ContextVar("role and ARN of the state machine")

_SERVICES = {
    "sagemaker": ("SageMaker", {"target_prefix": "SageMaker", "protocol": "json"}),
    "applicationautoscaling": (
        "ApplicationAutoScaling",
        {
            "target_prefix": "AnyScaleFrontendService",
            "protocol": "json",
            "service_key": "application-autoscaling",  # pragma: allowlist secret  a name of botocore
        },
    ),
}
"""As the resource of a task calls a service: how its errors begin, and how MiniStack reaches it."""

_OURS: Mapping[tuple[str, str], Callable[[Record], Record]] = {
    ("s3", "getObject"): get_object,
    ("sagemakerruntime", "invokeEndpoint"): inference.invoke,
}
"""Service and operation -> what answers in MiniStack's place."""


def install() -> None:
    """Let tasks call these services, and no service unasked."""
    for name, (prefix, way) in _SERVICES.items():
        stepfunctions._AWS_SDK_ERROR_PREFIX[name] = prefix
        stepfunctions._AWS_SDK_SERVICE_MAP[name] = way
    stepfunctions._AWS_SDK_ERROR_PREFIX["sagemakerruntime"] = "SageMakerRuntime"
    stepfunctions._execute_task = _execute_in_role
    stepfunctions._invoke_aws_sdk_integration = _integrate_with_right


def _execute_in_role(state: Any, given: Any, execution: Any, context: Any) -> Any:
    arn = execution["stateMachineArn"]
    reset = _machine.set((stepfunctions._state_machines[arn]["roleArn"], arn))
    try:
        return _execute(state, given, execution, context)
    finally:
        _machine.reset(reset)


def _integrate_with_right(resource: str, request: Any) -> Any:
    _, service, operation = resource.rsplit(":", 2)
    _require(service, operation[:1].upper() + operation[1:], request)
    answer = _OURS.get((service, operation))
    if answer is None:
        return _integrate(resource, request)
    try:
        return answer(request)
    except ApiError as error:
        raise _failed(service, error.code, error.message) from error


def _require(service: str, operation: str, request: Any) -> None:
    """Raise what an execution ends with unless the machine's role may make this call."""
    role, machine = _machine.get()
    try:
        session: Session = assume(role, service=SERVICE, source=machine, session="execution")
        for action, resource, context in questions_of(service, operation, request, session):
            session.require(action, resource, context)
    except AccessDeniedError as error:
        raise _failed(service, "AccessDeniedException", str(error)) from error


def _failed(service: str, code: str, words: str) -> Exception:
    error: Exception = stepfunctions._ExecutionError(stepfunctions._prefix_sdk_error(service, code), words)
    return error
