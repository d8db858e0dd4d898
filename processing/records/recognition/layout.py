"""Recognises how a file is written from its first bytes: its kind, encoding, delimiter and where its header stands."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from processing.records.columns import NAMES
from processing.records.format import loose_key

DELIMITERS: Mapping[str, str] = {
    ",": "commas",
    ";": "semicolons",
    "\t": "tabs",
    "|": "pipes",
    ":": "colons",
    "^": "carets",
    "~": "tildes",
    " ": "spaces",
    "\x01": "control characters, U+0001",
}
"""Each with what it is called, the usual ones first."""

USUAL_DELIMITERS = tuple(DELIMITERS)[:4]

LINES_ABOVE = 20
"""A header is looked for in so many lines."""

MAXIMUM_LINE = 100_000
"""Characters: the csv module reads no longer field."""

_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}

WIDE = ("utf-16", "utf-32")

_SIGNATURES: Mapping[bytes, str] = {
    b"PK\x03\x04": "an Excel workbook or another ZIP archive",
    b"PK\x05\x06": "an empty ZIP archive",
    b"\xd0\xcf\x11\xe0": "an Excel workbook of before 2007",
    b"%PDF": "a PDF document",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip archive inside of another",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\0\5\x16\7": "a file of macOS that holds no data",
    b"SQLite format 3": "an SQLite database",
    b"version https://git-lfs": "a pointer of Git LFS",
    b"{\\rtf": "an RTF document",
    b"<?xml": "an XML document",
    b"<html": "an HTML page",
    b"<!doc": "an HTML page",
    b"<table": "an HTML table",
    b"[{": "a JSON document",
    b'{"': "a JSON document",
}
"""What a file begins with that is not CSV."""


class NotCsvError(Exception):
    """The file is of another kind; the text says which."""


@dataclass(frozen=True)
class Layout:
    """How a file is written, as it seems."""

    encoding: str
    delimiter: str
    header_row: int
    header: tuple[str, ...]


def recognize_layout(head: bytes, *, known: Sequence[str] = NAMES) -> Layout:
    """Return how the file that begins with *head*, decompressed, is written; raise `NotCsvError` for another kind.

    The header is the line that has the most of the columns *known*, however they are spelt; where no line has one, the
    first of those with the usual number of fields.
    """
    check_is_text(head)
    encoding = recognize_encoding(head)
    text = head.decode(encoding, "ignore").removeprefix("\ufeff")
    lines = [line[:MAXIMUM_LINE] for line in io.StringIO(text, newline=None)]
    keys = {loose_key(name) for name in known}
    best, most = Layout(encoding, ",", 1, ()), 0
    for delimiter in DELIMITERS:
        for row, fields in enumerate(_split(lines[:LINES_ABOVE], delimiter), 1):
            found = len(keys & {loose_key(name) for name in fields})
            if found > most:
                best, most = Layout(encoding, delimiter, row, tuple(fields)), found
    return best if most else _by_regularity(encoding, lines)


def check_is_text(head: bytes) -> None:
    """Raise `NotCsvError` where a file begins as one of another kind does."""
    start = head.lstrip(b" \r\n\t")[:20].lower()
    for signature, what in _SIGNATURES.items():
        if head.startswith(signature) or start.startswith(signature.lower()):
            raise NotCsvError(what)
    if head[257:262] == b"ustar":
        raise NotCsvError("a tar archive")


def recognize_encoding(head: bytes) -> str:
    """Return the encoding of a text that begins with *head*: UTF-8, UTF-16, or else probably Windows'."""
    for bom, encoding in _BOMS.items():
        if head.startswith(bom):
            return encoding
    even, odd = (head[:1000][start::2].count(0) for start in (0, 1))
    if max(even, odd) > len(head[:1000]) // 4:
        return "utf-16-be" if even > odd else "utf-16-le"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return _recognize_single_byte(head)
    return "utf-8"


def is_encoded_otherwise(head: bytes, declared: str) -> bool:
    """Return whether the text that begins with *head* seems to be in another encoding than *declared*."""
    found, wanted = (codecs.lookup(each).name.removesuffix("-sig") for each in (recognize_encoding(head), declared))
    if found == "utf-8" and head.isascii():  # as it is in most other encodings, too
        return wanted.startswith(WIDE)
    return found != wanted and not (found == "utf-16" and wanted.startswith("utf-16-"))  # found by its mark


def is_surely_encoded_otherwise(head: bytes, declared: str) -> bool:
    """Return whether *head* is in another encoding that is not to be mistaken: not in one of single bytes."""
    found = recognize_encoding(head)
    return found.startswith(("utf-8", *WIDE)) and is_encoded_otherwise(head, declared)


def _recognize_single_byte(head: bytes) -> str:
    """Return the first code page in which all of *head* is text."""
    try:
        head.decode("windows-1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "windows-1252"


def _by_regularity(encoding: str, lines: Sequence[str]) -> Layout:
    """Return the layout with the most fields that most lines agree on."""
    best, most = Layout(encoding, ",", 1, ()), 1
    for delimiter in USUAL_DELIMITERS:
        records = list(_split(lines[:200], delimiter))
        counts = Counter(len(fields) for fields in records if len(fields) > 1)
        fields, times = counts.most_common(1)[0] if counts else (0, 0)
        if fields > most and 2 * times > len(records):
            row = next(row for row, each in enumerate(records, 1) if len(each) == fields)
            best, most = Layout(encoding, delimiter, row, tuple(records[row - 1])), fields
    return best


def _split(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """Return the fields of each line by itself: a title may have a quotation mark that is never closed."""
    return [next(csv.reader(io.StringIO(line), delimiter=delimiter), []) for line in lines]
