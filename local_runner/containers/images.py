"""Which program stands for which image. An image that is not here cannot run."""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from local_runner.containers.processes import ROOT, Program
from local_runner.errors import RefusedError

_REPOSITORY = re.compile(r"[^/]+\.dkr\.ecr\.[^/]+/([^:@]+)[:@].+")

# Each name is a repository of AWS. The scikit-learn image is a Python with libraries, and so is this process's own; the
# Linear Learner image cannot be had, and its stand-in takes its place.
SCIKIT_LEARN = "sagemaker-scikit-learn"
LINEAR_LEARNER = "linear-learner"
KNOWN = (SCIKIT_LEARN, LINEAR_LEARNER)

STAND_IN_ENVIRONMENT = {
    "PYTHONPATH": str(Path(__file__).parents[2]),
    # More threads make the small matrix products of mini-batches slower, not faster.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


def repository(image: str) -> str:
    """Return the repository of an image URI; raise `RefusedError` when nothing here stands for it."""
    match = _REPOSITORY.fullmatch(image)
    if not match or match[1] not in KNOWN:
        raise RefusedError(f"image {image} cannot run here: only {' and '.join(KNOWN)} can")
    return match[1]


def program(image: str, entrypoint: Sequence[str], environment: Mapping[str, str]) -> Program:
    """Return what does the work of a container of *image* that is started with *entrypoint*."""
    if repository(image) == LINEAR_LEARNER:
        command = [sys.executable, "-m", "local_runner.algorithms.linear_learner", ROOT]
        return Program(command, {**STAND_IN_ENVIRONMENT, **environment})
    executable, *arguments = entrypoint
    return Program([sys.executable if executable == "python3" else executable, *arguments], environment)
