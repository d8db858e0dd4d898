"""Whether a model errs for one group of employees otherwise than for another: mean errors, and how they differ."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from scipy import stats

from processing.evaluation.quality_gate import NONE
from processing.evaluation.regression_metrics import Numbers, find_groups

CONFIDENCE = 0.95
"""Of each interval by itself."""

LEVEL = 0.025
"""Of all differences together. A trained model errs a little for each group, by the chance of its training rows: with
those errors, data without bias shows a significant difference in at most 5 % of evaluations; docs/decisions/0043."""

MOST_GROUPS = 20
"""Groups of a column that are compared with each other, the largest: 190 differences are what a page can show."""

ROUNDING = float(np.finfo(np.float32).eps)
"""Share of the labels' magnitude: a model's weights may be of single precision. Rounding can be the same for a whole
group, so that no chance explains it; what differs by no more is no difference."""

Member = tuple[str, str]
"""Column, and group."""


@dataclass(frozen=True)
class Errors:
    """What is said of a group's errors."""

    rows: int
    mean: float
    """Of actual minus predicted."""
    variance: float
    """Of that mean."""
    rmse: float

    @classmethod
    def of(cls, errors: Numbers) -> "Errors":
        """Return those of *errors*, at least two."""
        variance = float(np.var(errors, ddof=1)) / len(errors)
        return cls(len(errors), float(np.mean(errors)), variance, float(np.sqrt(np.mean(np.square(errors)))))


def compare_groups(
    groups: Mapping[str, pa.DictionaryArray], errors: Numbers, *, magnitude: float = 0.0
) -> dict[str, Any]:
    """Return mean error and rmse of each group of each column of *groups*, and all pairwise differences in a column.

    By Welch's t test, which lets groups vary differently. Of many pairs some differ by chance, so the p values are
    adjusted for all pairs of all columns together (Holm, "A Simple Sequentially Rejective Multiple Test Procedure",
    1979). No difference that may be rounding is significant: *magnitude* is that of the labels.
    """
    found = {
        column: {name: Errors.of(errors[rows]) for name, rows in find_groups(each).items()}
        for column, each in groups.items()
    }
    members = {(column, name): each for column in found for name, each in _largest(found[column]).items()}
    pairs = _compare(members, magnitude * ROUNDING)
    return {
        "confidence": CONFIDENCE,
        "columns": {
            column: {
                "groups": _describe(members),
                "pairs": [pair for compared, pair in pairs if compared == column],
            }
            for column, members in found.items()
        },
        "largest_difference": _find_largest_difference(pairs),
    }


def _largest(members: Mapping[str, Errors]) -> dict[str, Errors]:
    chosen = sorted(members, key=lambda name: (-members[name].rows, name))[:MOST_GROUPS]
    return {name: members[name] for name in members if name in chosen}


def _describe(members: Mapping[str, Errors]) -> dict[str, Any]:
    lows, highs = _interval(*_figures(members.values()))
    return {
        name: {
            "rows": each.rows,
            "mean_error": {"value": each.mean, "low": low, "high": high},
            "rmse": each.rmse,
        }
        for (name, each), low, high in zip(members.items(), lows.tolist(), highs.tolist(), strict=True)
    }


def _figures(groups: Iterable[Errors]) -> Numbers:
    """Return what a t test takes of each of *groups*: means, their variances, and degrees of freedom."""
    return np.array([(each.mean, each.variance, each.rows - 1) for each in groups]).reshape(-1, 3).T


def _interval(mean: Numbers, variance: Numbers, freedom: Numbers) -> tuple[Numbers, Numbers]:
    reach = stats.t.ppf((1 + CONFIDENCE) / 2, freedom) * np.sqrt(variance)
    return mean - reach, mean + reach


def _compare(members: Mapping[Member, Errors], rounding: float) -> list[tuple[str, dict[str, Any]]]:
    """Return the column of each pair of its groups, and what the test says of the pair."""
    pairs = [(one, other) for one, other in itertools.combinations(members, 2) if one[0] == other[0]]
    if not pairs:
        return []
    ones, others = (_figures(map(members.__getitem__, side)) for side in zip(*pairs, strict=True))
    difference, variance = ones[0] - others[0], ones[1] + others[1]
    # As shares of the sum, no variance is too small to be squared; where both are 0, no error differs from its mean.
    certain = variance == 0
    share = np.divide(ones[1], variance, out=np.full(len(pairs), 0.5), where=~certain)
    freedom = 1 / (share**2 / ones[2] + (1 - share) ** 2 / others[2])
    apart = np.where(np.abs(difference) > rounding, np.abs(difference), 0)
    distance = np.divide(apart, np.sqrt(variance), out=np.where(apart == 0, 0, np.inf), where=~certain)
    p_values = 2 * stats.t.sf(distance, freedom)
    figures = (difference, *_interval(difference, variance, freedom), p_values, adjust(p_values))
    rows = zip(*(each.tolist() for each in figures), strict=True)
    return [(one[0], _describe_pair([one[1], other[1]], *each)) for (one, other), each in zip(pairs, rows, strict=True)]


def adjust(p_values: Numbers) -> Numbers:
    """Return Holm's adjusted *p_values*: the smallest times their number, the next times one less, never falling."""
    order = np.argsort(p_values, kind="stable")
    factors = np.arange(len(p_values), 0, -1)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(np.maximum.accumulate(p_values[order] * factors), 1)
    return adjusted


def _describe_pair(
    groups: list[str], difference: float, low: float, high: float, p_value: float, adjusted: float
) -> dict[str, Any]:
    return {
        "groups": groups,
        "difference": {"value": difference, "low": low, "high": high},
        "p_value": p_value,
        "adjusted_p_value": adjusted,
        "significant": adjusted <= LEVEL,
    }


def _find_largest_difference(pairs: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """Return the largest of the significant differences, the group with the higher mean error first."""
    significant = [(column, pair) for column, pair in pairs if pair["significant"]]
    if not significant:
        return {"value": 0.0, "column": NONE, "groups": []}
    column, pair = max(significant, key=lambda each: abs(each[1]["difference"]["value"]))
    value = pair["difference"]["value"]
    return {"value": abs(value), "column": column, "groups": pair["groups"][:: 1 if value >= 0 else -1]}
