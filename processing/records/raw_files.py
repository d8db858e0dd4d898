"""Opens raw files by what is in them, whatever they are called: compressed or not, in the declared encoding."""

import codecs
import gzip
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa

from processing.records.format import Format
from processing.records.quotation import WholeRecords
from processing.records.wide_text import WideText

BLOCK_BYTES = 4 << 20
"""Bytes of CSV per batch, and so the longest record that can be read."""

HEAD_BYTES = 1 << 18
"""Of a file, what is looked at to recognise how it is written."""

GZIP_RATIO = 8

_UTF_8 = ("utf-8", "utf-8-sig")

Span = tuple[int, int]
"""Where bytes of a file begin and end."""


@dataclass(frozen=True)
class Part:
    """The records of a raw file, or a run of them."""

    index: int
    """Of all parts of all files, from 0, in the order of reading."""
    file: str
    """What the file is called in messages."""
    path: Path
    spans: tuple[Span, ...] = ()
    """Of a run of records: where the header is, with what stands above it, and where they are."""


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file, decompressed where it is gzip; zeros behind an archive are padding, anything else is refused."""
    return cast(IO[bytes], gzip.open(path)) if is_compressed(path) else path.open("rb")


def is_compressed(path: Path) -> bool:
    """Return whether a file is gzip, by what is in it."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def estimate_bytes(files: Mapping[str, Path]) -> int:
    """Return about how large *files* are when they are not compressed."""
    return sum(path.stat().st_size * (GZIP_RATIO if path.suffix.lower() == ".gz" else 1) for path in files.values())


def is_plain_utf_8(path: Path, form: Format) -> bool:
    """Return whether the bytes of a file are those of its records."""
    return codecs.lookup(form.encoding).name in _UTF_8 and not is_compressed(path)


def open_records(path: Path, form: Format, spans: Sequence[Span] = ()) -> WholeRecords:
    """Open a file to read its records from the header on, as UTF-8; of a part, those in its *spans*.

    Reading raises `UnicodeError` where text is not in the declared encoding, but for UTF-8: see `WholeRecords`.
    """
    content = cast(IO[bytes], Spans(path, spans)) if spans else open_bytes(path)
    encoding = codecs.lookup(form.encoding).name
    wide = WideText(content, form.delimiter) if encoding.startswith("utf-16") else None
    if encoding not in _UTF_8:
        content = pa.transcoding_input_stream(pa.PythonFile(wide or content, mode="r"), form.encoding, "utf-8")
    return WholeRecords(content, delimiter=form.delimiter, lines_above=form.header_row - 1, wide=wide)


def read_head(path: Path) -> bytes:
    """Return the first bytes of a file, decompressed."""
    with open_bytes(path) as file:
        return file.read(HEAD_BYTES)


class Spans(io.RawIOBase):
    """Reads some spans of a file as if they were all of it."""

    def __init__(self, path: Path, spans: Sequence[Span]) -> None:
        """Read *spans* of *path*, in their order."""
        self._file = path.open("rb", buffering=0)
        self._spans = list(spans)

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into *buffer*; return how many bytes, 0 at the end."""
        while self._spans:
            start, stop = self._spans[0]
            self._file.seek(start)
            if count := self._file.readinto(memoryview(buffer)[: stop - start]):
                self._spans[0] = (start + count, stop)
                return count
            del self._spans[0]
        return 0

    def close(self) -> None:
        """Close the file, too."""
        self._file.close()
        super().close()
