"""Keeps the usable rows of a job on scratch disk, typed, so that raw text is parsed once and memory stays flat."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

RowIndices = npt.NDArray[np.int64]
"""Which rows, in order, counted from 0."""


class ScratchTable:
    """An Arrow file: written once from the first row to the last, then read as often as needed."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path = path
        self._schema = schema

    def writer(self) -> pa.ipc.RecordBatchFileWriter:
        """Return a context in which the rows are written; afterwards they can be read."""
        return pa.ipc.new_file(self._path, self._schema)

    def excluding(self, indices: RowIndices) -> Iterator[pa.RecordBatch]:
        """Yield all rows but those at *indices*."""
        for first, batch in self._batches():
            left_out = _within(indices, first, batch.num_rows)
            kept = np.delete(np.arange(batch.num_rows), left_out)
            yield batch.take(pa.array(kept)) if len(left_out) else batch

    def selecting(self, indices: RowIndices) -> Iterator[pa.RecordBatch]:
        """Yield just the rows at *indices*."""
        for first, batch in self._batches():
            kept = _within(indices, first, batch.num_rows)
            if len(kept):
                yield batch.take(pa.array(kept))

    def _batches(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        with pa.memory_map(str(self._path)) as file, pa.ipc.open_file(file) as reader:
            first = 0
            for index in range(reader.num_record_batches):
                batch = reader.get_batch(index)
                yield first, batch
                first += batch.num_rows


def _within(indices: RowIndices, first: int, rows: int) -> RowIndices:
    """Return which of *indices* lie in the *rows* rows from *first* on, counted from there."""
    return indices[np.searchsorted(indices, first) : np.searchsorted(indices, first + rows)] - first
