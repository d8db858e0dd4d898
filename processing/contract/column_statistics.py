"""Measures a column batch by batch: how many values are missing or invalid, and the figures of its type.

No rows are kept; of identifiers, 8 bytes each.
"""

import datetime
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from processing.contract.data_contract import Category, Column, Date, Number
from processing.features.split_key import Keys, split_keys
from processing.records.columns import MAXIMUM_TEXT
from processing.records.profiles import address_lengths
from processing.records.validation import dates, numbers

HISTOGRAM_BINS = 20
"""Of equal width, from a number's minimum to its maximum in the contract, so that two reports can be compared."""


class Measure(Protocol):
    """The figures of one type of column."""

    def add(self, present: pa.StringArray) -> int:
        """Take in the values *present*, none of them empty; return how many are valid. Others are passed over."""

    def figures(self) -> dict[str, Any]:
        """Return what was found, as plain values; nothing that would need a value where there is none."""


class ColumnStatistics:
    """The counts of a column of any type, and the figures of its own."""

    def __init__(self, column: Column) -> None:
        self._type = column.type
        self._measure = _MEASURES[column.type](column)
        self._count = self._missing = self._invalid = 0

    def add(self, text: pa.StringArray) -> None:
        """Take in a batch of raw values; an empty one, or one of nothing but white space, is missing."""
        trimmed = pc.utf8_trim_whitespace(text)
        present = trimmed.filter(pc.not_equal(trimmed, ""))
        valid = self._measure.add(present)
        self._count += valid
        self._missing += len(text) - len(present)
        self._invalid += len(present) - valid

    def figures(self) -> dict[str, Any]:
        """Return what was found, as plain values; `count` is how many are neither missing nor invalid."""
        counts = {"count": self._count, "missing": self._missing, "invalid": self._invalid}
        return {"type": self._type, **counts, **self._measure.figures()}


class Identifiers:
    """Tells how many are different, by a 64-bit hash of each: none of them can be read back."""

    def __init__(self, _column: Column) -> None:
        self._hashes: list[Keys] = []

    def add(self, present: pa.StringArray) -> int:
        """See `Measure`."""
        valid = _of_usual_length(present)
        self._hashes.append(split_keys(valid.to_pylist(), seed=""))
        return len(valid)

    def figures(self) -> dict[str, Any]:
        """See `Measure`."""
        hashes = np.concatenate([np.empty(0, np.uint64), *self._hashes])
        self._hashes = [hashes]  # in place of the parts, and sorted in place: there may be many
        hashes.sort()
        duplicate = int(np.count_nonzero(hashes[1:] == hashes[:-1]))
        return {"distinct": len(hashes) - duplicate, "duplicate": duplicate}


class Numbers:
    """Mean, standard deviation, extremes and histogram, to the digits that all values at once would give.

    Source of the merging of batches: Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing
    sample variances" (1979).
    """

    def __init__(self, column: Number) -> None:
        self._range = (column.minimum, column.maximum)
        self._count = 0
        self._mean = self._squares = 0.0
        self._minimum, self._maximum = np.inf, -np.inf
        self._histogram = np.zeros(HISTOGRAM_BINS, np.int64)

    def add(self, present: pa.StringArray) -> int:
        """See `Measure`."""
        values = _within(numbers(present), self._range).to_numpy(zero_copy_only=False)
        if len(values):
            self._merge(values)
        return len(values)

    def _merge(self, values: npt.NDArray[np.float64]) -> None:
        mean = float(values.mean())
        shift = mean - self._mean
        total = self._count + len(values)
        self._squares += float(np.square(values - mean).sum()) + shift**2 * self._count * len(values) / total
        self._mean += shift * len(values) / total
        self._count = total
        self._minimum = min(self._minimum, float(values.min()))
        self._maximum = max(self._maximum, float(values.max()))
        self._histogram += np.histogram(values, HISTOGRAM_BINS, self._range)[0]

    def figures(self) -> dict[str, Any]:
        """See `Measure`; the standard deviation is that of a sample, and needs two values."""
        if not self._count:
            return {}
        spread = {"standard_deviation": (self._squares / (self._count - 1)) ** 0.5} if self._count > 1 else {}
        bounds = np.linspace(*self._range, HISTOGRAM_BINS + 1)
        return {
            "mean": self._mean,
            **spread,
            "minimum": self._minimum,
            "maximum": self._maximum,
            "histogram": {"bounds": bounds.tolist(), "counts": self._histogram.tolist()},
        }


class Categories:
    """Counts each known value; of the others, which may be anything, only how many there are."""

    def __init__(self, column: Category) -> None:
        self._known = column.values
        self._counts = np.zeros(len(column.values), np.int64)
        self._unknown = 0

    def add(self, present: pa.StringArray) -> int:
        """See `Measure`."""
        valid = _of_usual_length(present)
        indices = pc.drop_null(pc.index_in(valid, pa.array(self._known)))
        self._counts += np.bincount(indices.to_numpy(), minlength=len(self._known))
        self._unknown += len(valid) - len(indices)
        return len(valid)

    def figures(self) -> dict[str, Any]:
        """See `Measure`."""
        return {"values": dict(zip(self._known, self._counts.tolist(), strict=True)), "unknown": self._unknown}


class Dates:
    """The first and the last day."""

    def __init__(self, column: Date) -> None:
        self._range = (column.minimum, column.maximum)
        self._first, self._last = datetime.date.max, datetime.date.min

    def add(self, present: pa.StringArray) -> int:
        """See `Measure`."""
        valid = _within(dates(present), self._range)
        if len(valid):
            self._first = min(self._first, pc.min(valid).as_py())
            self._last = max(self._last, pc.max(valid).as_py())
        return len(valid)

    def figures(self) -> dict[str, Any]:
        """See `Measure`."""
        if self._first > self._last:
            return {}
        return {"minimum": self._first.isoformat(), "maximum": self._last.isoformat()}


class Profiles:
    """Nothing but which ones are valid: what is in them is nobody's business."""

    def __init__(self, _column: Column) -> None:
        pass

    def add(self, present: pa.StringArray) -> int:
        """See `Measure`."""
        lengths = address_lengths(present)
        return len(lengths) - int(lengths.null_count)

    def figures(self) -> dict[str, Any]:
        """See `Measure`."""
        return {}


_MEASURES: Mapping[str, Callable[[Any], Measure]] = {
    "identifier": Identifiers,
    "number": Numbers,
    "category": Categories,
    "date": Dates,
    "profile": Profiles,
}
"""By the type that the contract gives a column."""


def _of_usual_length(present: pa.StringArray) -> pa.StringArray:
    return present.filter(pc.less_equal(pc.utf8_length(present), MAXIMUM_TEXT))


def _within(values: pa.Array, bounds: tuple[Any, Any]) -> pa.Array:
    """Return which of *values* lie in *bounds*; a null lies nowhere."""
    minimum, maximum = (pa.scalar(bound, values.type) for bound in bounds)
    return values.filter(pc.and_(pc.greater_equal(values, minimum), pc.less_equal(values, maximum)))
