"""Stand-ins for containers that belong to AWS and cannot be pulled. Each honours the container's contract.

What the rest of the runner knows of an algorithm is its row in `ALGORITHMS`; a new one is a row and a package.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from local_runner.algorithms.linear_learner import job_log


@dataclass(frozen=True)
class Algorithm:
    """What stands for the training image of one algorithm."""

    command: Sequence[str]
    """Trains with what lies below the container's `/opt/ml`; such folders of a job's further hosts are added to it."""
    metric_definitions: Mapping[str, str]
    """Metric -> expression whose group is the value, in the lines of the log; a job's last match counts."""
    shown_metrics: Sequence[str]
    """Those that a person wants to see at the end of a run."""


ALGORITHMS: Mapping[str, Algorithm] = {
    "linear-learner": Algorithm(
        command=("python3", "-m", "local_runner.algorithms.linear_learner", "/opt/ml"),
        metric_definitions=job_log.METRIC_DEFINITIONS,
        shown_metrics=("validation:mse", "validation:absolute_loss", "test:mse", "test:absolute_loss"),
    ),
}
"""By the repository of AWS's image."""
