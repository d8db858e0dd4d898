"""What the service itself says of its requests and answers: botocore's model of SageMaker."""

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape, StructureShape

STEP_ERRORS = frozenset({"Step.SERVICE_FAULT", "Step.THROTTLING"})
JOB_ERRORS = frozenset({"SageMaker.JOB_INTERNAL_ERROR", "SageMaker.CAPACITY_ERROR", "SageMaker.RESOURCE_LIMIT"})


class Operation(NamedTuple):
    """How the service runs a step of one type."""

    create: str
    """The operation whose request is the step's Arguments."""
    describe: tuple[str, ...]
    """The operations whose answers references to the step are looked up in."""
    retried: frozenset[str]
    """Errors that a retry policy can name; source: "Retry policy for pipeline steps" in the developer guide."""
    job_name: str = ""
    """The member with the job's name, which the service completes."""
    needed: tuple[str, ...] = ()
    """Members that the model calls optional and a pipeline cannot do without."""


OPERATIONS: Mapping[str, Operation] = {
    "Processing": Operation(
        "CreateProcessingJob", ("DescribeProcessingJob",), STEP_ERRORS | JOB_ERRORS, "ProcessingJobName"
    ),
    "Training": Operation(
        "CreateTrainingJob",
        ("DescribeTrainingJob",),
        STEP_ERRORS | JOB_ERRORS,
        "TrainingJobName",
        needed=("AlgorithmSpecification", "InputDataConfig", "ResourceConfig"),
    ),
    "Tuning": Operation(
        "CreateHyperParameterTuningJob",
        ("DescribeHyperParameterTuningJob", "ListTrainingJobsForHyperParameterTuningJob"),
        # Internal errors are retried job by job: TrainingJobDefinition.RetryStrategy.
        STEP_ERRORS | JOB_ERRORS - {"SageMaker.JOB_INTERNAL_ERROR"},
        "HyperParameterTuningJobName",
        needed=("TrainingJobDefinition",),
    ),
    "RegisterModel": Operation(
        "CreateModelPackage",
        ("DescribeModelPackage",),
        STEP_ERRORS,
        needed=("ModelPackageGroupName", "InferenceSpecification"),
    ),
}

# The model's patterns are Java's; these are the classes of it that Python writes otherwise.
_JAVA_CLASSES = {r"\p{L}": r"\w", r"\p{N}": r"\d", r"\p{Z}": " "}

_SHOWN = 300
"""Characters of a value that is too long: a model card is one, too."""

_IN_WORDS = {"CustomerMetadataValue": "use letters, digits, spaces and _.:/=+-@ only"}
"""What a pattern says, where people meet it: in the version of their data."""


@functools.cache
def service(name: str = "sagemaker") -> ServiceModel:
    """Return botocore's model of a service, whatever AWS configuration the user has."""
    return ServiceModel(Loader().load_service_model(name, "service-2"), name)


def request_shape(step_type: str) -> StructureShape:
    """Return the shape of a step's Arguments."""
    return cast(StructureShape, service().operation_model(OPERATIONS[step_type].create).input_shape)


def answer_shapes(step_type: str) -> list[StructureShape]:
    """Return the shapes whose members a reference to the step can name."""
    names = OPERATIONS[step_type].describe
    return [cast(StructureShape, service().operation_model(name).output_shape) for name in names]


def faults(value: Any, shape: Shape) -> Iterator[str]:
    """Say what *shape*, of a simple type, has against a literal *value*."""
    if not _is_a(value, shape.type_name):
        yield f"{value!r} is not of type {shape.type_name}: write one that is"
        return
    limits = shape.metadata
    size = len(value) if isinstance(value, str) else value
    unit = " characters" if isinstance(value, str) else ""
    if "max" in limits and size > limits["max"]:
        yield f"{repr(value)[:_SHOWN]} is more than {limits['max']}{unit}: shorten it"
    if "min" in limits and size < limits["min"]:
        yield f"{value!r} is less than {limits['min']}{unit}: give more"
    enum = getattr(shape, "enum", None)
    if enum and value not in enum:
        yield f"{value!r} is not a {shape.name} of the service: choose one, such as {enum[0]}"
    pattern = _compiled(limits["pattern"]) if "pattern" in limits else None
    if pattern and not pattern.fullmatch(value):
        remedy = _IN_WORDS.get(shape.name, f"write one that matches {limits['pattern']}")
        yield f"{value!r} is not a {shape.name}: {remedy}"


def _is_a(value: Any, type_name: str) -> bool:
    match type_name:
        case "string":
            return isinstance(value, str)
        case "integer" | "long":
            return isinstance(value, int) and not isinstance(value, bool)
        case "float" | "double":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case _:
            return False


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Return *pattern* for Python, or None where it uses what Python has not."""
    text = re.sub(r"\$\{\d+,\d+\}$", "", pattern)
    for java, python in _JAVA_CLASSES.items():
        text = text.replace(java, python)
    try:
        return re.compile(text, re.DOTALL)
    except re.error:
        return None
