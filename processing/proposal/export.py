"""Reads somebody's export as it is: its layout, which of our columns it has, and their texts."""

import re
from collections.abc import Iterable, Mapping, Sequence
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
from processing.records.recognition.layout import Layout, NotCsvError, recognize_encoding, recognize_layout

VALUE = re.compile(r"^\W*\d[\d\W]*$|[@{]")
"""A number, a date, an address or JSON, and no name of a column."""

ASCII = frozenset(map(chr, range(128)))


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

    def missing(self, column: Column) -> int:
        """Return how many cells of *column* are empty."""
        return self.rows - len(self.texts[column]) if column in self.texts else self.rows


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
    _check_all_there(name, layout.header, matches)
    match = _header_match([each.header for each in layouts.values()], matches)
    form = Format(
        encoding=_find_encoding(files.values(), layout.encoding),
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
        layout = recognize_layout(read_head(path), known=known)
    except NotCsvError as error:
        raise JobError(f"{name}: {error}, not CSV; save it as 'CSV UTF-8'") from error
    except OSError as error:
        raise JobError(f"{name}: cannot be read ({error.strerror or error})") from error
    if not layout.header:
        raise JobError(f"{name}: no header was found; put the names of the columns in the first line")
    return layout


def _header_match(headers: Sequence[Sequence[str]], matches: Mapping[str, Match]) -> str:
    """Return how names are compared: to the letter, unless that needs letters that nobody sees, or files differ."""
    names = [match.name for match in matches.values()]
    is_clean = all(name == name.strip() and name.isprintable() for name in names)
    is_everywhere = all(name in header for header in headers for name in names)
    return Format.header_match if is_clean and is_everywhere else LOOSE


def _declared(name: str, match: str) -> str:
    """Return *name* as it is written into the contract."""
    return " ".join(INVISIBLE.sub("", name).split()) if match == LOOSE else name


def _find_encoding(paths: Iterable[Path], encoding: str) -> str:
    """Return the encoding of all files, of whose first bytes it is *encoding*: more than these are looked at."""
    if encoding.startswith("utf-16"):
        return encoding
    for path in paths:
        with open_bytes(path) as file:
            content = file.read()
        text = content.decode("utf-8", "replace")
        if text.count("\ufffd") > sum(map(text.count, set(text) - ASCII - {"\ufffd"})):
            return recognize_encoding(content)
    return "utf-8"  # broken bytes among many whole letters are for the reader to refuse


def _check_all_there(file: str, header: Sequence[str], matches: Mapping[str, Match]) -> None:
    missing = [column.source for column in COLUMNS if column.source not in matches and not column.may_be_absent]
    if missing and any(map(VALUE.search, header)):
        raise JobError(
            f"{file}: the columns {', '.join(missing)} are not found, and the first line seems to be one of data:"
            " put the names of the columns above it"
        )
    if missing:
        taken = {match.name for match in matches.values()}
        candidates = {each: find_candidates(each, [name for name in header if name not in taken]) for each in missing}
        found = "; ".join(
            f"{column} {'may be ' + ' or '.join(map(repr, names)) if names else 'is like none of them'}"
            for column, names in candidates.items()
        )
        raise JobError(
            f"{file}: no column {', '.join(missing)} among {', '.join(map(repr, header))}: {found};"
            " rename them, or write them into [format.columns] of a contract by hand"
        )
