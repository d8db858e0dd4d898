"""Medians and quantiles of numbers that are too many for one memory, to the bit those that numpy computes of all.

Numbers are first counted by their upper bits, which tells in what narrow interval a rank lies; then those of these
intervals are counted one by one. Counts of parts are added up, in whatever order.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint64]

_SIGN = np.uint64(1 << 63)
_LOWER_BITS = np.uint64(44)
"""The upper ones are sign, exponent and 8 of the fraction: an interval is no wider than 1/256 of its numbers."""


def encode(values: Floats) -> Codes:
    """Return numbers that are in the same order as *values*, as integers; decode returns *values*."""
    bits = (values + 0.0).view(np.uint64)  # no -0.0, which is not less than 0.0
    codes: Codes = np.where(bits & _SIGN, ~bits, bits | _SIGN)
    return codes


def decode(codes: Codes) -> Floats:
    """Return what was encoded."""
    values: Floats = np.where(codes & _SIGN, codes ^ _SIGN, ~codes).view(np.float64)
    return values


@dataclass(frozen=True)
class Tally:
    """How often there is each of some whole numbers."""

    codes: npt.NDArray[Any]
    """Those there are, in order."""
    counts: npt.NDArray[np.int64]

    @classmethod
    def count(cls, codes: npt.NDArray[Any]) -> "Tally":
        """Count *codes*, which come in any order."""
        return cls(*np.unique(codes, return_counts=True))

    @classmethod
    def merge(cls, tallies: Iterable["Tally"]) -> "Tally":
        """Return the counts of all *tallies* together."""
        listed = list(tallies)
        codes, indices = np.unique(np.concatenate([each.codes for each in listed]), return_inverse=True)
        counts = np.zeros(len(codes), np.int64)
        np.add.at(counts, indices, np.concatenate([each.counts for each in listed]))
        return cls(codes, counts)

    @property
    def total(self) -> int:
        """How many were counted."""
        return int(self.counts.sum())

    def at(self, ranks: npt.ArrayLike) -> npt.NDArray[Any]:
        """Return the codes with these *ranks*, counted from 0, in the order of all."""
        return self.codes[np.searchsorted(self.counts.cumsum(), ranks, side="right")]


def count_intervals(values: Floats) -> Tally:
    """Count *values* by their upper bits."""
    return Tally.count(encode(values) >> _LOWER_BITS)


def count_within(values: Floats, intervals: Codes) -> Tally:
    """Count those of *values* that lie in one of *intervals*."""
    codes = encode(values)
    return Tally.count(codes[np.isin(codes >> _LOWER_BITS, intervals)])


def find_intervals(tally: Tally, quantiles: Sequence[float]) -> Codes:
    """Return in which intervals of *tally* all numbers lie that *quantiles* are computed from."""
    return np.unique(tally.at(np.concatenate([_find_ranks(quantile, tally.total)[0] for quantile in quantiles])))


@dataclass(frozen=True)
class Numbers:
    """Numbers of which only those of some intervals are known one by one."""

    intervals: Tally
    """All of them, by interval."""
    known: Tally

    def median(self) -> float:
        """Return their median."""
        return float(np.median(self._look_up((self.intervals.total - 1) // 2, self.intervals.total // 2)))

    def quantile(self, quantile: float) -> float:
        """Return a quantile of theirs, between two numbers as numpy interpolates it by default."""
        ranks, fraction = _find_ranks(quantile, self.intervals.total)
        return float(np.quantile(self._look_up(*ranks), fraction))

    def _look_up(self, *ranks: int) -> Floats:
        is_known = np.isin(self.intervals.codes, self.known.codes >> _LOWER_BITS)
        unknown_below = np.cumsum(np.where(is_known, 0, self.intervals.counts))
        at = np.searchsorted(self.intervals.codes, self.intervals.at(ranks))
        return decode(self.known.at(ranks - unknown_below[at]))


def _find_ranks(quantile: float, count: int) -> tuple[tuple[int, int], float]:
    """Return the ranks of the two of *count* numbers that a quantile lies between, and how far from the first."""
    index = (count - 1) * quantile
    below = math.floor(index)
    return (below, min(below + 1, count - 1)), index - below
