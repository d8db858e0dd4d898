"""The lines that Linear Learner logs, and the expressions with which SageMaker reads its metrics from them.

Source: logs of managed jobs for the lines, DescribeHyperParameterTuningJob of one for the metric definitions.
"""

import json
import logging
import sys
import time
from collections.abc import Mapping

from local_runner.algorithms.linear_learner.regressor import Epoch

HOST = "algo-1"

METRIC_DEFINITIONS: Mapping[str, str] = {
    "train:progress": r"#progress_metric: host=\S+, completed (\S+) %",
    "train:throughput": r"#throughput_metric: host=\S+, train throughput=(\S+) records/second",
    "train:objective_loss": r"#quality_metric: host=\S+, epoch=\S+, train \S+_objective <loss>=(\S+)",
    "train:objective_loss:final": r"#quality_metric: host=\S+, train \S+_objective <loss>=(\S+)",
    "train:mse": r"#quality_metric: host=\S+, train mse <loss>=(\S+)",
    "train:absolute_loss": r"#quality_metric: host=\S+, train absolute_loss <loss>=(\S+)",
    "validation:objective_loss": r"#quality_metric: host=\S+, epoch=\S+, validation \S+_objective <loss>=(\S+)",
    "validation:objective_loss:final": r"#quality_metric: host=\S+, validation \S+_objective <loss>=(\S+)",
    "validation:mse": r"#quality_metric: host=\S+, validation mse <loss>=(\S+)",
    "validation:absolute_loss": r"#quality_metric: host=\S+, validation absolute_loss <loss>=(\S+)",
    "test:objective_loss": r"#quality_metric: host=\S+, test \S+_objective <loss>=(\S+)",
    "test:mse": r"#quality_metric: host=\S+, test mse <loss>=(\S+)",
    "test:absolute_loss": r"#quality_metric: host=\S+, test absolute_loss <loss>=(\S+)",
}
"""Regressor metrics of a training job: name -> expression whose group is the value. A job's last match counts."""

log = logging.getLogger("linear_learner")


def start() -> None:
    """Write the log to standard output in the container's form."""
    logging.basicConfig(
        stream=sys.stdout,
        level=logging.INFO,
        format="[%(asctime)s %(levelname)s %(thread)d] %(message)s",
        datefmt="%m/%d/%Y %H:%M:%S",
    )


class EpochLog:
    """Logs what each epoch came to."""

    def __init__(self, *, objective: str, epochs: int, rows: int, has_validation: bool) -> None:
        self._objective = objective
        self._epochs = epochs
        self._rows = rows
        self._has_validation = has_validation
        self._started = time.time()

    def write(self, epoch: Epoch) -> None:
        """Log *epoch*, which has just ended."""
        self._write_loss(epoch, "train", epoch.train_loss)
        if self._has_validation:
            self._write_loss(epoch, "validation", epoch.criterion)
        log.info(
            "#early_stopping_criteria_metric: host=%s, epoch=%s, criteria=%s, value=%r",
            *(HOST, epoch.index, self._objective, epoch.criterion),
        )
        if epoch.is_best:
            log.info("Epoch %s: Loss improved. Updating best model", epoch.index)
        else:
            log.info("Epoch %s: Loss has not improved for %s epochs.", epoch.index, epoch.epochs_without_progress)
        done = 100 * (epoch.index + 1) // self._epochs
        log.info("#progress_metric: host=%s, completed %s %% of epochs", HOST, done)
        seconds = max(time.time() - self._started, 1e-6)
        log.info("#throughput_metric: host=%s, train throughput=%r records/second", HOST, self._rows / seconds)
        self._started = time.time()

    def _write_loss(self, epoch: Epoch, channel: str, loss: float) -> None:
        figures = {
            "Metrics": {f"{channel}_{self._objective}": {"count": 1, "max": loss, "sum": loss, "min": loss}},
            "EndTime": time.time(),
            "Dimensions": {
                "model": 0,
                "Host": HOST,
                "Operation": "training",
                "Algorithm": "Linear Learner",
                "epoch": epoch.index,
            },
            "StartTime": self._started,
        }
        sys.stdout.write(f"#metrics {json.dumps(figures)}\n\n")  # the container logs these without a time
        log.info(
            "#quality_metric: host=%s, epoch=%s, %s %s <loss>=%r", HOST, epoch.index, channel, self._objective, loss
        )


def write_scores(channel: str, scores: Mapping[str, float]) -> None:
    """Log the final scores of the model on *channel*."""
    for name, score in scores.items():
        log.info("#%s_score (%s) : (%r, %r)", channel, HOST, name, score)
    for name, score in scores.items():
        log.info("#quality_metric: host=%s, %s %s <loss>=%r", HOST, channel, name, score)
