"""Keeps the usable rows of a job on scratch disk, typed, so that raw text is parsed once and memory stays flat."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Places = npt.NDArray[np.int64]
"""Which rows, in order, counted from 0."""


class Spool:
    """An Arrow file: written once from the first row to the last, then read as often as needed."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path = path
        self._schema = schema

    def writer(self) -> pa.ipc.RecordBatchFileWriter:
        """Return a context in which the rows are written; afterwards they can be read."""
        return pa.ipc.new_file(self._path, self._schema)

    def without(self, places: Places) -> Iterator[pa.RecordBatch]:
        """Yield all rows but those at *places*."""
        for first, batch in self._batches():
            left_out = _within(places, first, batch.num_rows)
            kept = np.delete(np.arange(batch.num_rows), left_out)
            yield batch.take(pa.array(kept)) if len(left_out) else batch

    def only(self, places: Places) -> Iterator[pa.RecordBatch]:
        """Yield just the rows at *places*."""
        for first, batch in self._batches():
            kept = _within(places, first, batch.num_rows)
            if len(kept):
                yield batch.take(pa.array(kept))

    def _batches(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        with pa.memory_map(str(self._path)) as file, pa.ipc.open_file(file) as reader:
            first = 0
            for index in range(reader.num_record_batches):
                batch = reader.get_batch(index)
                yield first, batch
                first += batch.num_rows


def _within(places: Places, first: int, rows: int) -> Places:
    """Return which of *places* lie in the *rows* rows from *first* on, counted from there."""
    return places[np.searchsorted(places, first) : np.searchsorted(places, first + rows)] - first
