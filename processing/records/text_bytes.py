"""Gives numpy the bytes of Arrow's texts, without a copy."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int32]


def view_bytes(texts: pa.StringArray) -> tuple[Bytes, Offsets]:
    """Return all bytes of *texts*, none of them null, and where in them each text begins, and the last one ends."""
    _, offsets, content = texts.buffers()
    if not len(texts):
        return np.empty(0, np.uint8), np.zeros(1, np.int32)
    bounds = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(content or b"", np.uint8)[bounds[0] : bounds[-1]], bounds - bounds[0]
