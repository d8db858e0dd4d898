"""Reads somebody's export as it is: its layout, which of our columns it has, and their texts."""

import csv
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from processing.job import JobError
from processing.proposal.header_names import USUAL_NAMES, Match, find_candidates, match_names
from processing.records.columns import COLUMNS, NAMES, Column
from processing.records.format import INVISIBLE, LOOSE, Format
from processing.records.raw_data import list_files, stream
from processing.records.raw_files import open_bytes, read_head
from processing.records.recognition.layout import (
    LEAST_NAMES,
    WIDE,
    Layout,
    NotCsvError,
    recognize_encoding,
    recognize_layout,
)
from processing.records.recognition.words import shorten

VALUE = re.compile(r"^\W*\d[\d\W]*$|[@{]")
"""A number, a date, an address or JSON, and no name of a column."""

ASCII = frozenset(map(chr, range(128)))

_ANY = "ascii"
"""The encoding of a text that is the same in most of them."""

_FAMILIES: Mapping[str, str] = {
    "utf-16-le": "utf-16",
    "utf-16-be": "utf-16",
    "latin-1": "windows-1252",
    _ANY: "utf-8",
}
"""Encodings that are told apart from another only by a mark, or by letters that hardly anybody writes."""

FILES_SHOWN = 3


@dataclass(frozen=True)
class Export:
    """Somebody's raw files, read as text."""

    files: Mapping[str, Path]
    layout: Format
    """How they are written, but for their values."""
    matches: Mapping[str, Match]
    """What the header calls those of our columns that it has."""
    rows: int
    """Well-formed records."""
    texts: Mapping[Column, pa.StringArray]
    """Of the columns that there are, the texts that are not empty, trimmed."""


def find_files(path: Path) -> dict[str, Path]:
    """Return the raw files that *path* is or holds, by name; raise `JobError` where there are none."""
    if not path.exists():
        raise JobError(f"{path} does not exist: name a CSV file, or a folder of them")
    if path.is_dir():
        return list_files(path)
    if not path.name.lower().endswith((".csv", ".csv.gz")):
        raise JobError(f"{path.name}: not a .csv or .csv.gz file, which the jobs pass over: rename it")
    return {path.name: path}


def read_export(files: Mapping[str, Path]) -> Export:
    """Read *files*; raise `JobError` where a column is missing that must be there, or a file cannot be read."""
    layouts = {name: _recognize(name, path) for name, path in files.items()}
    name, layout = next(iter(layouts.items()))
    matches = match_names(layout.header)
    missing = [each.source for each in COLUMNS if each.source not in matches and not each.may_be_absent]
    if missing:
        raise JobError(f"{name}: {_describe_missing(missing, read_head(files[name]), layout, matches)}")
    match = _header_match([each.header for each in layouts.values()], matches)
    form = Format(
        encoding=_find_encoding(files, layouts),
        delimiter=layout.delimiter,
        header_row=layout.header_row,
        header_match=match,
        columns={column: _declared(matches[column].name, match) if column in matches else "" for column in NAMES},
    )
    batches = [batch.columns for name, path in files.items() for batch in stream(name, path, form)]
    table = pa.Table.from_batches(batches)
    return Export(
        files,
        form,
        matches,
        table.num_rows,
        {column: _present(table[column.source]) for column in COLUMNS if column.source in matches},
    )


def _present(texts: pa.ChunkedArray) -> pa.StringArray:
    trimmed = pc.utf8_trim_whitespace(texts).combine_chunks()
    return trimmed.filter(pc.not_equal(trimmed, ""))


def _recognize(name: str, path: Path) -> Layout:
    known = [*NAMES, *(each for names in USUAL_NAMES.values() for each in names)]
    try:
        with _reading(name):
            layout = recognize_layout(read_head(path), known=known)
    except NotCsvError as error:
        raise JobError(f"{name}: {error}, not CSV; save it as 'CSV UTF-8'") from error
    if not layout.header:
        raise JobError(f"{name}: no header was found; put the names of the columns in the first line")
    return layout


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Say of a file that cannot be read, or not to its end, which one it is."""
    try:
        yield
    except (OSError, EOFError, zlib.error) as error:
        raise JobError(f"{name}: cannot be read ({error}); export it again") from error


def _header_match(headers: Sequence[Sequence[str]], matches: Mapping[str, Match]) -> str:
    """Return how names are compared: to the letter, unless that needs letters that nobody sees, or files differ."""
    names = [match.name for match in matches.values()]
    is_clean = all(name == name.strip() and name.isprintable() for name in names)
    is_everywhere = all(name in header for header in headers for name in names)
    return Format.header_match if is_clean and is_everywhere else LOOSE


def _declared(name: str, match: str) -> str:
    """Return *name* as it is written into the contract."""
    return " ".join(INVISIBLE.sub("", name).split()) if match == LOOSE else name


def _find_encoding(files: Mapping[str, Path], layouts: Mapping[str, Layout]) -> str:
    """Return the encoding of all files; raise `JobError` where there are two."""
    found = {name: _encoding(name, path, layouts[name].encoding) for name, path in files.items()}
    is_wide = any(each.startswith(WIDE) for each in found.values())
    found = {name: each for name, each in found.items() if each != _ANY or is_wide} or dict.fromkeys(found, "utf-8")
    families = {name: _FAMILIES.get(each, each) for name, each in found.items()}
    (most, _), *further = Counter(families.values()).most_common()
    if further:
        others = [f"{shorten(name)} in {each.upper()}" for name, each in families.items() if each != most]
        shown = ", ".join([*others[:FILES_SHOWN], *[f"{len(others) - FILES_SHOWN} more"] * (len(others) > FILES_SHOWN)])
        raise JobError(
            f"{shown}, but the other files in {most.upper()}: export them all in one encoding, as 'CSV UTF-8'"
        )
    return next(iter(found.values()))


def _encoding(name: str, path: Path, encoding: str) -> str:
    """Return the encoding of a file, of whose first bytes it is *encoding*: more than these are looked at."""
    if encoding.startswith(WIDE):
        return encoding
    with _reading(name), open_bytes(path) as file:
        content = file.read()
    if content.isascii():
        return _ANY
    text = content.decode("utf-8", "replace")
    is_broken = text.count("\ufffd") > sum(map(text.count, set(text) - ASCII - {"\ufffd"}))
    # Broken bytes among many whole letters are for the reader to refuse.
    return recognize_encoding(content) if is_broken else "utf-8"


def _describe_missing(missing: Sequence[str], head: bytes, layout: Layout, matches: Mapping[str, Match]) -> str:
    """Return which columns were not found, and among which names, unless these may be a person's values."""
    names, records = layout.header, _first_records(head, layout)
    if len(match_names([record[0] for record in records if record])) >= LEAST_NAMES:
        return "the names of the columns stand below each other: write them side by side, and one row per employee"
    widths = Counter(map(len, records)).most_common(1)
    if any(map(VALUE.search, names)) or [len(names)] != [width for width, _ in widths]:
        return (
            f"no column {', '.join(missing)}, and row {layout.header_row} does not seem to be a header of the rows"
            " below it: write the name of each column there"
        )
    others = [name for name in names if name not in [match.name for match in matches.values()]]
    candidates = {column: " or ".join(map(repr, find_candidates(column, others))) for column in missing}
    found = [f"{column} {f'may be {alike}' if alike else 'is like none'}" for column, alike in candidates.items()]
    return (
        f"no column {', '.join(missing)} among {', '.join(map(repr, names))}: {', '.join(found)};"
        " rename them, or write them into [format.columns] of a contract by hand"
    )


def _first_records(head: bytes, layout: Layout) -> list[list[str]]:
    """Return the first records; none where they cannot be read."""
    lines = io.StringIO(head.decode(layout.encoding, "ignore"), newline=None).readlines()[layout.header_row :][:100]
    try:
        return list(csv.reader(lines, delimiter=layout.delimiter))
    except csv.Error:
        return []
