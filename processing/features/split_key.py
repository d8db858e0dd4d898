"""Decides which rows train, validate and test, from a keyed hash of the employee id and nothing else."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from processing.job import JobError

Keys = npt.NDArray[np.uint64]

TRAIN_SHARE = 0.7
TEST_SHARE = 0.1

MINIMUM_ROWS = 10
"""With fewer, one of the three sets could be empty."""


@dataclass(frozen=True)
class SplitThresholds:
    """The two split keys at which the data is cut: training rows, then validation rows, then test rows."""

    train_below: int
    test_from: int

    def train(self, keys: Keys) -> npt.NDArray[np.bool_]:
        """Return which *keys* are training rows."""
        return keys < np.uint64(self.train_below)

    def test(self, keys: Keys) -> npt.NDArray[np.bool_]:
        """Return which *keys* are test rows."""
        return keys >= np.uint64(self.test_from)


def split_keys(employee_ids: Iterable[str], seed: str) -> Keys:
    """Return the split key of each employee: BLAKE2b of the id, keyed with *seed*, as a 64-bit number.

    Two of a million employees share a key with a chance of 1 in 37 million; the second would count as a duplicate.
    """
    keyed = hashlib.blake2b(digest_size=8, key=seed.encode()).copy  # taking in the key costs as much as hashing an id
    digests = []
    for text in employee_ids:
        digest = keyed()
        digest.update(text.encode())
        digests.append(digest.digest())
    return np.frombuffer(b"".join(digests), dtype=">u8").astype(np.uint64)


def find_threshold_ranks(rows: int) -> tuple[int, int]:
    """Return which of so many split keys, in order and from 0, are the thresholds that part them 70/20/10 to one row.

    Raise `JobError` for too few.
    """
    if rows < MINIMUM_ROWS:
        raise JobError(f"the input has {rows} usable rows: give at least {MINIMUM_ROWS}")
    return round(TRAIN_SHARE * rows), rows - round(TEST_SHARE * rows)
