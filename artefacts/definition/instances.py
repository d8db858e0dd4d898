"""The machines that a step of a definition runs on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Instances:
    """The machines of a job; of a search, as many as it may have at once."""

    type: str
    count: int


def find_instances(arguments: Mapping[str, Any], parameters: Mapping[str, str]) -> Instances | None:
    """Return the instances of a step with these *arguments* where the pipeline's *parameters* are; None for no job.

    Of a search, as many as may run at once; towards the end there can be fewer.
    """
    if "TrainingJobDefinition" in arguments:
        each = find_instances(arguments["TrainingJobDefinition"], parameters)
        limits = arguments["HyperParameterTuningJobConfig"]["ResourceLimits"]
        return each and Instances(each.type, each.count * _count(limits["MaxParallelTrainingJobs"], parameters))
    cluster = arguments.get("ProcessingResources", {}).get("ClusterConfig") or arguments.get("ResourceConfig")
    if not cluster:
        return None
    return Instances(_resolve(cluster["InstanceType"], parameters), _count(cluster["InstanceCount"], parameters))


def _count(value: Any, parameters: Mapping[str, str]) -> int:
    return int(_resolve(value, parameters))


def _resolve(value: Any, parameters: Mapping[str, str]) -> str:
    """Return *value*, or that of the parameter it refers to; counts and types are nothing else."""
    match value:
        case {"Get": str(reference)}:
            return parameters[reference.removeprefix("Parameters.")]
        case _:
            return str(value)
