"""Streams raw CSV files as batches of text columns that know which row of which file each one was."""

import csv
import io
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from processing.job import JobError
from processing.records.columns import NAMES
from processing.records.quotation import WholeRecords

log = logging.getLogger(__name__)

BLOCK_BYTES = 4 << 20
"""Bytes of CSV per batch, and so the longest record that can be read."""

RowNumbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class WrongFieldCount:
    """A record with the wrong number of columns."""

    row: int
    expected: int
    found: int
    is_blank: bool


@dataclass(frozen=True)
class RawBatch:
    """A run of records of one file, all columns as text."""

    file: str
    columns: pa.RecordBatch
    """The columns of the table `COLUMNS`, as strings; a missing value is an empty string."""
    rows: RowNumbers
    """Where each record stands, counted as a spreadsheet does: the header is row 1, and blank rows count."""
    malformed: list[WrongFieldCount]
    """Records up to here that do not fit into *columns*."""


def list_files(folder: Path) -> dict[str, Path]:
    """Return every .csv and .csv.gz file below *folder* by its path there, in a fixed order."""
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    raw = {name: path for name, path in files.items() if name.lower().endswith((".csv", ".csv.gz"))}
    for name in files.keys() - raw.keys():
        log.info("%s: not a .csv or .csv.gz file, passed over", name)
    if not raw:
        raise JobError("the input has no .csv or .csv.gz file: upload one below the InputData prefix")
    return raw


def stream(name: str, path: Path) -> Iterator[RawBatch]:
    """Yield the records of the file *path*, called *name*, in batches; raise `JobError` where it cannot be read."""
    _check_header(name, path)
    malformed: list[WrongFieldCount] = []

    def skip(record: pacsv.InvalidRow) -> str:
        is_blank = not record.text.strip()
        malformed.append(WrongFieldCount(record.number, record.expected_columns, record.actual_columns, is_blank))
        return "skip"

    next_row, records = 2, 0
    with _open(path) as source:
        try:
            for columns in _parse(source, skip):
                rows = _number(next_row, columns.num_rows, malformed)
                next_row = int(rows[-1]) + 1 if len(rows) else next_row
                passed = [each for each in malformed if each.row < next_row]
                del malformed[: len(passed)]
                if source.has_broken_text:
                    _check_text(name, columns, rows)
                batch = _without_blank_rows(RawBatch(name, columns, rows, passed))
                records += len(batch.rows)
                yield batch
        except (pa.ArrowInvalid, OSError) as error:
            if "Empty CSV" not in str(error):
                _refuse(name, error)
    if source.fault:
        raise JobError(f"{name}: row {next_row + len(malformed)} {source.fault}")
    if malformed:
        nothing = pa.RecordBatch.from_pylist([], pa.schema([(each, pa.string()) for each in NAMES]))
        yield _without_blank_rows(RawBatch(name, nothing, np.empty(0, np.int64), malformed))
    log.info("%s: %s well-formed records", name, records)
    if not records:
        raise JobError(f"{name}: no well-formed record below the header; upload the whole export again")


def _open(path: Path) -> WholeRecords:
    return WholeRecords(pa.input_stream(path, compression="gzip" if _is_compressed(path) else None))


def _parse(source: WholeRecords, skip: object) -> pacsv.CSVStreamingReader:
    return pacsv.open_csv(
        source,
        # One thread: only then does the parser number the records it skips. It is as fast here as with more.
        read_options=pacsv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES),
        # Blank lines are read, so that they count. Values may have line ends: no block ends inside of one.
        parse_options=pacsv.ParseOptions(newlines_in_values=False, ignore_empty_lines=False, invalid_row_handler=skip),
        convert_options=pacsv.ConvertOptions(
            include_columns=NAMES, column_types=dict.fromkeys(NAMES, pa.string()), strings_can_be_null=False
        ),
    )


def _check_text(name: str, columns: pa.RecordBatch, rows: RowNumbers) -> None:
    """Refuse bytes that are no UTF-8 in a column that is used."""
    for column in NAMES:
        broken = np.flatnonzero(np.asarray(pc.match_substring(columns[column], "\ufffd")))
        if len(broken):
            found = f"not UTF-8 text (row {rows[broken[0]]}, column {column})"
            raise JobError(f"{name}: {found}; export it again as 'CSV UTF-8'")


def _number(first: int, records: int, malformed: list[WrongFieldCount]) -> RowNumbers:
    """Return the row numbers of *records* records from *first* on, leaving out those that were skipped."""
    numbers = np.arange(first, first + records + len(malformed), dtype=np.int64)
    return numbers[~np.isin(numbers, [each.row for each in malformed])][:records]


def _without_blank_rows(batch: RawBatch) -> RawBatch:
    """Leave out rows in which every column is empty: they hold nothing that could be lost."""
    malformed = [each for each in batch.malformed if not each.is_blank]
    columns, rows = batch.columns, batch.rows
    blank = np.ones(len(rows), dtype=bool)
    for name in NAMES:
        blank &= np.asarray(pc.equal(pc.utf8_trim_whitespace(columns[name]), ""))
        if not blank.any():  # as a rule after the first column
            return RawBatch(batch.file, columns, rows, malformed)
    return RawBatch(batch.file, columns.filter(pa.array(~blank)), rows[~blank], malformed)


def _is_compressed(path: Path) -> bool:
    return path.name.lower().endswith(".gz")


def _check_header(name: str, path: Path) -> None:
    header = _read_header(name, path)
    if not any(header):
        raise JobError(f"{name}: the first line is blank; delete it, so that the header comes first")
    missing = [column for column in NAMES if column not in header]
    if missing and re.search("[\0\ufffd]", "".join(header)):
        _refuse(name, UnicodeError())
    if missing:
        wanted = ", ".join(NAMES)
        raise JobError(f"{name}: missing column {', '.join(missing)}; name the columns {wanted} in the first line")
    duplicate = [column for column in NAMES if header.count(column) > 1]
    if duplicate:
        raise JobError(f"{name}: column {', '.join(duplicate)} appears twice; keep one")


def _read_header(name: str, path: Path) -> list[str]:
    """Return the names in the header; U+FFFD stands in them for bytes that are no UTF-8."""
    try:
        with _open(path) as source:
            block = source.read(BLOCK_BYTES)
    except OSError as error:
        _refuse(name, error)
    if not block:
        raise JobError(f"{name}: {f'row 1 {source.fault}' if source.fault else 'empty file; upload the export again'}")
    try:
        return next(csv.reader(io.StringIO(block.decode(), newline="")))
    except csv.Error:  # strict CSV it is, but the module limits a field to 128 KB
        raise JobError(f"{name}: a name in the header has over 128 KB; name the columns in the first line") from None


def _refuse(name: str, error: Exception) -> NoReturn:
    """Turn what a reader says of a broken file into one line with a remedy.

    Its own text is searched and never passed on, nor kept as the cause: it may hold the values of a record.
    """
    text = "UTF8" if isinstance(error, UnicodeError) else str(error)
    found = next((found for sign, found in _REFUSALS.items() if sign in text), None)
    if found is None:
        found = f"cannot be read ({type(error).__name__}); upload it again"
    raise JobError(f"{name}: {found}") from None


_REFUSALS: Mapping[str, str] = {
    "UTF8": "not UTF-8 text; export it again as 'CSV UTF-8'",
    "Truncated": "cannot be read (the gzip archive is cut off); upload it again",
    "zlib": "cannot be read (no whole gzip archive); upload it again",
}
"""What is said of a file, by what pyarrow's error says."""
