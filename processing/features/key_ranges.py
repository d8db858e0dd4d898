"""Spreads rows by range of a key, and puts those of a range in order.

Split keys, and hashes of identifiers, are evenly spread: ranges are of about one size, and each fits into memory.
"""

import hashlib
import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from processing.features.split_key import Keys

RANGE_BYTES = 16 << 20
"""Raw data whose rows are put in order at a time."""

MAXIMUM_RANGES = 1 << 10

RUN_ROWS = 1 << 18
"""Rows that are spread at a time: with too few, the batches of a range are very small."""

_DIGEST = "digest"

RowIndices = npt.NDArray[np.int64]
"""Which rows, counted from 0."""


def count_ranges(size: int) -> int:
    """Return over how many ranges to spread the rows of *size* bytes of raw data: a power of two."""
    return 1 << math.ceil(math.log2(min(max(size // RANGE_BYTES, 1), MAXIMUM_RANGES)))


def find_range(key: int, ranges: int) -> int:
    """Return in which of so many ranges *key* lies."""
    return key * ranges >> 64


def _find_ranges(keys: Keys, ranges: int) -> npt.NDArray[np.uint16]:
    bits = ranges.bit_length() - 1
    return ((keys >> np.uint64(1)) >> np.uint64(63 - bits)).astype(np.uint16)  # a shift by 64 is not defined


def spread_by_range(batches: Iterable[pa.RecordBatch], key: str, ranges: int) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Yield the rows of *batches* by the range of the column *key*, each batch with the number of its range."""
    run: list[pa.RecordBatch] = []
    for batch in batches:
        run.append(batch)
        if sum(each.num_rows for each in run) >= RUN_ROWS:
            yield from _spread(pa.concat_batches(run), key, ranges)
            run = []
    if run:
        yield from _spread(pa.concat_batches(run), key, ranges)


def _spread(rows: pa.RecordBatch, key: str, ranges: int) -> Iterator[tuple[int, pa.RecordBatch]]:
    numbers = _find_ranges(rows[key].to_numpy(), ranges)
    order = np.argsort(numbers, kind="stable")
    ordered = rows.take(pa.array(order))
    bounds = np.searchsorted(numbers[order], np.arange(ranges + 1)).tolist()
    for number, start in enumerate(bounds[:-1]):
        if bounds[number + 1] > start:
            yield number, ordered.slice(start, bounds[number + 1] - start)


def put_in_order(rows: pa.RecordBatch, key: str, values: Sequence[str]) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """Return one row for each key, in order of the column *key*, and the others.

    Of several rows it is chosen by a hash of their *values*: the same one in whatever order they come, and neither the
    smallest nor the largest.
    """
    order, repeated = _sort(rows[key].to_numpy())
    candidates = rows.take(pa.array(repeated))
    digests = pa.array(_digests(candidates.select(values)), pa.binary())
    by = (key, _DIGEST, *rows.schema.names)
    others = repeated[find_later(candidates.append_column(_DIGEST, digests), by)]
    kept = order[~np.isin(order, others)] if len(others) else order
    return rows.take(pa.array(kept)), rows.take(pa.array(others))


def select_repeated(rows: pa.RecordBatch, key: str) -> pa.RecordBatch:
    """Return the rows that share their value of the column *key* with others."""
    return rows.take(pa.array(_sort(rows[key].to_numpy())[1]))


def find_later(rows: pa.RecordBatch, by: Sequence[str]) -> RowIndices:
    """Return which of *rows*, sorted *by* these columns, stand behind one with the same value in the first of them."""
    order = pc.sort_indices(rows, [(name, "ascending") for name in by]).to_numpy().astype(np.int64)
    keys = rows[by[0]].to_numpy()[order]
    later: RowIndices = order[1:][keys[1:] == keys[:-1]]
    return later


def _sort(keys: Keys) -> tuple[RowIndices, RowIndices]:
    """Return all rows in the order of their *keys*, and those that share their key with others."""
    order = np.argsort(keys)
    same = np.flatnonzero(keys[order[1:]] == keys[order[:-1]])
    return order, order[np.union1d(same, same + 1)]


def _digests(rows: pa.RecordBatch) -> list[bytes]:
    return [hashlib.blake2b(repr(tuple(row.values())).encode(), digest_size=8).digest() for row in rows.to_pylist()]
