"""Reads UTF-16 up to where text of another encoding was appended, which would be read as a few strange letters."""

import io
import re
from collections.abc import Iterator
from typing import IO

import numpy as np

_LEAST_BYTES = 32

_ASCII_RUN = re.compile(rb"[\t\n\r -~]{%d,}" % _LEAST_BYTES)
"""In UTF-16, so many bytes are 16 letters of Chinese that all happen to look so; with delimiters among them, never."""

_LEAST_DELIMITERS = 2


class WideText(io.RawIOBase):
    """The bytes of a file in UTF-16; it ends where rows of single bytes begin, and says so in `is_cut`."""

    def __init__(self, file: IO[bytes], delimiter: str) -> None:
        """Read from *file*, and close it at the end."""
        self._file = file
        self._delimiter = delimiter.encode()
        self._position = 0
        self.is_cut = False

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most *size*; nothing at the end."""
        block = b"" if self.is_cut else self._file.read(size)
        start = next(self._find_single_bytes(block), None)
        if start is not None:
            self.is_cut = True
            block = block[: start + (self._position + start) % 2]  # a letter has two bytes
        self._position += len(block)
        return block

    def _find_single_bytes(self, block: bytes) -> Iterator[int]:
        """Yield where text of single bytes begins; only what has no byte of 0 is looked at, which saves time."""
        zeros = np.flatnonzero(np.frombuffer(block, np.uint8) == 0)
        bounds = np.concatenate([[-1], zeros, [len(block)]])
        for gap in np.flatnonzero(np.diff(bounds) > _LEAST_BYTES):
            for run in _ASCII_RUN.finditer(block, bounds[gap] + 1, bounds[gap + 1]):
                if run[0].count(self._delimiter) >= _LEAST_DELIMITERS:
                    yield run.start()

    def close(self) -> None:
        """Close the file below, too."""
        self._file.close()
        super().close()
