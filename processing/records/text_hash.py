"""Hashes texts, to tell how many are different: all at once, in a tenth of the time of the keyed hash of the split."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from processing.records.text_bytes import view_bytes

Hashes = npt.NDArray[np.uint64]

_WORD = np.dtype("<u8")


def hash_texts(texts: pa.StringArray) -> Hashes:
    """Return a 64-bit hash of each of *texts*, none of them null.

    Two of a million share one with a chance of 1 in 37 million: never two that are equally long and of 8 bytes or less.
    """
    content, offsets = view_bytes(texts)
    lengths = np.diff(offsets)
    hashes = _mix(lengths.astype(np.uint64))
    for length in np.unique(lengths).tolist():
        rows = np.flatnonzero(lengths == length)
        padded = np.zeros((len(rows), -(-length // _WORD.itemsize) * _WORD.itemsize), np.uint8)
        padded[:, :length] = content[offsets[rows, None] + np.arange(length)]
        for words in padded.view(_WORD).T:
            hashes[rows] = _mix(hashes[rows] ^ words)
    return hashes


def _mix(words: Hashes) -> Hashes:
    """Return *words* so that each bit depends on all of them.

    Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014), SplitMix64.
    """
    words = words + np.uint64(0x9E3779B97F4A7C15)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))
