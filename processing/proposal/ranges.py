"""Ranges of usual values, with room for those of later exports; single values far off, such as 999999, are outside."""

import datetime
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FENCE = 3.0
"""Interquartile ranges beyond the quartiles at which a value is far out; source: Tukey, "Exploratory Data Analysis"."""

ROOM = 0.25
"""Of the spread of the values within the fences, on either side."""

YEARS_BEFORE, YEARS_AFTER = 5, 2
"""Room of dates."""

LONGEST_SERVICE_DAYS = 50 * 366
"""Nobody was hired longer before the last one: 1900-01-01 and the like stand for something else."""

POSITIVE = 0.9
"""Of the values other than 0: with more, a column is one of positive numbers."""

_EPOCH = datetime.date(1970, 1, 1)


@dataclass(frozen=True)
class Range:
    """A proposed range of numbers."""

    minimum: float
    maximum: float
    outside: int
    """Values that it leaves out."""


@dataclass(frozen=True)
class Days:
    """A proposed range of dates."""

    minimum: datetime.date
    maximum: datetime.date
    outside: int


def propose_range(values: Floats, *, zero_is_usual: bool) -> Range:
    """Return the range of *values*, at least one; 0 is in that of an amount that people may get nothing of."""
    inside = _without_outliers(values)
    smallest, largest = float(inside.min()), float(inside.max())
    room = ROOM * (largest - smallest) or ROOM * abs(largest) or 1.0
    maximum = two_digits(largest + room, math.ceil)
    # Of what is always positive, 0 and negative numbers stand for something else.
    minimum = two_digits(max(smallest - room, smallest / 2) if smallest > 0 else smallest - room, math.floor)
    if zero_is_usual:
        minimum = 0.0 if smallest >= 0 else minimum
    return Range(minimum, maximum, int(((values < minimum) | (values > maximum)).sum()))


def propose_days(days: npt.NDArray[np.int64]) -> Days:
    """Return the range of *days* since 1970, at least one, in whole years; that first day is often a placeholder."""
    _, upper = _fences(days.astype(np.float64))
    inside = days[(days <= upper) & (days != 0)] if (days[days <= upper] != 0).any() else days
    inside = inside[inside >= inside.max() - LONGEST_SERVICE_DAYS]
    first, last = (_EPOCH + datetime.timedelta(int(day)) for day in (inside.min(), inside.max()))
    minimum = datetime.date(max(first.year - YEARS_BEFORE, 1), 1, 1)
    maximum = datetime.date(min(last.year + YEARS_AFTER, 9999), 12, 31)
    outside = (days < (minimum - _EPOCH).days) | (days > (maximum - _EPOCH).days)
    return Days(minimum, maximum, int(outside.sum()))


def _without_outliers(values: Floats) -> Floats:
    """Return those of *values* that are within the fences: of their logarithms, where these lie more evenly.

    Where nearly all are positive, the others are not looked at: 0 may be half of all bonuses and says nothing of the
    rest, and stands for a missing salary.
    """
    positive = values[values > 0]
    if len(positive) < POSITIVE * np.count_nonzero(values):
        lower, upper = _fences(values)
        return values[(values >= lower) & (values <= upper)]
    if not len(positive):
        return values
    logarithms = np.log(positive)
    is_skewed = abs(_skewness(logarithms)) < abs(_skewness(positive))
    lower, upper = np.exp(_fences(logarithms)) if is_skewed else _fences(positive)
    return positive[(positive >= lower) & (positive <= upper)]


def _fences(values: Floats) -> tuple[float, float]:
    """Return the values beyond which one is far out; those of different values where most are the same."""
    first, third = np.quantile(values, [0.25, 0.75])
    if first == third:
        first, third = np.quantile(np.unique(values), [0.25, 0.75])
    return float(first - FENCE * (third - first)), float(third + FENCE * (third - first))


def _skewness(values: Floats) -> float:
    """Return Bowley's skewness, from -1 to 1: that of the quartiles, which single values cannot change."""
    first, second, third = np.quantile(values, [0.25, 0.5, 0.75])
    return float((first + third - 2 * second) / (third - first)) if third > first else 0.0


def two_digits(value: float, whole: Callable[[float], int] = math.floor) -> float:
    """Return *value* with two digits, up or down: an end tells of no single person."""
    if not value:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - 1)
    return float(f"{whole(round(value / unit, 9)) * unit:.6g}")
