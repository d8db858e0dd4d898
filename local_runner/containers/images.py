"""Which program stands for which image. An image that is not here cannot run."""

import re
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from artefacts.definition.graph import Step
from artefacts.definition.images import SPARK_REPOSITORY as SPARK
from artefacts.definition.images import find_images
from local_runner.algorithms import ALGORITHMS
from local_runner.containers.processes import Program
from local_runner.errors import RefusedError
from local_runner.spark.environment import check_spark, spark_variables

_REPOSITORY = re.compile(r"[^/]+\.dkr\.ecr\.[^/]+/([^:@]+)[:@].+")

# A repository of AWS, as algorithms have theirs. Its image is a Python with libraries, and so is this process's own.
SCIKIT_LEARN = "sagemaker-scikit-learn"

STAND_IN_ENVIRONMENT = {
    "PYTHONPATH": str(Path(__file__).parents[2]),
    # More threads make the small matrix products of mini-batches slower, not faster.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


def repository(image: str) -> str:
    """Return the repository of an image URI; raise `RefusedError` when nothing here stands for it."""
    match = _REPOSITORY.fullmatch(image)
    known = (SCIKIT_LEARN, SPARK, *ALGORITHMS)
    if not match or match[1] not in known:
        raise RefusedError(f"image {image} cannot run here: only {' and '.join(known)} can")
    return match[1]


STAND_INS: Mapping[str, Collection[str]] = {
    "Processing": (SCIKIT_LEARN, SPARK),
    "Training": ALGORITHMS,
    "Tuning": ALGORITHMS,
}
"""Type of a step with jobs -> the repositories that it can run here: an algorithm trains, and a script processes."""


def check_images(step: Step) -> None:
    """Raise `RefusedError` unless *step*, where it has jobs, names images that can run its type of job here, now."""
    if step.type not in STAND_INS:
        return
    known, images = STAND_INS[step.type], find_images([step.document])
    if not images and known is ALGORITHMS:
        raise RefusedError(f"step {step.name} has no TrainingImage: name that of {' or '.join(known)}")
    for image in images:
        if repository(image) not in known:
            raise RefusedError(
                f"step {step.name} is of type {step.type}: it runs {' or '.join(known)} here, not {image}"
            )
        if repository(image) == SPARK:
            check_spark(step.name)


def program(image: str, words: Sequence[str], environment: Mapping[str, str]) -> Program:
    """Return what does the work of a container of *image*, whose command line is *words*, or ends in them."""
    name = repository(image)
    if name == SPARK:
        return Program(words, {**environment, **spark_variables()})
    algorithm = ALGORITHMS.get(name)
    if algorithm:
        return Program(_with_own_python([*algorithm.command, *words]), {**STAND_IN_ENVIRONMENT, **environment})
    return Program(_with_own_python(words), environment)


def _with_own_python(command: Sequence[str]) -> list[str]:
    executable, *arguments = command
    return [sys.executable if executable == "python3" else executable, *arguments]
