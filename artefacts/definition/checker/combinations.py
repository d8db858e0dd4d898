"""Members of a request that the service takes in certain combinations only, which its model has no form for.

Source, where nothing else is said: the documentation of the shapes in botocore's model of SageMaker.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from artefacts.definition.references import is_expression

_EXACTLY_ONE: Mapping[str, tuple[str, ...]] = {
    "AlgorithmSpecification": ("TrainingImage", "AlgorithmName"),
    "DataSource": ("S3DataSource", "FileSystemDataSource", "DatasetSource"),
    "HyperParameterAlgorithmSpecification": ("TrainingImage", "AlgorithmName"),
    "HyperParameterTrainingJobDefinition": ("ResourceConfig", "HyperParameterTuningResourceConfig"),
    "ProcessingClusterConfig": ("InstanceType", "InstancePreferences"),
    "ProcessingInput": ("S3Input", "DatasetDefinition"),
    "ProcessingOutput": ("S3Output", "FeatureStoreOutput"),
    "ResourceConfig": ("InstanceType", "InstanceGroups", "InstancePreferences"),
}
_AT_MOST_ONE: Mapping[str, tuple[str, ...]] = {
    "CreateHyperParameterTuningJobRequest": ("TrainingJobDefinition", "TrainingJobDefinitions"),
    "CreateModelPackageInput": ("ModelPackageName", "ModelPackageGroupName"),
}
_NEEDS: Mapping[str, tuple[str, str]] = {
    "ProcessingClusterConfig": ("InstanceType", "InstanceCount"),
    "ResourceConfig": ("InstanceType", "InstanceCount"),
}
"""By shape: a member, and another that it needs."""

_PROCESSING = "/opt/ml/processing/"


def combination_faults(shape: str, value: Mapping[str, Any]) -> Iterator[str]:
    """Say what the service has against the members of *value* together, a structure of the service's *shape*."""
    alternatives = _EXACTLY_ONE.get(shape) or _AT_MOST_ONE.get(shape, ())
    found = [name for name in alternatives if name in value]
    if len(found) > 1:
        yield f"{' and '.join(found)} exclude each other: keep one"
    if not found and shape in _EXACTLY_ONE:
        yield f"none of {', '.join(alternatives)} is there: give one"
    if shape in _NEEDS:
        member, needed = _NEEDS[shape]
        if member in value and needed not in value:
            yield f"{needed} is missing: {member} needs it"
    yield from _RULES.get(shape, _nothing)(value)


def _nothing(_: Mapping[str, Any]) -> Iterator[str]:
    return iter(())


def _structure(value: Mapping[str, Any], member: str) -> Mapping[str, Any]:
    found = value.get(member)
    return found if isinstance(found, Mapping) else {}


def _input_faults(value: Mapping[str, Any]) -> Iterator[str]:
    yield from _path_faults(value, "S3Input")
    s3 = _structure(value, "S3Input")
    path = s3.get("LocalPath", _PROCESSING)
    if isinstance(path, str) and not path.startswith(_PROCESSING):
        yield f"LocalPath {path} of S3Input: begin with {_PROCESSING}"
    if s3.get("S3CompressionType") == "Gzip" and s3.get("S3InputMode") != "Pipe":
        yield f"S3CompressionType is Gzip and S3InputMode {s3.get('S3InputMode')}: only Pipe unpacks; set None"


def _output_faults(value: Mapping[str, Any]) -> Iterator[str]:
    # That an output needs it as an input does is our guess.
    yield from _path_faults(value, "S3Output")


def _path_faults(value: Mapping[str, Any], member: str) -> Iterator[str]:
    s3 = _structure(value, member)
    if s3 and "LocalPath" not in s3 and value.get("AppManaged") is not True:
        yield f"{member} has no LocalPath: give one, or set AppManaged to true"


def _spot_faults(value: Mapping[str, Any]) -> Iterator[str]:
    condition = _structure(value, "StoppingCondition")
    runtime, wait = condition.get("MaxRuntimeInSeconds"), condition.get("MaxWaitTimeInSeconds")
    if value.get("EnableManagedSpotTraining") is True and wait is None:
        yield "EnableManagedSpotTraining without a MaxWaitTimeInSeconds: set one in StoppingCondition"
    if value.get("EnableManagedSpotTraining") is not True and wait is not None:
        # That the service refuses it is our guess; nothing would ever wait.
        yield "MaxWaitTimeInSeconds without EnableManagedSpotTraining: remove it, or set that to true"
    if isinstance(wait, int) and isinstance(runtime, int) and wait < runtime:
        yield f"MaxWaitTimeInSeconds {wait} is less than MaxRuntimeInSeconds {runtime}: give at least as much"


def _range_faults(value: Mapping[str, Any]) -> Iterator[str]:
    texts = [value.get("MinValue"), value.get("MaxValue")]
    if not all(isinstance(text, str) for text in texts) or any(map(is_expression, texts)):
        return
    try:
        low, high = (float(str(text)) for text in texts)
    except ValueError:
        yield f"from {texts[0]!r} to {texts[1]!r}: write numbers"
        return
    scale = value.get("ScalingType")
    if not low <= high:  # our guess
        yield f"MinValue {texts[0]} is more than MaxValue {texts[1]}: exchange them"
    if scale == "Logarithmic" and not low > 0:
        yield f"MinValue {texts[0]} on a logarithmic scale: give more than 0, or another ScalingType"
    if scale == "ReverseLogarithmic" and not 0 <= low <= high < 1:
        yield f"from {texts[0]} to {texts[1]} on a reverse logarithmic scale: stay from 0 to below 1"


_RULES: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "ContinuousParameterRange": _range_faults,
    "CreateTrainingJobRequest": _spot_faults,
    "HyperParameterTrainingJobDefinition": _spot_faults,
    "IntegerParameterRange": _range_faults,
    "ProcessingInput": _input_faults,
    "ProcessingOutput": _output_faults,
}
