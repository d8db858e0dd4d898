"""What IAM is asked at a call of a task."""

from collections.abc import Iterator, Mapping
from typing import Any

from local_aws.iam.roles import Session
from local_aws.sagemaker import authorization

Question = tuple[str, str, Mapping[str, Any]]
"""Action, ARN of the resource, and what is known of the request."""

_NAMESPACES = {"applicationautoscaling": "application-autoscaling", "sagemakerruntime": "sagemaker"}
_ON_THE_CONFIGURATION_TOO = ("CreateEndpoint", "UpdateEndpoint")
_ROLE = "ExecutionRoleArn"


def questions_of(service: str, operation: str, request: Mapping[str, Any], session: Session) -> Iterator[Question]:
    """Yield what has to be allowed for *operation* of *service*, as the resource of a task calls it."""
    namespace = _NAMESPACES.get(service, service)
    action = f"{namespace}:{operation}"
    if namespace == "application-autoscaling":
        dimension = {
            "application-autoscaling:service-namespace": request["ServiceNamespace"],
            "application-autoscaling:scalable-dimension": request["ScalableDimension"],
        }
        yield action, "*", dimension
        return
    if namespace == "s3":
        yield action, f"arn:aws:s3:::{request['Bucket']}/{request['Key']}", {}
        return
    prefix = session.arn_prefix(namespace)
    yield action, authorization.resource(operation, request, prefix), authorization.context(request)
    if operation in _ON_THE_CONFIGURATION_TOO:
        yield action, f"{prefix}:endpoint-config/{request['EndpointConfigName']}", {}
    if _ROLE in request:
        yield "iam:PassRole", request[_ROLE], {"iam:PassedToService": "sagemaker.amazonaws.com"}
