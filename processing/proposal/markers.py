"""Finds numbers like 99 that may stand for a missing value, though they are in the range of the others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from processing.proposal.dialect import RULES
from processing.proposal.ranges import Floats
from processing.records.columns import Column
from processing.records.format import Format
from processing.records.validation import check

_LIKE_A_MARKER = re.compile(r"-1|-?99+")

FEWEST, SHARE = 5, 0.01
"""Rows, and of all values, from which on such a number is no chance, nor anybody's own."""

TIMES, NEAR = 2, 5
"""It is so many times as frequent as the median of so many different numbers below it and above."""


@dataclass(frozen=True)
class Marker:
    """A number that may mean that there is none."""

    number: float
    count: int
    texts: list[str]
    """How it is written."""


def find_markers(column: Column, texts: pa.StringArray, values: Floats, form: Format) -> Iterator[Marker]:
    """Yield those of *values*, which *texts* in this *form* say, that are far more frequent than their like."""
    numbers, counts = np.unique(values, return_counts=True)
    for place in np.flatnonzero(counts >= max(FEWEST, SHARE * len(values))):
        number, count = float(numbers[place]), int(counts[place])
        near = [*counts[max(place - NEAR, 0) : place], *counts[place + 1 : place + 1 + NEAR]]
        if near and _LIKE_A_MARKER.fullmatch(f"{number:.10g}") and count >= TIMES * np.median(near):
            yield Marker(number, count, _texts_of(column, number, pc.unique(texts), form))


def _texts_of(column: Column, number: float, texts: pa.StringArray, form: Format) -> list[str]:
    read = check(column, texts, RULES[column.read], form)
    is_meant = np.asarray(pc.fill_null(pc.equal(read.values, number), False))
    return sorted(texts.filter(pa.array(read.valid & is_meant)).to_pylist())
