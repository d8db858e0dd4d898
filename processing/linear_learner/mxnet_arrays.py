"""Reads a list of named MXNet arrays from memory, and never past its end.

Source: `NDArray::Save` of Apache MXNet, src/ndarray/ndarray.cc, of which this is the dense, 32-bit part.
"""

import math
import struct

import numpy as np
import numpy.typing as npt

from processing.job import JobError

Array = npt.NDArray[np.float32]

_LIST_MAGIC = 0x112
_ARRAY_MAGIC = 0xF993FAC9
_DENSE, _FLOAT32 = 0, 0
_MAXIMUM_DIMENSIONS = 32
"""More than MXNet has; without a limit, a damaged count would ask for a very long product."""


def read_arrays(content: bytes) -> dict[str, Array]:
    """Return the arrays in *content* by name; raise `JobError` for what is no such list."""
    cursor = _Cursor(content)
    magic, _, count = cursor.take("QQQ")
    if magic != _LIST_MAGIC:
        raise JobError(f"its parameters begin with {magic:#x}, not {_LIST_MAGIC:#x}")
    arrays = [_read_array(cursor) for _ in range(count)]
    (names,) = cursor.take("Q")
    if names != count:
        raise JobError(f"its parameters are {count} arrays with {names} names")
    named = {_read_name(cursor): array for array in arrays}
    if cursor.remaining or len(named) != count:
        raise JobError("its parameters do not end with one name for each array")
    return named


def _read_array(cursor: "_Cursor") -> Array:
    magic, storage, dimensions = cursor.take("IiI")
    if (magic, storage) != (_ARRAY_MAGIC, _DENSE) or dimensions > _MAXIMUM_DIMENSIONS:
        raise JobError(f"its parameters have an array that begins with {magic:#x}, {storage}, {dimensions}")
    shape = cursor.take(f"{dimensions}q")
    _device, _device_id, kind = cursor.take("iii")
    if kind != _FLOAT32 or min(shape, default=0) < 1:
        raise JobError(f"its parameters have an array of type {kind} and shape {str(shape)[:80]}")
    return np.frombuffer(cursor.take_bytes(4 * math.prod(shape)), "<f4").reshape(shape)


def _read_name(cursor: "_Cursor") -> str:
    (length,) = cursor.take("Q")
    return cursor.take_bytes(length).decode("utf-8", errors="replace")


class _Cursor:
    """A position in bytes that moves on with what is taken."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._position = 0

    @property
    def remaining(self) -> int:
        """How many bytes are left."""
        return len(self._content) - self._position

    def take(self, form: str) -> tuple[int, ...]:
        """Return the next numbers, little-endian, in a form of `struct`."""
        return struct.unpack(f"<{form}", self.take_bytes(struct.calcsize(f"<{form}")))

    def take_bytes(self, count: int) -> bytes:
        """Return the next *count* bytes; raise `JobError` when there are fewer, before anything is set aside."""
        if count > self.remaining:
            raise JobError(f"its parameters end {count - self.remaining} bytes too early")
        self._position += count
        return self._content[self._position - count : self._position]
