"""What the machine that deploys needs, read from its definition, and what the endpoint that it makes needs."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from artefacts.iam import Resource
from artefacts.iam.evaluator import Request
from tests.security import sources
from tests.security.deployed_stage import DeployedStage
from tests.security.execution import Execution
from tests.security.needs.encryption import needs_of_object, needs_of_volume
from tests.security.needs.jobs import NETWORK_ACTIONS, needs_to_pull
from tests.security.needs.locations import object_arn
from tests.security.needs.need import Need
from tests.security.needs.registry import group_and_package_arns, package_arns, source_of
from tests.security.needs.steps import members

NAME = "v7-0a1b2c3d"
"""What the machine adds to the endpoint's name for one version."""

_CALL = re.compile(r"arn:aws:states:::aws-sdk:(\w+):(\w+)")


def needs_of_deployment(application: DeployedStage, execution: Execution) -> Iterator[Need]:
    """Yield the needs of the machine and of its endpoint, for the version that *execution* registers."""
    for machine in application.resources("AWS::StepFunctions::StateMachine"):
        for name, state in machine.properties["Definition"]["States"].items():
            if state["Type"] == "Task":
                yield from _needs_of_call(application, machine, execution, (name, state))
        yield from _needs_of_endpoint(application, machine, execution)


def needs_to_assume_the_roles_of_deployment(application: DeployedStage) -> Iterator[tuple[str, str, str]]:
    """Yield which service assumes which role for which resource."""
    for machine in application.resources("AWS::StepFunctions::StateMachine"):
        yield "states.amazonaws.com", machine.arn, machine.properties["RoleArn"]
        yield "sagemaker.amazonaws.com", _named(application, "model"), _serving_role(machine)


def _needs_of_call(
    application: DeployedStage, machine: Resource, execution: Execution, call: tuple[str, Mapping[str, Any]]
) -> Iterator[Need]:
    name, state = call
    match = _CALL.fullmatch(state["Resource"])
    assert match, f"{name} calls {state['Resource']}: teach deployment.py"
    role = machine.properties["RoleArn"]
    yield from _NEEDS[match[2]](application, execution, role, name, state["Arguments"])


def _on(*kinds: str) -> Callable[..., Iterator[Need]]:
    """Return the needs of a call that is checked against the endpoint, or what it is made of."""

    def needs(application: DeployedStage, _: Execution, role: str, name: str, arguments: Any) -> Iterator[Need]:
        operation = _OPERATIONS[name]
        for kind in kinds:
            context = {"sagemaker:NetworkIsolation": "true"} if arguments.get("EnableNetworkIsolation") else {}
            request = Request(role, f"sagemaker:{operation}", _named(application, kind), context)
            yield Need(f"{name}: {operation}", sources.ENDPOINTS, request)
        for passed in members(arguments, "ExecutionRoleArn"):
            passing = {"iam:PassedToService": "sagemaker.amazonaws.com"}
            yield Need(
                f"{name}: give the model its role", sources.MODEL_ROLES, Request(role, "iam:PassRole", passed, passing)
            )
        if "KmsKeyId" in arguments:
            yield from needs_of_volume(application, name, role, arguments["KmsKeyId"])

    return needs


def _listing_endpoints(_a: DeployedStage, _e: Execution, role: str, name: str, _: Any) -> Iterator[Need]:
    yield Need(f"{name}: look for it", sources.ENDPOINTS, Request(role, "sagemaker:ListEndpoints"))


def _looking_at_models(application: DeployedStage, _: Execution, role: str, name: str, _a: Any) -> Iterator[Need]:
    group = application.stage.model_package_group_name
    if name == "FindWanted":
        for arn in group_and_package_arns(application, group):
            source = source_of(arn, group, sources.LISTING, sources.LISTING_ON_THE_GROUP)
            yield Need(f"{name}: list versions", source, Request(role, "sagemaker:ListModelPackages", arn))
        return
    for arn in package_arns(application, group):
        source = source_of(arn, group, sources.REGISTRY, sources.REGISTRY)
        yield Need(f"{name}: look at one", source, Request(role, "sagemaker:DescribeModelPackage", arn))


def _reading_the_smoke_test(
    application: DeployedStage, execution: Execution, role: str, name: str, _: Any
) -> Iterator[Need]:
    uri = _artefact(execution).replace("model.tar.gz", "smoke_test.json")
    reading = Need(f"{name}: read it", sources.SMOKE_TESTS, Request(role, "s3:GetObject", object_arn(uri)))
    yield from needs_of_object(application, reading)


def _scaling(operation: str) -> Callable[..., Iterator[Need]]:
    def needs(_: DeployedStage, _e: Execution, role: str, name: str, arguments: Any) -> Iterator[Need]:
        context = {
            "application-autoscaling:service-namespace": arguments["ServiceNamespace"],
            "application-autoscaling:scalable-dimension": arguments["ScalableDimension"],
        }
        request = Request(role, f"application-autoscaling:{operation}", "*", context)
        yield Need(f"{name}: {operation}", sources.SCALING, request)

    return needs


def _beginning_to_scale(
    application: DeployedStage, execution: Execution, role: str, name: str, arguments: Any
) -> Iterator[Need]:
    """Yield the call, and what Application Auto Scaling does in its caller's name."""
    yield from _scaling("RegisterScalableTarget")(application, execution, role, name, arguments)
    service, account = "sagemaker.application-autoscaling.amazonaws.com", application.deployment.account
    linked = f"arn:aws:iam::{account.id}:role/aws-service-role/{service}/{_LINKED_ROLE}"
    alarm = account.arn("cloudwatch", f"alarm:TargetTracking-{arguments['ResourceId']}-AlarmHigh-0a1b2c3d")
    for action, resource, context in (
        ("sagemaker:DescribeEndpoint", _named(application, "endpoint"), {}),
        ("sagemaker:DescribeEndpointConfig", _named(application, "endpoint-config"), {}),
        ("sagemaker:UpdateEndpointWeightsAndCapacities", _named(application, "endpoint"), {}),
        *((f"cloudwatch:{each}", alarm, {}) for each in ("PutMetricAlarm", "DescribeAlarms", "DeleteAlarms")),
        ("iam:CreateServiceLinkedRole", linked, {"iam:AWSServiceName": service}),
    ):
        yield Need(f"{name}: be scaled", sources.SCALING, Request(role, action, resource, context))


_LINKED_ROLE = "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"

_OPERATIONS = {
    "Describe": "DescribeEndpoint",
    "CreateModel": "CreateModel",
    "CreateConfiguration": "CreateEndpointConfig",
    "CreateEndpoint": "CreateEndpoint",
    "UpdateEndpoint": "UpdateEndpoint",
    "PutBack": "UpdateEndpoint",
    "DeleteFailed": "DeleteEndpoint",
    "AskEndpoint": "InvokeEndpoint",
}
"""By the state that makes the call."""

_NEEDS: Mapping[str, Callable[..., Iterator[Need]]] = {
    "listEndpoints": _listing_endpoints,
    "listModelPackages": _looking_at_models,
    "describeModelPackage": _looking_at_models,
    "describeEndpoint": _on("endpoint"),
    "createModel": _on("model"),
    "createEndpointConfig": _on("endpoint-config"),
    "createEndpoint": _on("endpoint", "endpoint-config"),
    "updateEndpoint": _on("endpoint", "endpoint-config"),
    "deleteEndpoint": _on("endpoint"),
    "invokeEndpoint": _on("endpoint"),
    "getObject": _reading_the_smoke_test,
    "deregisterScalableTarget": _scaling("DeregisterScalableTarget"),
    "registerScalableTarget": _beginning_to_scale,
    "putScalingPolicy": _scaling("PutScalingPolicy"),
}
"""By operation; one that is not here is new, and refused with a KeyError."""


def _needs_of_endpoint(application: DeployedStage, machine: Resource, execution: Execution) -> Iterator[Need]:
    """Yield what the role of the endpoint's containers needs."""
    role, states = _serving_role(machine), machine.properties["Definition"]["States"]
    opening = Request(role, "s3:GetObject", object_arn(_artefact(execution)))
    yield from needs_of_object(application, Need("endpoint: unpack the artefact", sources.SERVING, opening))
    yield from needs_to_pull(role, "endpoint", members(_serving(execution), "Image"))
    log = application.stage.endpoint_log_group
    stream = application.deployment.account.arn("logs", f"log-group:{log}:log-stream:AllTraffic/i-0a1b2c3d")
    for action in ("CreateLogStream", "PutLogEvents"):
        yield Need("endpoint: log", sources.SERVING, Request(role, f"logs:{action}", stream))
    metrics = {"cloudwatch:namespace": "/aws/sagemaker/Endpoints"}
    measuring = Request(role, "cloudwatch:PutMetricData", "*", metrics)
    yield Need("endpoint: report metrics", sources.SERVING, measuring)
    for each in states["UpdateEndpoint"]["Arguments"]["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]:
        alarm = application.deployment.account.arn("cloudwatch", f"alarm:{each['AlarmName']}")
        watching = Request(role, "cloudwatch:DescribeAlarms", alarm)
        yield Need("endpoint: be watched", sources.GUARDRAILS, watching)
    for capture in members(states["CreateConfiguration"]["Arguments"], "DataCaptureConfig"):
        uri = f"{capture['DestinationS3Uri']}/{application.stage.endpoint_name}/AllTraffic/2026/11/26/10/0a1b.jsonl"
        writing = Need("endpoint: keep answers", sources.CAPTURE, Request(role, "s3:PutObject", object_arn(uri)))
        yield from needs_of_object(application, writing)
    if any(members(states["CreateModel"]["Arguments"], "VpcConfig")):
        for action in NETWORK_ACTIONS:
            yield Need("endpoint: join the VPC", sources.NETWORKS, Request(role, f"ec2:{action}"))


def _named(application: DeployedStage, kind: str) -> str:
    name = application.stage.endpoint_name
    return application.deployment.account.arn(
        "sagemaker", f"{kind}/{name}" + ("" if kind == "endpoint" else f"-{NAME}")
    )


def _serving_role(machine: Resource) -> str:
    role: str = machine.properties["Definition"]["States"]["CreateModel"]["Arguments"]["ExecutionRoleArn"]
    return role


def _serving(execution: Execution) -> Mapping[str, Any]:
    (registration,) = (step for step in execution.steps if step.type == "RegisterModel")
    (found,) = execution.arguments(registration)["AdditionalInferenceSpecifications"]
    container: Mapping[str, Any] = found["Containers"][0]
    return container


def _artefact(execution: Execution) -> str:
    return str(_serving(execution)["ModelDataUrl"])
