"""Rules that protect pay data: each job's volume and outputs have a customer-managed key, and its code no network."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from artefacts.definition.checker.document import Definition, Job
from artefacts.definition.checker.problem import Problem

_FAMILY = re.compile(r"ml\.([a-z]+\d+)([a-z-]*)\.")

_WITH_LOCAL_STORAGE = frozenset(
    {"g4dn", "g5", "g6", "g6e", "gr6", "p3dn", "p4d", "p4de", "p5", "p5e", "p5en", "trn1", "trn2"}
)
"""Families whose disk is not a volume, beside those with a `d` in their names.

Source: "Protect Data at Rest Using Encryption" in the SageMaker developer guide.
"""


def check_keys(definition: Definition) -> Iterator[Problem]:
    """Yield jobs whose volume or outputs have no customer-managed key."""
    for job in definition.jobs:
        path, resources = _resources(job)
        if "VolumeKmsKeyId" not in resources:
            yield Problem(path, "no VolumeKmsKeyId: name the key that encrypts the volume")
        for member in ("ProcessingOutputConfig", "OutputDataConfig"):
            if member in job.arguments and "KmsKeyId" not in job.arguments[member]:
                yield Problem(f"{job.path}.{member}", "no KmsKeyId: name the key that encrypts the outputs")


def check_volume_keys(definition: Definition) -> Iterator[Problem]:
    """Yield jobs that may run on an instance whose disk cannot be encrypted with a customer-managed key."""
    for job in definition.jobs:
        path, resources = _resources(job)
        if "VolumeKmsKeyId" in resources:
            at = f"{path}.InstanceType"
            yield from (Problem(at, text) for text in _faults(resources.get("InstanceType"), definition))


def _faults(instance_type: Any, definition: Definition) -> Iterator[str]:
    match instance_type:
        case {"Get": str(text)} if text.startswith("Parameters."):
            parameter = definition.parameters.get(text.removeprefix("Parameters."), {})
            if "EnumValues" not in parameter:
                yield f"{text} may be any type, also one whose disk takes no key: give it EnumValues"
            for value in parameter.get("EnumValues", []):
                yield from _faults(value, definition)
        case str() if _has_local_storage(instance_type):
            yield f"{instance_type} has a disk of its own, which takes no VolumeKmsKeyId: choose another type"


def _has_local_storage(instance_type: str) -> bool:
    match = _FAMILY.match(instance_type)
    return match is not None and ("d" in match[2] or match[1] + match[2] in _WITH_LOCAL_STORAGE)


def check_isolation(definition: Definition) -> Iterator[Problem]:
    """Yield jobs whose code could reach a network, or whose instances talk to each other in the clear."""
    for job in definition.jobs:
        # A processing job has these in its NetworkConfig, training jobs have them themselves.
        is_processing = "AppSpecification" in job.arguments
        path = f"{job.path}.NetworkConfig" if is_processing else job.path
        network = job.arguments.get("NetworkConfig", {}) if is_processing else job.arguments
        for member in ("EnableNetworkIsolation", "EnableInterContainerTrafficEncryption"):
            if network.get(member) is not True:
                yield Problem(path, f"{member} is {network.get(member)}: set it to true")


def _resources(job: Job) -> tuple[str, Mapping[str, Any]]:
    """Return what a job runs on, and where that stands."""
    if "ProcessingResources" in job.arguments:
        resources = job.arguments["ProcessingResources"].get("ClusterConfig", {})
        return f"{job.path}.ProcessingResources.ClusterConfig", resources
    return f"{job.path}.ResourceConfig", job.arguments.get("ResourceConfig", {})
