"""Streams raw CSV files as batches of text columns that know which row of which file each one was."""

import csv
import gzip
import io
import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from processing.job import JobError
from processing.records.columns import NAMES

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
    with _Source(path) as source:
        try:
            for columns in _open(source, skip):
                rows = _number(next_row, columns.num_rows, malformed)
                next_row = int(rows[-1]) + 1 if len(rows) else next_row
                passed = [each for each in malformed if each.row < next_row]
                del malformed[: len(passed)]
                batch = _without_blank_rows(RawBatch(name, columns, rows, passed))
                records += len(batch.rows)
                yield batch
        except (pa.ArrowInvalid, OSError, EOFError, zlib.error) as error:
            _refuse(name, error)
    unclosed = _find_unclosed_quotation(path) if source.quotes % 2 else None
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

    def __init__(self, path: Path) -> None:
        self._file = pa.input_stream(path, compression="gzip" if _is_compressed(path) else None)
        self.quotes = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        content: bytes = self._file.read(None if size < 0 else size)
        self.quotes += content.count(b'"')
        return content

    def close(self) -> None:
        self._file.close()
        super().close()


def _open(source: _Source, skip: object) -> pacsv.CSVStreamingReader:
    return pacsv.open_csv(
        source,
        # One thread: only then does the parser number the records it skips. It is as fast here as with more.
        read_options=pacsv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES),
        # Blank lines are read, so that they count.
        parse_options=pacsv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=skip),
        convert_options=pacsv.ConvertOptions(
            include_columns=NAMES, column_types=dict.fromkeys(NAMES, pa.string()), strings_can_be_null=False
        ),
    )


def _find_unclosed_quotation(path: Path) -> int | None:
    """Return the row whose quotation mark makes the rest of the file a single field: a parser says nothing of it.

    Slow, and called only for a file with an odd number of quotation marks, most of which are harmless.
    """
    row, last, record = 0, [""], [""]

    def keep(line: str) -> str:
        record.append(line)
        return line

    with _open_text(path) as file:
        try:
            for _ in csv.reader(map(keep, file)):
                row, last, record = row + 1, record, []
            list(csv.reader(last, strict=True))
        except csv.Error as error:
            if "field larger" in str(error):
                return row + 1
            return row if "unexpected end of data" in str(error) else None
    return None


def _open_text(path: Path) -> IO[str]:
    """Open a file to read its form; bytes that are no UTF-8 are passed over, the parser finds them."""
    opener = gzip.open if _is_compressed(path) else open
    return cast(IO[str], opener(path, "rt", encoding="utf-8-sig", errors="ignore", newline=""))


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
    try:
        with _open_text(path) as file:
            header = next(csv.reader(file), None)
    except (csv.Error, OSError, EOFError, zlib.error) as error:
        _refuse(name, error)
    if header is None:
        raise JobError(f"{name}: empty file; upload the export again")
    if not any(header):
        raise JobError(f"{name}: the first line is blank; delete it, so that the header comes first")
    missing = [column for column in NAMES if column not in header]
    if missing and "\0" in "".join(header):
        _refuse(name, UnicodeError())
    if missing:
        wanted = ", ".join(NAMES)
        raise JobError(f"{name}: missing column {', '.join(missing)}; name the columns {wanted} in the first line")
    duplicate = [column for column in NAMES if header.count(column) > 1]
    if duplicate:
        raise JobError(f"{name}: column {', '.join(duplicate)} appears twice; keep one")


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
