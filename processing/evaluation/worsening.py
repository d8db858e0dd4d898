"""Whether a champion errs by more than when it was registered, judged alike on test rows and on later labels.

It imports no metrics: those of scikit-learn would take the monitor job half as much memory again.
"""

import json
import logging
import math
from dataclasses import dataclass
from pathlib import Path

from scipy.special import ndtri

log = logging.getLogger(__name__)

CONFIDENCE = 0.95

FILE_NAME = "evaluation.json"


@dataclass(frozen=True)
class Uncertain:
    """A figure, and how much it varies from one set of rows to the next."""

    value: float
    standard_deviation: float


@dataclass(frozen=True)
class Worsening:
    """By how much an rmse is larger than the registered one, with its interval."""

    value: float
    low: float
    high: float

    @property
    def significant(self) -> bool:
        """Whether it is more than chance explains in both."""
        return self.low > 0


def find_worsening(rmse: Uncertain, registered: Uncertain) -> Worsening:
    """Compare *rmse* with the *registered* one.

    Both vary with their rows, so the interval has the deviations of both. Where some rows are in both sets, it is wider
    than it need be.
    """
    value = rmse.value - registered.value
    quantile = float(ndtri((1 + CONFIDENCE) / 2))
    reach = quantile * math.hypot(rmse.standard_deviation, registered.standard_deviation)
    return Worsening(value, value - reach, value + reach)


def read_registered_rmse(folder: Path) -> Uncertain | None:
    """Return the rmse in the report that a champion was registered with; None where *folder* has none that tells it."""
    path = folder / FILE_NAME
    if not path.is_file():
        return None
    try:
        rmse = json.loads(path.read_text(encoding="utf-8"))["regression_metrics"]["rmse"]
        figures = float(rmse["value"]), float(rmse["standard_deviation"])
    except (KeyError, TypeError, ValueError):
        figures = math.nan, math.nan
    if not all(0 <= figure < math.inf for figure in figures):
        log.warning("the champion's %s tells no rmse: whether it has worsened is unknown", FILE_NAME)
        return None
    return Uncertain(*figures)
