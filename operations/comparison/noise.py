"""Whether a difference of two models' metrics is more than what another test set would have changed."""

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from execution_report.sources import Prediction
from operations.comparison.contestant import Contestant
from operations.registry.assessment import METRICS, Metric

CERTAIN = 1.96
"""Standard deviations beyond which a difference is called one: chance alone exceeds them in 5 % of all comparisons."""
_HIGHER_IS_BETTER = ("r2",)


class Verdict(StrEnum):
    """What a difference means for the second model."""

    BETTER = "better"
    WORSE = "worse"
    NOISE = "within noise"
    EQUAL = "equal"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class MetricDifference:
    """One metric of both."""

    name: str
    before: Metric | None
    after: Metric | None
    difference: float | None
    deviation: float | None
    """Standard deviation of the difference."""
    verdict: Verdict


def have_same_rows(before: Contestant, after: Contestant) -> bool:
    """Return whether both models have predicted the same test rows, so that a hard row is hard for both."""
    actual = [[each.actual for each in contestant.predictions] for contestant in (before, after)]
    return bool(actual[0]) and actual[0] == actual[1]


def compare_metrics(before: Contestant, after: Contestant) -> list[MetricDifference]:
    """Return how each metric differs.

    On the same rows by the differences row by row; else as if both test sets were drawn by themselves, which takes more
    for noise.
    """
    paired = _deviations_on_same_rows(before, after) if have_same_rows(before, after) else {}
    return [_compare(name, before.metrics.get(name), after.metrics.get(name), paired.get(name)) for name in METRICS]


def _compare(name: str, before: Metric | None, after: Metric | None, paired: float | None) -> MetricDifference:
    if before is None or after is None:
        return MetricDifference(name, before, after, None, None, Verdict.UNKNOWN)
    difference = after.value - before.value
    deviation = _independent(before, after) if paired is None else paired
    return MetricDifference(name, before, after, difference, deviation, _judge(name, difference, deviation))


def _independent(before: Metric, after: Metric) -> float | None:
    if before.standard_deviation is None or after.standard_deviation is None:
        return None
    return math.hypot(before.standard_deviation, after.standard_deviation)


def _judge(name: str, difference: float, deviation: float | None) -> Verdict:
    if difference == 0:
        return Verdict.EQUAL
    if deviation is None:
        return Verdict.UNKNOWN
    if abs(difference) <= CERTAIN * deviation:
        return Verdict.NOISE
    return Verdict.BETTER if (difference > 0) == (name in _HIGHER_IS_BETTER) else Verdict.WORSE


def _deviations_on_same_rows(before: Contestant, after: Contestant) -> Mapping[str, float]:
    """Return the standard deviation of each metric's difference; rmse and r2 follow from that of the squared errors."""
    pairs = list(zip(before.predictions, after.predictions, strict=True))
    rows = before.test_rows or len(pairs)
    rmse = sum(each.metrics["rmse"].value for each in (before, after) if "rmse" in each.metrics)
    if len(pairs) < 2 or not rmse:
        return {}
    squared = _deviation(pairs, lambda each: each.residual**2, rows)
    variance = statistics.pvariance([each.actual for each, _ in pairs])
    return {
        "rmse": squared / rmse,  # b - a = (b^2 - a^2) / (b + a)
        "mae": _deviation(pairs, lambda each: abs(each.residual), rows),
        **({"r2": squared / variance} if variance else {}),
    }


def _deviation(
    pairs: Sequence[tuple[Prediction, Prediction]], loss: Callable[[Prediction], float], rows: float
) -> float:
    """Return the standard deviation of the mean difference of *loss*, over as many *rows* as there are."""
    return statistics.stdev(loss(after) - loss(before) for before, after in pairs) / math.sqrt(rows)
