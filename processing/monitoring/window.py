"""Gathers the distinct records of a window of traffic, in memory that does not grow with it."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from processing.monitoring.records import IDENTITY, SCHEMA
from processing.monitoring.traffic import Traffic

SAMPLE_SIZE = 100_000
"""Distinct records that are kept: a mean of so many is known to 0.003 standard deviations."""

_HASHES = 2.0**64


class Window:
    """The records of a window, each distinct one once, and how many there were.

    Of more than `SAMPLE_SIZE` distinct records, those with the smallest hashes are kept. They are a random sample, and
    the smallest hash that is not kept tells how many distinct ones there are.

    Source: Bar-Yossef et al., "Counting Distinct Elements in a Data Stream" (2002), first algorithm.
    """

    def __init__(self, size: int = SAMPLE_SIZE) -> None:
        self._size = size
        self._kept = [pa.RecordBatch.from_pylist([], SCHEMA)]
        self._waiting = 0
        self._bound: int | None = None
        self.captured = self.rejected = 0

    def add(self, traffic: Iterable[Traffic]) -> None:
        """Take in *traffic*; of equal records, the first one counts."""
        for each in traffic:
            self.captured += each.captured
            self.rejected += each.rejected
            records = each.records
            if self._bound is not None:
                records = records.filter(pa.array(records[IDENTITY].to_numpy() < self._bound))
            self._kept.append(records)
            self._waiting += records.num_rows
            if self._waiting > self._size:
                self._select()

    def find_records(self) -> pa.RecordBatch:
        """Return the distinct records that are kept, in the order of their hashes."""
        self._select()
        return self._kept[0]

    def count_distinct(self) -> int:
        """Return how many distinct records there were: an estimate, good to 0.6 % as a rule, of more than are kept."""
        self._select()
        if self._bound is None:
            kept: int = self._kept[0].num_rows
            return kept
        return round(self._size / (self._bound / _HASHES))

    def _select(self) -> None:
        records = pa.concat_batches(self._kept)
        identities, first = np.unique(records[IDENTITY].to_numpy(), return_index=True)
        if len(identities) > self._size:
            self._bound = int(identities[self._size])
        self._kept = [records.take(pa.array(first[: self._size]))]
        self._waiting = 0
