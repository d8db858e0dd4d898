"""Compares recomputed losses with those that the training job reported: the form of its artefact is undocumented."""

from dataclasses import dataclass

import numpy as np

from processing.evaluation.predictions import Predictions
from processing.evaluation.regression_metrics import METRICS
from processing.job import JobError

_REMEDY = (
    "take artefact, feature model and rows of one execution; where they are, Linear Learner's form has changed:"
    " read it anew in model_artefact.py"
)


@dataclass(frozen=True)
class CrossCheck:
    """A mean squared error as the training job gave it, and the range in which ours has to be."""

    metric: str
    """The training job's name for it."""
    reported: float
    lowest: float
    """As a share of *reported*."""
    highest: float

    def recompute(self, rows: Predictions) -> float:
        """Return the mean squared error of *rows*; raise `JobError` where it is not what the training job reported."""
        recomputed = float(METRICS["mse"](rows.actual, rows.predicted))
        # The job computes with 32-bit numbers: of errors a millionth the size of the labels it cannot tell more.
        slack = float(np.square(1e-6 * np.abs(rows.actual).max()))
        if self.lowest * self.reported - slack <= recomputed <= self.highest * self.reported + slack:
            return recomputed
        raise JobError(
            f"{self.metric} is {recomputed:.6g} when recomputed, but the training job reported {self.reported:.6g}:"
            f" {_REMEDY}"
        )


def expect_test_mse(reported: float) -> CrossCheck:
    """Expect the same test:mse, but for the training job's rounding."""
    return CrossCheck("test:mse", reported, lowest=1 - 1e-3, highest=1 + 1e-3)


def expect_validation_loss(reported: float) -> CrossCheck:
    """Expect a validation:objective_loss somewhat below that of a tuning job's best training job."""
    # That metric is the loss of the last epoch; the artefact is the best epoch's, whose loss is the smallest of all.
    # Half of it or less is not what an epoch or two too many do to a linear model: then something else was read.
    return CrossCheck("validation:objective_loss", reported, lowest=0.5, highest=1 + 1e-3)
