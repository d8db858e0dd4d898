"""What the function that finds the champion needs, learnt by letting it run."""

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from artefacts.definition.graph import Step
from artefacts.iam.evaluator import Request
from functions.find_champion import find_champion
from pipeline_definition.names import EVALUATION, EVALUATION_FILE, MODEL_FILE, RAW_RECORDS, SERVING, SERVING_FILE
from settings import MODELS_PREFIX
from tests.security import sources
from tests.security.deployed_stage import DeployedStage
from tests.security.execution import Execution, Members
from tests.security.needs.need import Need
from tests.security.needs.registry import group_and_package_arns, package_arns, source_of
from tests.security.sources import Source

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient


def answer(application: DeployedStage, execution: Execution, step: Step) -> Members:
    """Return what the function answers when *execution* asks it for the first time: there is no champion."""
    found, _ = _run(application, execution.arguments(step), None)
    return found


def answer_after(application: DeployedStage, earlier: Execution, step: Step) -> Members:
    """Return what the function answers once the model of *earlier* is approved."""
    found, _ = _run(application, earlier.arguments(step), _registered(application, earlier))
    return found


def needs_of_function(application: DeployedStage, earlier: Execution, step: Step) -> Iterator[Need]:
    """Yield what the role of *step*'s function needs."""
    function = application.with_arn(earlier.value(step.document["FunctionArn"]))
    assert function, f"{step.name} calls a function that is not ours"
    role, arguments = function.properties["Role"], earlier.arguments(step)
    _, calls = _run(application, arguments, _registered(application, earlier))
    for call in calls:
        for arn in _ARNS[call](application, arguments["ModelPackageGroupName"]):
            source = source_of(arn, arguments["ModelPackageGroupName"], *_SOURCES[call])
            yield Need(f"{step.name}: {call}", source, Request(role, f"sagemaker:{call}", arn))
    (group,) = (
        each.arn.removesuffix(":*")
        for each in application.resources("AWS::Logs::LogGroup")
        if each.arn.endswith(f":{function.properties['LoggingConfig']['LogGroup']}:*")
    )
    for action in ("CreateLogStream", "PutLogEvents"):
        stream = f"{group}:log-stream:2026/11/23/[$LATEST]0a1b2c3d"
        yield Need(f"{step.name}: log", sources.FUNCTION_LOGS, Request(role, f"logs:{action}", stream))


_ARNS: Mapping[str, Callable[[DeployedStage, str], Iterator[str]]] = {
    "ListModelPackages": group_and_package_arns,
    "DescribeModelPackage": package_arns,
}
"""What IAM checks a call against; a call that is not here is new, and refused with a KeyError."""
_SOURCES: Mapping[str, tuple[Source, Source]] = {
    "ListModelPackages": (sources.LISTING, sources.LISTING_ON_THE_GROUP),
    "DescribeModelPackage": (sources.REGISTRY, sources.REGISTRY),
}


_BEFORE_CALLS = "before-call.sagemaker.*"


def _registered(application: DeployedStage, execution: Execution) -> Members:
    """Return the version that *execution* registers, or that another pipeline did."""
    registration = next((step for step in execution.steps if step.type == "RegisterModel"), None)
    if registration:
        return execution.arguments(registration)
    folder = f"s3://{application.output('DataBucketName')}/{MODELS_PREFIX}{execution.id}"
    raw = {"Name": RAW_RECORDS, "Containers": [{"ModelDataUrl": f"{folder}/{SERVING}/{SERVING_FILE}"}]}
    return {
        "InferenceSpecification": {"Containers": [{"ModelDataUrl": f"{folder}/{MODEL_FILE}"}]},
        "AdditionalInferenceSpecifications": [raw],
        "CustomerMetadataProperties": {"FeatureModel": f"{folder}/feature-model"},
        "ModelMetrics": {"ModelQuality": {"Statistics": {"S3Uri": f"{folder}/{EVALUATION}/{EVALUATION_FILE}"}}},
        "DriftCheckBaselines": {"ModelDataQuality": {"Statistics": {"S3Uri": f"{folder}/data-quality/x.json"}}},
    }


def _run(application: DeployedStage, arguments: Members, package: Members | None) -> tuple[Members, list[str]]:
    """Run the function's code where *package*, or nothing, is approved; return its answer and the calls it made."""
    calls: list[str] = []
    arn = list(package_arns(application, arguments["ModelPackageGroupName"]))[-1]
    answers: Mapping[str, Any] = {
        "ListModelPackages": {"ModelPackageSummaryList": [{"ModelPackageArn": arn}] if package else []},
        "DescribeModelPackage": package,
    }

    def reply(model: Any, **_: Any) -> tuple[AWSResponse, Any]:
        calls.append(model.name)
        return AWSResponse("https://no.network", 200, HTTPHeaders(), None), answers[model.name]

    client = _client()
    events: Any = client.meta.events  # its type does not know that a handler may answer
    events.register(_BEFORE_CALLS, reply)
    try:
        found = find_champion(client, arguments["ModelPackageGroupName"], arguments["NoChampion"])
    finally:
        events.unregister(_BEFORE_CALLS, reply)
    return found, calls


@functools.cache
def _client() -> "SageMakerClient":
    return boto3.client(
        "sagemaker",
        region_name="eu-west-1",
        aws_access_key_id="offline",
        aws_secret_access_key="offline",  # noqa: S106 - signs nothing: every call is answered before it is sent  # pragma: allowlist secret
    )
