"""Opens raw files by what is in them, whatever they are called: compressed or not, in the declared encoding."""

import codecs
import gzip
from pathlib import Path
from typing import IO, cast

import pyarrow as pa

from processing.records.format import Format
from processing.records.quotation import WholeRecords
from processing.records.wide_text import WideText

BLOCK_BYTES = 4 << 20
"""Bytes of CSV per batch, and so the longest record that can be read."""

HEAD_BYTES = 1 << 18
"""Of a file, what is looked at to recognise how it is written."""

_UTF_8 = ("utf-8", "utf-8-sig")


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file, decompressed where it is gzip; zeros behind an archive are padding, anything else is refused."""
    with path.open("rb") as file:
        is_compressed = file.read(2) == b"\x1f\x8b"
    return cast(IO[bytes], gzip.open(path)) if is_compressed else path.open("rb")


def open_records(path: Path, form: Format) -> WholeRecords:
    """Open a file to read its records from the header on, as UTF-8.

    Reading raises `UnicodeError` where text is not in the declared encoding, but for UTF-8: see `WholeRecords`.
    """
    content = open_bytes(path)
    encoding = codecs.lookup(form.encoding).name
    wide = WideText(content, form.delimiter) if encoding.startswith("utf-16") else None
    if encoding not in _UTF_8:
        content = pa.transcoding_input_stream(pa.PythonFile(wide or content, mode="r"), form.encoding, "utf-8")
    return WholeRecords(content, delimiter=form.delimiter, lines_above=form.header_row - 1, wide=wide)


def read_head(path: Path) -> bytes:
    """Return the first bytes of a file, decompressed."""
    with open_bytes(path) as file:
        return file.read(HEAD_BYTES)
