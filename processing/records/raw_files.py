"""Opens raw files by what is in them, whatever they are called: compressed or not, in the declared encoding."""

import gzip
from pathlib import Path
from typing import IO

import pyarrow as pa

from processing.records.format import Format

HEAD_BYTES = 1 << 18
"""Of a file, what is looked at to recognise how it is written."""

_UTF_8 = ("utf-8", "utf-8-sig")


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file, decompressed where it is gzip; zeros behind an archive are padding, anything else is refused."""
    with path.open("rb") as file:
        is_compressed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path) if is_compressed else path.open("rb")


def open_as_utf_8(path: Path, form: Format) -> IO[bytes]:
    """Open a file, as bytes of UTF-8 text; reading raises `UnicodeError` where it is not in the declared encoding."""
    content = open_bytes(path)
    if form.encoding in _UTF_8:
        return content
    return pa.transcoding_input_stream(pa.PythonFile(content, mode="r"), form.encoding, "utf-8")


def read_head(path: Path) -> bytes:
    """Return the first bytes of a file, decompressed."""
    with open_bytes(path) as file:
        return file.read(HEAD_BYTES)
