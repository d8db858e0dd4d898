"""Measures a column batch by batch: how many values are missing or invalid, and the figures of its type.

No rows are kept. What was measured in two places can be put together.
"""

import datetime
import functools
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from processing.contract.data_contract import Category, Column, Number
from processing.features.split_key import Keys
from processing.records.text_hash import hash_texts
from processing.records.validation import CheckedColumn

HISTOGRAM_BINS = 20
"""Of equal width, from a number's minimum to its maximum in the contract, so that two reports can be compared."""


class Measure(Protocol):
    """The figures of one type of column."""

    def add(self, checked: CheckedColumn) -> None:
        """Take in the valid values of *checked*."""

    def merge(self, other: Self) -> None:
        """Take in what *other* measured of rows behind these."""

    def figures(self) -> dict[str, Any]:
        """Return what was found, as plain values; nothing that would need a value where there is none."""


class ColumnStatistics:
    """The counts of a column of any type, and the figures of its own."""

    def __init__(self, column: Column) -> None:
        self._type = column.type
        self._measure = _MEASURES[column.type](column)
        self._count = self._missing = self._invalid = 0

    def add(self, checked: CheckedColumn) -> None:
        """Take in a batch."""
        self._measure.add(checked)
        self._count += int(np.count_nonzero(checked.valid))
        self._missing += int(np.count_nonzero(checked.missing))
        self._invalid += int(np.count_nonzero(checked.invalid))

    def merge(self, other: "ColumnStatistics") -> None:
        """Take in what *other* measured of rows behind these."""
        self._measure.merge(other._measure)
        self._count += other._count
        self._missing += other._missing
        self._invalid += other._invalid

    def figures(self) -> dict[str, Any]:
        """Return what was found, as plain values; `count` is how many are neither missing nor invalid."""
        counts = {"count": self._count, "missing": self._missing, "invalid": self._invalid}
        return {"type": self._type, **counts, **self._measure.figures()}


class Numbers:
    """Mean, standard deviation, extremes and histogram, to the digits that all values at once would give.

    Source of the merging of batches: Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing
    sample variances" (1979).
    """

    def __init__(self, column: Number) -> None:
        self._range = (column.minimum, column.maximum)
        self._moments: list[_Moments] = []
        self._minimum, self._maximum = np.inf, -np.inf
        self._histogram = np.zeros(HISTOGRAM_BINS, np.int64)

    def add(self, checked: CheckedColumn) -> None:
        """See `Measure`."""
        values = _valid(checked).to_numpy(zero_copy_only=False)
        if len(values):
            self._moments.append(_Moments.compute(values))
            self._minimum = min(self._minimum, float(values.min()))
            self._maximum = max(self._maximum, float(values.max()))
            self._histogram += np.histogram(values, HISTOGRAM_BINS, self._range)[0]

    def merge(self, other: "Numbers") -> None:
        """See `Measure`."""
        self._moments += other._moments
        self._minimum = min(self._minimum, other._minimum)
        self._maximum = max(self._maximum, other._maximum)
        self._histogram += other._histogram

    def figures(self) -> dict[str, Any]:
        """See `Measure`; the standard deviation is that of a sample, and needs two values."""
        if not self._moments:
            return {}
        count, mean, squares = functools.reduce(_Moments.merge, self._moments, _Moments(0, 0.0, 0.0))
        spread = {"standard_deviation": (squares / (count - 1)) ** 0.5} if count > 1 else {}
        bounds = np.linspace(*self._range, HISTOGRAM_BINS + 1)
        return {
            "mean": mean,
            **spread,
            "minimum": self._minimum,
            "maximum": self._maximum,
            "histogram": {"bounds": bounds.tolist(), "counts": self._histogram.tolist()},
        }


class _Moments(NamedTuple):
    """How many values there are, their mean, and the sum of the squares of their distances from it."""

    values: int
    mean: float
    squares: float

    @classmethod
    def compute(cls, values: npt.NDArray[np.float64]) -> "_Moments":
        mean = float(values.mean())
        return cls(len(values), mean, float(np.square(values - mean).sum()))

    def merge(self, other: "_Moments") -> "_Moments":
        shift, total = other.mean - self.mean, self.values + other.values
        squares = self.squares + (other.squares + shift**2 * self.values * other.values / total)
        return _Moments(total, self.mean + shift * other.values / total, squares)


class Categories:
    """Counts each known value; of the others, which may be anything, only how many there are."""

    def __init__(self, column: Category) -> None:
        self._known = column.values
        self._counts = np.zeros(len(column.values), np.int64)
        self._unknown = 0

    def add(self, checked: CheckedColumn) -> None:
        """See `Measure`."""
        known = checked.values.filter(pa.array(checked.valid & ~checked.unknown))
        indices = pc.index_in(known, pa.array(self._known))
        self._counts += np.bincount(indices.to_numpy(), minlength=len(self._known))
        self._unknown += int(np.count_nonzero(checked.unknown))

    def merge(self, other: "Categories") -> None:
        """See `Measure`."""
        self._counts += other._counts
        self._unknown += other._unknown

    def figures(self) -> dict[str, Any]:
        """See `Measure`."""
        return {"values": dict(zip(self._known, self._counts.tolist(), strict=True)), "unknown": self._unknown}


class Dates:
    """The first and the last day."""

    def __init__(self, _column: Column) -> None:
        self._first, self._last = datetime.date.max, datetime.date.min

    def add(self, checked: CheckedColumn) -> None:
        """See `Measure`."""
        days = _valid(checked)
        if len(days):
            self._first = min(self._first, pc.min(days).as_py())
            self._last = max(self._last, pc.max(days).as_py())

    def merge(self, other: "Dates") -> None:
        """See `Measure`."""
        self._first, self._last = min(self._first, other._first), max(self._last, other._last)

    def figures(self) -> dict[str, Any]:
        """See `Measure`."""
        if self._first > self._last:
            return {}
        return {"minimum": self._first.isoformat(), "maximum": self._last.isoformat()}


class NoMeasure:
    """Nothing: what is in profiles is nobody's business, and whether identifiers are different is found in all rows."""

    def __init__(self, _column: Column) -> None:
        pass

    def add(self, checked: CheckedColumn) -> None:
        """See `Measure`."""

    def merge(self, other: "NoMeasure") -> None:
        """See `Measure`."""

    def figures(self) -> dict[str, Any]:
        """See `Measure`."""
        return {}


_MEASURES: Mapping[str, Callable[[Any], Measure]] = {
    "identifier": NoMeasure,
    "number": Numbers,
    "category": Categories,
    "date": Dates,
    "profile": NoMeasure,
}
"""By the type that the contract gives a column."""


def hash_identifiers(checked: CheckedColumn) -> Keys:
    """Return a 64-bit hash of each valid identifier, by which it is told apart."""
    return hash_texts(_valid(checked))


def count_identifiers(figures: Mapping[str, Any], duplicate: int) -> dict[str, Any]:
    """Return the *figures* of a column of identifiers of which so many are those of an earlier row."""
    return {**figures, "distinct": figures["count"] - duplicate, "duplicate": duplicate}


def _valid(checked: CheckedColumn) -> pa.Array:
    return checked.values.filter(pa.array(checked.valid))
