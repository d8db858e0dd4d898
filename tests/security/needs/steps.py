"""What the pipeline's role needs to run the steps of the definition."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from artefacts.definition.checker.service_model import OPERATIONS
from artefacts.definition.graph import Step
from artefacts.iam.conditions import Context
from artefacts.iam.evaluator import Request
from tests.security import sources
from tests.security.deployed_stage import DeployedStage
from tests.security.execution import Execution, Members
from tests.security.needs.encryption import needs_of_object, needs_of_volume
from tests.security.needs.locations import object_arn
from tests.security.needs.need import Need
from tests.security.needs.registry import group_and_package_arns, group_arns, package_arns, source_of
from tests.security.sources import Source


def members(node: Any, name: str) -> Iterator[Any]:
    """Yield the value of every member called *name*, however deep in *node*."""
    match node:
        case dict():
            if name in node:
                yield node[name]
            for value in node.values():
                yield from members(value, name)
        case list():
            for item in node:
                yield from members(item, name)


def pipeline_role(application: DeployedStage) -> str:
    """Return the ARN of the role that runs the steps."""
    (pipeline,) = application.resources("AWS::SageMaker::Pipeline")
    arn: str = pipeline.properties["RoleArn"]
    return arn


def job_arn(application: DeployedStage, execution: Execution, step: Step) -> str:
    """Return the ARN of the job that *step* starts."""
    kind = OPERATIONS[step.type].create.removeprefix("Create")
    resource = re.sub(r"(?<!^)(?=[A-Z])", "-", kind).lower()
    return application.deployment.account.arn("sagemaker", f"{resource}/{execution.job_name(step)}")


def needs_of_step(application: DeployedStage, execution: Execution, step: Step) -> Iterator[Need]:
    """Yield what the pipeline's role needs for *step*."""
    yield from _NEEDS[step.type](application, execution, step)
    for file in step.document.get("PropertyFiles", ()):
        yield from _reading_figures(application, execution, step, file)


def _running_a_job(application: DeployedStage, execution: Execution, step: Step) -> Iterator[Need]:
    caller, arguments = pipeline_role(application), execution.arguments(step)
    operation, job = OPERATIONS[step.type], job_arn(application, execution, step)
    facts = _facts(arguments)
    stop = operation.create.replace("Create", "Stop", 1)
    for call in (operation.create, *operation.describe, stop):
        context = facts if call == operation.create else {}
        yield Need(f"{step.name}: {call}", _source(call), Request(caller, f"sagemaker:{call}", job, context))
    yield Need(f"{step.name}: tag the job", sources.TAGS, Request(caller, "sagemaker:AddTags", job))
    for role in members(arguments, "RoleArn"):
        context = {"iam:PassedToService": "sagemaker.amazonaws.com", "iam:AssociatedResourceArn": job}
        request = Request(caller, "iam:PassRole", role, context)
        yield Need(f"{step.name}: pass the job its role", sources.PASSING, request)
    for key in members(arguments, "VolumeKmsKeyId"):
        yield from needs_of_volume(application, step.name, caller, key)


def _source(call: str) -> Source:
    if call.startswith("Stop"):
        return sources.STOPPING
    return sources.SEARCHES if "HyperParameterTuning" in call else sources.JOBS


def _facts(arguments: Members) -> Context:
    """Return what IAM knows of a request for a job, where all data sets agree on the key."""
    texts = {
        "sagemaker:NetworkIsolation": [str(each).lower() for each in members(arguments, "EnableNetworkIsolation")],
        "sagemaker:InterContainerTrafficEncryption": [
            str(each).lower() for each in members(arguments, "EnableInterContainerTrafficEncryption")
        ],
        "sagemaker:MaxRuntimeInSeconds": [str(each) for each in members(arguments, "MaxRuntimeInSeconds")][:1],
    }
    lists = {
        "sagemaker:InstanceTypes": tuple(members(arguments, "InstanceType")),
        "sagemaker:VpcSubnets": tuple(subnet for each in members(arguments, "Subnets") for subnet in each),
        "sagemaker:VpcSecurityGroupIds": tuple(
            group for each in members(arguments, "SecurityGroupIds") for group in each
        ),
    }
    tags = {tag["Key"]: tag["Value"] for each in members(arguments, "Tags") for tag in each}
    return {
        **{f"aws:RequestTag/{key}": value for key, value in tags.items()},
        **({"aws:TagKeys": tuple(tags)} if tags else {}),
        **{key: values[0] for key, values in texts.items() if values},
        **{key: values for key, values in lists.items() if values},
    }


def _calling_a_function(application: DeployedStage, execution: Execution, step: Step) -> Iterator[Need]:
    function = execution.value(step.document["FunctionArn"])
    request = Request(pipeline_role(application), "lambda:InvokeFunction", function)
    yield Need(f"{step.name}: call the function", sources.FUNCTION_CALLS, request)


def _registering(application: DeployedStage, execution: Execution, step: Step) -> Iterator[Need]:
    arguments, caller = execution.arguments(step), pipeline_role(application)
    group, status = arguments["ModelPackageGroupName"], arguments["ModelApprovalStatus"]

    def need(what: str, call: str, arn: str, source: Source, **context: str) -> Need:
        request = Request(caller, f"sagemaker:{call}", arn, context)
        return Need(f"{step.name}: {what}", source_of(arn, group, source, source), request)

    for arn in group_arns(application, group):
        # It is called whether the group exists or not, and no status is in it.
        yield need("find the group there", "CreateModelPackageGroup", arn, sources.GROUP)
        yield need("tag the group", "AddTags", arn, sources.TAGS)
    for arn in group_and_package_arns(application, group):
        source = source_of(arn, group, sources.REGISTRATION, sources.CREATION_ON_THE_GROUP)
        status_key = {"sagemaker:ModelApprovalStatus": status}
        yield need(f"register as {status}", "CreateModelPackage", arn, source, **status_key)
    for arn in package_arns(application, group):
        yield need("tag the version", "AddTags", arn, sources.TAGS)
        yield need("look at the version", "DescribeModelPackage", arn, sources.REGISTERED)
    opened = dict.fromkeys(members(arguments["InferenceSpecification"], "ModelDataUrl"), sources.ARTEFACT)
    others = arguments.get("AdditionalInferenceSpecifications", [])
    opened |= dict.fromkeys(members(others, "ModelDataUrl"), sources.SERVING_ARTEFACT)
    opened |= dict.fromkeys(members(arguments, "SamplePayloadUrl"), sources.SAMPLE_PAYLOAD)
    for uri, source in opened.items():
        what = f"{step.name}: open {'/'.join(uri.split('/')[-2:])}"
        yield from needs_of_object(application, Need(what, source, Request(caller, "s3:GetObject", object_arn(uri))))


def _reading_figures(application: DeployedStage, execution: Execution, step: Step, file: Members) -> Iterator[Need]:
    outputs = execution.arguments(step)["ProcessingOutputConfig"]
    (folder,) = (each["S3Output"]["S3Uri"] for each in outputs["Outputs"] if each["OutputName"] == file["OutputName"])
    need = Need(
        f"{step.name}: read the figures of {file['PropertyFileName']}",
        sources.PROPERTY_FILES,
        Request(pipeline_role(application), "s3:GetObject", object_arn(f"{folder}/{file['FilePath']}")),
    )
    yield from needs_of_object(application, need, outputs.get("KmsKeyId", ""))


def _nothing(*_: Any) -> Iterator[Need]:
    yield from ()


_NEEDS: Mapping[str, Callable[[DeployedStage, Execution, Step], Iterator[Need]]] = {
    "Processing": _running_a_job,
    "Training": _running_a_job,
    "Tuning": _running_a_job,
    "Lambda": _calling_a_function,
    "RegisterModel": _registering,
    "Condition": _nothing,
    "Fail": _nothing,
}
"""By step type; the definition's steps of another type are refused with a KeyError."""
