"""What the functions that steps call need, learnt by letting them run."""

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from artefacts.definition.graph import Step
from artefacts.iam import Resource
from artefacts.iam.evaluator import Request
from functions import publish_quality
from functions.find_champion import find_champion
from functions.find_traffic import find_traffic
from pipeline_definition import names
from settings import MODELS_PREFIX
from tests.security import sources
from tests.security.deployed_stage import DeployedStage
from tests.security.execution import Execution, Members
from tests.security.needs.need import Need
from tests.security.needs.registry import group_and_package_arns, package_arns, source_of


class Call(NamedTuple):
    """A call that a function makes."""

    operation: str
    request: Members


def answer_in_turn(application: DeployedStage, execution: Execution, champion: Execution | None) -> Execution:
    """Return *execution* with the answers of its functions where the model of *champion*, or none, is approved."""
    for step in execution.steps:
        if step.type == "Lambda":
            found, _ = _run(application, execution, step, champion)
            execution = replace(execution, answers={**execution.answers, step.name: found})
    return execution


def needs_of_function(application: DeployedStage, execution: Execution, step: Step) -> Iterator[Need]:
    """Yield what the role of *step*'s function needs."""
    function = _function(application, execution, step)
    role: str = function.properties["Role"]
    _, calls = _run(application, execution, step, execution)
    for call in calls:
        yield from _CHECKED[call.operation](application, step.name, role, call)
    (group,) = (
        each.arn.removesuffix(":*")
        for each in application.resources("AWS::Logs::LogGroup")
        if each.arn.endswith(f":{function.properties['LoggingConfig']['LogGroup']}:*")
    )
    for action in ("CreateLogStream", "PutLogEvents"):
        stream = f"{group}:log-stream:2026/11/23/[$LATEST]0a1b2c3d"
        yield Need(f"{step.name}: log", sources.FUNCTION_LOGS, Request(role, f"logs:{action}", stream))


@functools.cache
def _client(service: Literal["sagemaker", "s3"]) -> Any:
    client = boto3.client(
        service,
        region_name="eu-west-1",
        aws_access_key_id="offline",
        aws_secret_access_key="offline",  # noqa: S106 - signs nothing: every call is answered before it is sent  # pragma: allowlist secret
    )
    client.meta.events.register("before-parameter-build", lambda params, context, **_: context.update(asked=params))
    return client


def _listing_models(application: DeployedStage, step: str, role: str, call: Call) -> Iterator[Need]:
    group = call.request["ModelPackageGroupName"]
    for arn in group_and_package_arns(application, group):
        source = source_of(arn, group, sources.LISTING, sources.LISTING_ON_THE_GROUP)
        yield Need(f"{step}: {call.operation}", source, Request(role, f"sagemaker:{call.operation}", arn))


def _looking_at_one(application: DeployedStage, step: str, role: str, call: Call) -> Iterator[Need]:
    group = application.stage.model_package_group_name
    for arn in package_arns(application, group):
        source = source_of(arn, group, sources.REGISTRY, sources.REGISTRY)
        yield Need(f"{step}: {call.operation}", source, Request(role, f"sagemaker:{call.operation}", arn))


def _listing_objects(_: DeployedStage, step: str, role: str, call: Call) -> Iterator[Need]:
    prefix = call.request["Prefix"]
    request = Request(role, "s3:ListBucket", f"arn:aws:s3:::{call.request['Bucket']}", {"s3:prefix": prefix})
    yield Need(f"{step}: look below {prefix}", sources.LISTED_OBJECTS, request)


_CHECKED: Mapping[str, Callable[[DeployedStage, str, str, Call], Iterator[Need]]] = {
    "ListModelPackages": _listing_models,
    "DescribeModelPackage": _looking_at_one,
    "ListObjectsV2": _listing_objects,
}
"""What IAM checks a call against; a call that is not here is new, and refused with a KeyError."""

_RUN: Mapping[str, Callable[[Members], Members]] = {
    "find_champion.handler": lambda event: find_champion(
        _client("sagemaker"), event["ModelPackageGroupName"], event["NoChampion"]
    ),
    "find_traffic.handler": lambda event: find_traffic(_client("s3"), dict(event)),
    "publish_quality.handler": lambda event: publish_quality.handler(dict(event), None),
}
"""By the function's handler."""


def _function(application: DeployedStage, execution: Execution, step: Step) -> Resource:
    function = application.with_arn(execution.value(step.document["FunctionArn"]))
    assert function, f"{step.name} calls a function that is not ours"
    return function


def _run(
    application: DeployedStage, execution: Execution, step: Step, champion: Execution | None
) -> tuple[Members, list[Call]]:
    """Run the function's code where the model of *champion*, or none, is approved; return its answer and its calls."""
    package = _registered(application, champion) if champion else None
    answers: Mapping[str, Callable[[Members], Any]] = {
        "ListModelPackages": lambda request: {
            "ModelPackageSummaryList": [
                {"ModelPackageArn": arn}
                for arn in [*package_arns(application, request["ModelPackageGroupName"])][-1:]
                if package
            ]
        },
        "DescribeModelPackage": lambda _: package,
        "ListObjectsV2": lambda request: {
            "Contents": [
                {"Key": f"{request['Prefix']}2026/11/25/06/1.jsonl", "LastModified": datetime(2026, 11, 25, tzinfo=UTC)}
            ]
        },
    }
    calls: list[Call] = []

    def reply(model: Any, context: Any, **_: Any) -> tuple[AWSResponse, Any]:
        calls.append(Call(model.name, context["asked"]))
        return AWSResponse("https://no.network", 200, HTTPHeaders(), None), answers[model.name](context["asked"])

    with _answered_by(reply):
        found = _RUN[_function(application, execution, step).properties["Handler"]](execution.arguments(step))
    return found, calls


def _registered(application: DeployedStage, execution: Execution) -> Members:
    """Return the version that *execution* registers, or that another pipeline did."""
    registration = next((step for step in execution.steps if step.type == "RegisterModel"), None)
    if registration:
        return execution.arguments(registration)
    folder = f"s3://{application.output('DataBucketName')}/{MODELS_PREFIX}{execution.id}"
    serving = f"{folder}/{names.SERVING}/{names.SERVING_FILE}"
    evaluation, statistics = (
        {"Statistics": {"S3Uri": f"{folder}/{name}"}}
        for name in (
            f"{names.EVALUATION}/{names.EVALUATION_FILE}",
            f"{names.DATA_QUALITY}/{names.DATA_QUALITY_FILE}",
        )
    )
    return {
        "InferenceSpecification": {"Containers": [{"ModelDataUrl": f"{folder}/{names.MODEL_FILE}"}]},
        "AdditionalInferenceSpecifications": [{"Name": names.RAW_RECORDS, "Containers": [{"ModelDataUrl": serving}]}],
        "CustomerMetadataProperties": {"FeatureModel": f"{folder}/{names.FEATURE_MODEL}"},
        "ModelMetrics": {"ModelQuality": evaluation},
        "DriftCheckBaselines": {"ModelDataQuality": statistics},
    }


@contextmanager
def _answered_by(reply: Callable[..., Any]) -> Iterator[None]:
    """Let *reply* answer every call before it is sent."""
    every: list[Any] = [_client(service).meta.events for service in ("sagemaker", "s3")]
    for events in every:
        events.register(_BEFORE_CALLS, reply)
    try:
        yield
    finally:
        for events in every:
            events.unregister(_BEFORE_CALLS, reply)


_BEFORE_CALLS = "before-call"
