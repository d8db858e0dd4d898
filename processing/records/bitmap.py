"""Sets of positions in a block of bytes, a bit each: 64 positions are looked at in one step."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_PIECE_BYTES = 1 << 17
"""What is compared at once: so much stays in the processor's cache."""

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_Words = npt.NDArray[np.uint64]

_ONE, _TOP, _ALL = np.uint64(1), np.uint64(63), ~np.uint64(0)


@dataclass(frozen=True)
class Bitmap:
    """A set of positions below a multiple of 64; the bit of position 0 is the lowest of the first word."""

    words: _Words

    @classmethod
    def find(cls, text: Bytes, byte: int) -> "Bitmap":
        """Return where *text* has *byte*."""
        packed = np.zeros((len(text) // 64 + 1) * 8, np.uint8)
        for start in range(0, len(text), _PIECE_BYTES):
            bits = np.packbits(text[start : start + _PIECE_BYTES] == byte, bitorder="little")
            packed[start // 8 : start // 8 + len(bits)] = bits
        return cls(packed.view("<u8"))

    def __or__(self, other: "Bitmap") -> "Bitmap":
        return Bitmap(self.words | other.words)

    def __and__(self, other: "Bitmap") -> "Bitmap":
        return Bitmap(self.words & other.words)

    def __sub__(self, other: "Bitmap") -> "Bitmap":
        words = ~other.words
        words &= self.words
        return Bitmap(words)

    def __bool__(self) -> bool:
        return bool(self.words.any())

    def add(self, position: int) -> None:
        """Add a position."""
        self.words[position >> 6] |= _ONE << np.uint64(position & 63)

    def next(self, *, first: bool = False) -> "Bitmap":
        """Return the positions behind these, and 0 if that is *first*."""
        words = self.words << _ONE
        words[0] |= np.uint64(first)
        words[1:] |= self.words[:-1] >> _TOP
        return Bitmap(words)

    def previous(self) -> "Bitmap":
        """Return the positions before these."""
        words = self.words >> _ONE
        words[:-1] |= self.words[1:] << _TOP
        return Bitmap(words)

    def spans(self) -> "Bitmap":
        """Return all positions from the first of these to before the second, from the third to before the fourth ..."""
        words = self.words.copy()
        for distance in (1, 2, 4, 8, 16, 32):
            words ^= words << np.uint64(distance)
        words[1:] ^= np.bitwise_xor.accumulate(words >> _TOP)[:-1] * _ALL
        return Bitmap(words)

    def positions(self) -> Positions:
        """Return the positions in order."""
        packed = self.words.view(np.uint8)
        used = np.flatnonzero(packed != 0)
        bits = np.flatnonzero(np.unpackbits(packed[used], bitorder="little").view(np.bool_))
        positions: Positions = used[bits >> 3] * 8 + (bits & 7)
        return positions

    def has(self, positions: Positions) -> Mask:
        """Return which of *positions* are in the set."""
        found: Mask = (self.words[positions >> 6] >> (positions & 63).astype(np.uint64)) & _ONE != 0
        return found

    def count_below(self, positions: Positions) -> Positions:
        """Return how many there are below each of *positions*."""
        index = positions >> 6
        below = (_ONE << (positions & 63).astype(np.uint64)) - _ONE
        counts = _count_bits(self.words)
        total: Positions = (np.cumsum(counts) - counts)[index] + _count_bits(self.words[index] & below)
        return total


def _count_bits(words: _Words) -> Positions:
    """Return how many bits of each word are set; numpy 1, which the Spark image has, takes longer to tell."""
    counts: Positions
    if hasattr(np, "bitwise_count"):
        counts = np.bitwise_count(words).astype(np.int64)
    else:
        counts = np.unpackbits(words.view(np.uint8)).reshape(-1, 64).sum(axis=1, dtype=np.int64)
    return counts
