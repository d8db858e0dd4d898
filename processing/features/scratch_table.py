"""Keeps the usable rows of a job on scratch disk, typed, so that raw text is parsed once and memory stays flat.

Rows are written in any order and read in that of their split keys. These are evenly spread: parted by ranges of keys,
rows come in parts of about one size, each of which is put in order in memory.
"""

import contextlib
import hashlib
import itertools
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from processing.features.split_key import Keys
from processing.job import Instance

RowIndices = npt.NDArray[np.int64]
"""Which rows, in order, counted from 0."""

RUN_ROWS = 1 << 16
"""Rows that are parted at a time: with too few, the file is one of very small pieces."""

_DIGEST = "digest"

MAXIMUM_RANGES = 1 << 10


class ScratchTable:
    """An Arrow file: written once, then read by ranges of the keys as often as needed."""

    def __init__(self, path: Path, schema: pa.Schema, *, key: str, ranges: int) -> None:
        """Keep rows of *schema*, whose column *key* says their order, in about *ranges* parts."""
        self._path, self._schema, self._key = path, schema, key
        bits = math.ceil(math.log2(min(max(ranges, 1), MAXIMUM_RANGES)))
        self._starts = np.array([number << (64 - bits) for number in range(1 << bits)], np.uint64)
        self._left_out: list[RowIndices] = [np.empty(0, np.int64)] * len(self._starts)

    @contextlib.contextmanager
    def writer(self) -> Iterator["Writer"]:
        """Return a context in which the rows are written; afterwards they can be read."""
        with pa.ipc.new_file(self._path, self._schema) as file:
            writer = Writer(file, self._key, self._starts)
            yield writer
            writer.flush()

    def leave_out_duplicates(self, keys: Keys, *, values: Sequence[str]) -> pa.RecordBatch:
        """From now on read one row for each of *keys*, which more rows have; return the others.

        It is chosen by a hash of its *values*: the same one in whatever order they were written, and neither the
        smallest nor the largest.
        """
        by = [(name, "ascending") for name in (self._key, _DIGEST, *self._schema.names)]
        others = [pa.RecordBatch.from_pylist([], self._schema)]
        for index, rows in enumerate(self._ranges(self._schema.names)) if len(keys) else ():
            among = np.flatnonzero(np.isin(rows[self._key], keys))
            duplicates = rows.take(among)
            digests = pa.array(_digests(duplicates.select(values)), pa.binary())
            order = among[pc.sort_indices(duplicates.append_column(_DIGEST, digests), by)]
            ordered = rows[self._key].to_numpy()[order]
            self._left_out[index] = order[1:][ordered[1:] == ordered[:-1]]
            others.append(rows.take(self._left_out[index]))
        return pa.concat_batches(others)

    def below(self, key: int) -> Iterator[pa.RecordBatch]:
        """Yield the rows whose key is smaller than *key*, in any order."""
        for index, rows in enumerate(self._ranges(self._schema.names)):
            smaller = rows[self._key].to_numpy() < np.uint64(key)
            smaller[self._left_out[index]] = False
            if smaller.any():
                yield rows.filter(smaller)

    def in_order(self, columns: Sequence[str], instance: Instance) -> Iterator[pa.RecordBatch]:
        """Yield *columns*, the key among them, of this *instance*'s share of the rows, by their keys."""
        first = 0
        for index, rows in enumerate(self._ranges(columns)):
            keys = rows[self._key].to_numpy()
            kept = np.delete(np.arange(len(keys)), self._left_out[index])
            order = kept[np.argsort(keys[kept])]
            yield rows.take(order[instance.share(first, len(order))])
            first += len(order)

    def _ranges(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield *columns* of the rows of each range of keys, in the order they were written in."""
        with pa.OSFile(str(self._path)) as file, pa.ipc.open_file(file) as reader:
            for index in range(len(self._starts)):
                pieces = range(index, reader.num_record_batches, len(self._starts))
                yield pa.concat_batches([reader.get_batch(piece).select(columns) for piece in pieces])


def _digests(rows: pa.RecordBatch) -> list[bytes]:
    return [hashlib.blake2b(repr(tuple(row.values())).encode(), digest_size=8).digest() for row in rows.to_pylist()]


class Writer:
    """Writes rows to a file so that every n-th batch holds those of the n-th range of keys."""

    def __init__(self, file: pa.ipc.RecordBatchFileWriter, key: str, starts: Keys) -> None:
        self._file, self._key, self._starts = file, key, starts
        self._run: list[pa.RecordBatch] = []

    def add(self, rows: pa.RecordBatch) -> None:
        """Write *rows*, sooner or later."""
        self._run.append(rows)
        if sum(each.num_rows for each in self._run) >= RUN_ROWS:
            self.flush()

    def flush(self) -> None:
        """Write all rows that were added."""
        if not self._run:
            return
        rows = pa.concat_batches(self._run)
        self._run = []
        keys = rows[self._key].to_numpy()
        order = np.argsort(keys)
        parted = rows.take(order)
        bounds = [*np.searchsorted(keys[order], self._starts).tolist(), len(keys)]
        for start, end in itertools.pairwise(bounds):
            self._file.write_batch(parted.slice(start, end - start))
