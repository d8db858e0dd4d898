"""Streams raw CSV files as batches of text columns that know which row of which file each one was."""

import csv
import io
import logging
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, NoReturn

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from processing.job import JobError
from processing.records.columns import NAMES
from processing.records.format import DEFAULT, Format
from processing.records.header import find_columns
from processing.records.raw_files import open_as_utf_8

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
    format: Format = DEFAULT
    """What the texts are written in."""


def list_files(folder: Path) -> dict[str, Path]:
    """Return every .csv and .csv.gz file below *folder* by its path there, in a fixed order."""
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    kinds = {name: _why_passed_over(path.name) for name, path in files.items()}
    raw = {name: path for name, path in files.items() if not kinds[name]}
    for name, why in kinds.items():
        if why:
            log.info("%s: %s, passed over", name, why)
    if not raw:
        raise JobError("the input has no .csv or .csv.gz file: upload one below the InputData prefix")
    return raw


def _why_passed_over(name: str) -> str:
    """Return why the file called *name* is not read; nothing where it is."""
    if name.startswith("._"):
        return "a file that macOS puts beside another and that holds no data"
    if name.startswith("~$"):
        return "a file that marks another as open in Excel"
    return "" if name.lower().endswith((".csv", ".csv.gz")) else "not a .csv or .csv.gz file"


def stream(name: str, path: Path, form: Format = DEFAULT) -> Iterator[RawBatch]:
    """Yield the records of the file *path*, called *name*, in batches; raise `JobError` where it cannot be read."""
    header = find_columns(name, path, form)
    malformed: list[WrongFieldCount] = []

    def skip(record: pacsv.InvalidRow) -> str:
        is_blank = not record.text.strip()
        malformed.append(WrongFieldCount(record.number, record.expected_columns, record.actual_columns, is_blank))
        return "skip"

    next_row, records = form.header_row + 1, 0
    with _Source(path, form) as source:
        try:
            for columns in _open(source, form, header, skip):
                rows = _number(next_row, columns.num_rows, malformed)
                next_row = int(rows[-1]) + 1 if len(rows) else next_row
                passed = [each for each in malformed if each.row < next_row]
                del malformed[: len(passed)]
                batch = _without_blank_rows(RawBatch(name, columns, rows, passed, form))
                records += len(batch.rows)
                yield batch
        except (pa.ArrowInvalid, OSError, EOFError, UnicodeError, zlib.error) as error:
            _refuse(name, error)
    unclosed = _find_unclosed_quotation(path, form) if source.quotes % 2 else None
    if unclosed:
        raise JobError(f"{name}: row {unclosed} opens a quotation mark that is never closed: close it")
    if malformed:
        nothing = pa.RecordBatch.from_pylist([], pa.schema([(each, pa.string()) for each in NAMES]))
        yield _without_blank_rows(RawBatch(name, nothing, np.empty(0, np.int64), malformed))
    log.info("%s: %s well-formed records", name, records)
    if not records:
        raise JobError(f"{name}: no well-formed record below the header; upload the whole export again")


class _Source(io.RawIOBase):
    """Reads a file, compressed or not, and counts its quotation marks: in whole CSV they come in pairs."""

    def __init__(self, path: Path, form: Format) -> None:
        self._file = open_as_utf_8(path, form)
        self.quotes = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(None if size < 0 else size)
        self.quotes += content.count(b'"')
        return content

    def close(self) -> None:
        self._file.close()
        super().close()


def _open(source: _Source, form: Format, header: Mapping[str, str], skip: object) -> Iterator[pa.RecordBatch]:
    """Yield the columns of `NAMES`, whatever the header calls them; one that is declared to be absent is all empty."""
    names = list(header.values())
    batches = pacsv.open_csv(
        source,
        # One thread: only then does the parser number the records it skips. It is as fast here as with more.
        read_options=pacsv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES, skip_rows=form.header_row - 1),
        # Blank lines are read, so that they count.
        parse_options=pacsv.ParseOptions(
            delimiter=form.delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=skip
        ),
        convert_options=pacsv.ConvertOptions(
            include_columns=names, column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    for batch in batches:
        empty = pa.array([""] * batch.num_rows) if len(header) < len(NAMES) else None
        yield pa.RecordBatch.from_arrays(
            [batch[header[name]] if name in header else empty for name in NAMES], names=NAMES
        )


def _find_unclosed_quotation(path: Path, form: Format) -> int | None:
    """Return the row whose quotation mark makes the rest of the file a single field: a parser says nothing of it.

    Slow, and called only for a file with an odd number of quotation marks, most of which are harmless.
    """
    row, last, record = 0, [""], [""]

    def keep(line: str) -> str:
        record.append(line)
        return line

    with _open_text(path, form) as file:
        try:
            for _ in csv.reader(map(keep, file), delimiter=form.delimiter):
                row, last, record = row + 1, record, []
            list(csv.reader(last, delimiter=form.delimiter, strict=True))
        except csv.Error as error:
            if "field larger" in str(error):
                return row + 1
            return row if "unexpected end of data" in str(error) else None
    return None


def _open_text(path: Path, form: Format) -> IO[str]:
    """Open a file to read its form; bytes that are no UTF-8 are passed over, the parser finds them."""
    return io.TextIOWrapper(open_as_utf_8(path, form), encoding="utf-8-sig", errors="ignore", newline="")


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
            return replace(batch, malformed=malformed)
    return replace(batch, columns=columns.filter(pa.array(~blank)), rows=rows[~blank], malformed=malformed)


def _refuse(name: str, error: Exception) -> NoReturn:
    """Turn what a reader says of a broken file into one line with a remedy."""
    text = str(error).partition("\n")[0]
    if isinstance(error, UnicodeError) or "UTF8" in text:
        raise JobError(f"{name}: not UTF-8 text; export it again as 'CSV UTF-8'") from error
    if "straddling" in text:
        limit = BLOCK_BYTES >> 20
        raise JobError(f"{name}: a record is longer than {limit} MB; close the quotation mark that is open") from error
    if "Empty CSV" in text:
        raise JobError(f"{name}: no well-formed record below the header; upload the whole export again") from error
    raise JobError(f"{name}: cannot be read ({text}); upload it again") from error
