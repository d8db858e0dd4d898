"""Rules about job steps: what is tried again, how long a job may run, what it may be called, where its files lie."""

from collections import Counter
from collections.abc import Iterator
from itertools import permutations
from typing import Any

from artefacts.definition.checker.document import Definition
from artefacts.definition.checker.problem import Problem
from artefacts.definition.checker.service_model import OPERATIONS, request_shape
from artefacts.definition.images import SPARK_REPOSITORY

JOB_NAME_SUFFIX = 27
"""Characters that the service adds to a job's name: `-<execution id>-<entity token>-<failure count>`, 12, 10 and up to
2 of them; aws/sagemaker-python-sdk, pull request 3946."""


def check_retries(definition: Definition) -> Iterator[Problem]:
    """Yield retry policies that the service refuses."""
    for step in definition.steps:
        policies = step.document.get("RetryPolicies", [])
        allowed = OPERATIONS[step.type].retried if step.type in OPERATIONS else frozenset()
        for index, policy in enumerate(policies):
            path = f"{step.name}.RetryPolicies[{index}]"
            for error in sorted(set(policy["ExceptionType"]) - allowed):
                use = ", ".join(sorted(allowed)) or "no retry policy"
                yield Problem(path, f"{error} is not retried by a {step.type} step: use {use}")
            if ("MaxAttempts" in policy) == ("ExpireAfterMin" in policy):
                yield Problem(path, "no limit, or two: give either MaxAttempts or ExpireAfterMin")
        for error, count in Counter(error for policy in policies for error in policy["ExceptionType"]).items():
            if count > 1:
                yield Problem(f"{step.name}.RetryPolicies", f"{error} appears in {count} policies: keep one")


def check_runtimes(definition: Definition) -> Iterator[Problem]:
    """Yield jobs that could run, and cost, without end."""
    for job in definition.jobs:
        if "MaxRuntimeInSeconds" not in job.arguments.get("StoppingCondition", {}):
            yield Problem(f"{job.path}.StoppingCondition", "no MaxRuntimeInSeconds: set one")
        search = job.step.arguments.get("HyperParameterTuningJobConfig", {}).get("ResourceLimits")
        if search is not None and "MaxRuntimeInSeconds" not in search:
            path = f"{job.step.name}.Arguments.HyperParameterTuningJobConfig.ResourceLimits"
            yield Problem(path, "no MaxRuntimeInSeconds: set one")


def check_job_names(definition: Definition) -> Iterator[Problem]:
    """Yield job names that leave no room for what the service adds."""
    for step in (job.step for job in definition.jobs):
        member = OPERATIONS[step.type].job_name
        most = request_shape(step.type).members[member].metadata["max"] - JOB_NAME_SUFFIX
        name = step.arguments.get(member, "")
        if isinstance(name, str) and len(name) > most:
            text = f"{name!r} leaves no room for the {JOB_NAME_SUFFIX} characters that the service adds"
            yield Problem(f"{step.name}.Arguments.{member}", f"{text}: give at most {most}")


def check_distribution(definition: Definition) -> Iterator[Problem]:
    """Yield inputs of jobs on Spark that not every instance has: Spark may give any of them any part to read."""
    for job in definition.jobs:
        if SPARK_REPOSITORY not in str(job.arguments.get("AppSpecification", {}).get("ImageUri")):
            continue
        for index, each in enumerate(job.arguments.get("ProcessingInputs", [])):
            found = each.get("S3Input", {}).get("S3DataDistributionType", "FullyReplicated")
            if found != "FullyReplicated":
                path = f"{job.path}.ProcessingInputs[{index}].S3Input.S3DataDistributionType"
                yield Problem(path, f"{found}, and any instance may read any file on Spark: set FullyReplicated")


def check_folders(definition: Definition) -> Iterator[Problem]:
    """Yield inputs and outputs of a job with the same name, or whose folders lie in each other."""
    for job in definition.jobs:
        inputs = job.arguments.get("ProcessingInputs", [])
        outputs = job.arguments.get("ProcessingOutputConfig", {}).get("Outputs", [])
        channels = job.arguments.get("InputDataConfig", [])
        path = job.path
        for member, items in (("InputName", inputs), ("OutputName", outputs), ("ChannelName", channels)):
            for name, count in Counter(item.get(member) for item in items).items():
                if count > 1:
                    yield Problem(path, f"{member} {name} appears {count} times: give each its own")
        paths = [_local_path(item) for item in [*inputs, *outputs] if _local_path(item)]
        for one, other in permutations(paths, 2):
            if f"{other}/".startswith(f"{one}/"):
                yield Problem(path, f"LocalPath {one} holds {other}: give each a folder beside the others")


def _local_path(item: dict[str, Any]) -> str:
    match item:
        case {"S3Input": {"LocalPath": path}} | {"S3Output": {"LocalPath": path}}:
            return str(path).rstrip("/")
        case _:
            return ""
