"""Rules about jobs: what they run on, how long, how many at a time."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from settings.checks.problem import Problem
from settings.checks.rules import Rule, choice_as, items, number, optional, suggest, text, whole, whole_as
from settings.options import FEATURE_COLUMNS, TOO_SMALL_FOR_SPARK, Stage

_LIKELY_TYPE = "ml.m5.xlarge"

# Families whose instances have disks of their own: those with a d behind the generation, and all of these; source:
# "Instance store volumes" in the EC2 user guide. A volume of theirs cannot have our key, and the service refuses it.
_OWN_DISK = re.compile(r"ml\.([a-z]+[0-9]+[a-z]*d[a-z]*|g[4-9][a-z]*|p[5-9][a-z]*(-[a-z0-9]+)?|trn[0-9]+[a-z]*)\..*")


def instance_type(shape: str) -> Rule:
    """Return the rule of an instance type of *shape*, with no disk of its own."""

    def check(name: str, value: Any) -> Iterator[Problem]:
        problems = list(choice_as(shape, _LIKELY_TYPE)(name, value))
        yield from problems
        if not problems and _OWN_DISK.fullmatch(value):
            yield Problem(
                name, f"is {value!r}, which has a disk that our key cannot encrypt: choose one without, {_LIKELY_TYPE}"
            )

    return check


_OLD_IMAGES = ("0.20.0", "0.23-1", "1.0-1", "1.2-1", "1.4-2")
"""Their Python is 3.10 or older, and `processing` needs 3.11; source: aws/sagemaker-scikit-learn-container,
docker/*/base/Dockerfile.cpu."""


def _check_image_version(name: str, value: Any) -> Iterator[Problem]:
    """Yield a version of another form, or whose Python is too old; whether there is such an image, the SDK knows."""
    if value in _OLD_IMAGES:
        yield Problem(name, f"is {value!r}, whose Python is older than the 3.11 that the jobs need: choose '1.9-0'")
    else:
        yield from text(r"[0-9]+(\.[0-9]+)+-[0-9]+[a-z0-9-]*", "give a tag such as '1.9-0'")(name, value)


_DIGEST = optional(text("sha256:[0-9a-f]{64}", "give sha256: and 64 hexadecimal digits, or None"))


def _check_seed(name: str, value: Any) -> Iterator[Problem]:
    """Yield a seed that cannot be the hash's key, or an argument of a container."""
    if not isinstance(value, str):
        yield Problem(name, f"is {value!r}: give text")
        return
    length = len(value.encode(errors="surrogatepass"))
    if not 1 <= length <= 64:  # what BLAKE2b takes as a key, and no empty argument
        yield Problem(name, f"is {value!r}, of {length} bytes: give 1 to 64")
    elif value.startswith("-") or value != value.strip() or not value.isprintable() or "${" in value:
        yield Problem(name, f"is {value!r}: leave out a hyphen in front, spaces around, ${{ and control characters")


def _check_feature_column(name: str, value: Any) -> Iterator[Problem]:
    """Yield what is no raw column that features are made from."""
    if value not in FEATURE_COLUMNS:
        found = f"is {value!r}, which no feature is made from"
        yield Problem(name, f"{found}: {suggest(value, FEATURE_COLUMNS, FEATURE_COLUMNS[0])}")


JOBS: Mapping[str, Rule] = {
    "processing.image_version": _check_image_version,
    "processing.image_digest": _DIGEST,
    "processing.spark_image_digest": _DIGEST,
    "processing.allowed_instance_types": items(instance_type("ProcessingInstanceType"), "instance types", 1),
    "processing.instance_count": whole_as("ProcessingInstanceCount"),
    "processing.volume_size_gb": whole_as("ProcessingVolumeSizeInGB"),
    "processing.max_runtime_s": whole_as("ProcessingMaxRuntimeInSeconds"),
    "processing.split_seed": _check_seed,
    "processing.maximum_rejected_share": number(0, 1),
    # Not all: a model without features predicts the same for everybody.
    "features.without": items(_check_feature_column, "columns", 0, len(FEATURE_COLUMNS) - 1),
    "training.image_digest": _DIGEST,
    "training.allowed_instance_types": items(instance_type("TrainingInstanceType"), "instance types", 1),
    # The service model's least is 0, of a job whose instances are in groups; there is no most but the account's quota.
    "training.instance_count": whole(1),
    # The model names no most; "Amazon EBS General Purpose SSD volumes" does, and `MaxRuntimeInSeconds` in words.
    "training.volume_size_gb": whole(1, 16_384),
    "training.max_runtime_s": whole(1, 28 * 86_400),
    "training.mini_batch_size": whole(1),
    # "Resource limits for automatic model tuning" in the SageMaker developer guide.
    "training.tuning.maximum_jobs": whole(1),
    "training.tuning.maximum_parallel_jobs": whole(1, 100),
    "training.tuning.max_runtime_s": whole(120, 30 * 86_400),
    "training.tuning.random_seed": whole(0, 2**31 - 1),
}


def check_engine(stage: Stage) -> Iterator[Problem]:
    """Yield instances that the engine does not use, or could not run on."""
    processing = stage.processing
    for name, count in _count_processing_instances(stage):
        if count.isdecimal() and int(count) > 1 and not processing.on_spark:
            yield Problem(name, f"is {count}, and engine {processing.engine!r} uses one: set engine='spark', or give 1")
    if processing.on_spark and processing.instance_type in TOO_SMALL_FOR_SPARK:
        found = f"is {processing.instance_type!r}, whose memory is too small for Spark"
        yield Problem("processing.instance_type", f"{found}: choose a larger one, such as {_LIKELY_TYPE!r}")


def _count_processing_instances(stage: Stage) -> Iterator[tuple[str, str]]:
    """Yield how many instances a start has, by the option that says so; a JSONPath in place of a number stays one."""
    yield "processing.instance_count", str(stage.processing.instance_count)
    parameter = "ProcessingInstanceCount"
    for option, start in (("schedule", stage.schedule), ("new_data_start", stage.new_data_start)):
        yield f"{option}.parameters.{parameter}", start.parameters.get(parameter, "1")


_MOST_JOBS = {"Bayesian": 750, "Random": 10_000}
"""From the same table, by strategy."""


def check_instance_types(stage: Stage) -> Iterator[Problem]:
    """Yield the default type of jobs where a start could not choose it."""
    for group, jobs in (("processing", stage.processing), ("training", stage.training)):
        if jobs.instance_type not in jobs.allowed_instance_types:
            yield Problem(
                f"{group}.instance_type",
                f"is {jobs.instance_type!r}, which is not in allowed_instance_types: add it there, or choose"
                f" {' or '.join(map(repr, jobs.allowed_instance_types))}",
            )


def check_search(stage: Stage) -> Iterator[Problem]:
    """Yield numbers of jobs that do not fit the strategy or each other."""
    tuning = stage.training.tuning
    if tuning is None:
        return
    yield from whole(1, _MOST_JOBS[tuning.strategy])("training.tuning.maximum_jobs", tuning.maximum_jobs)
    if tuning.maximum_parallel_jobs > tuning.maximum_jobs:
        yield Problem(
            "training.tuning.maximum_parallel_jobs",
            f"is {tuning.maximum_parallel_jobs}: give at most maximum_jobs, {tuning.maximum_jobs}",
        )
