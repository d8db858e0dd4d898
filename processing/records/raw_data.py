"""Streams raw CSV files as batches of text columns that know which row of which file each one was."""

import gzip
import logging
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from processing.job import JobError
from processing.records.columns import NAMES
from processing.records.format import DEFAULT, Format
from processing.records.header import EXPORT_AS_UTF_8, find_columns
from processing.records.malformed import MalformedRecords, WrongFieldCount
from processing.records.quotation import WholeRecords
from processing.records.raw_files import BLOCK_BYTES, Part, open_records
from processing.records.recognition.words import shorten

log = logging.getLogger(__name__)

RowNumbers = npt.NDArray[np.int64]


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
    reasons = {name: _why_passed_over(path.name) for name, path in files.items()}
    for name, reason in reasons.items():
        if reason:
            log.info("%s: %s, passed over", name, reason)
    raw = {name: path for name, path in files.items() if not reasons[name]}
    if not raw:
        raise JobError("the input has no .csv or .csv.gz file: upload one below the InputData prefix")
    return raw


def has_raw_files(folder: Path) -> bool:
    """Return whether `list_files` finds any in *folder*."""
    return any(path.is_file() and not _why_passed_over(path.name) for path in folder.rglob("*"))


def _why_passed_over(name: str) -> str:
    """Return why the file called *name* is not read; nothing where it is."""
    if name.startswith("._"):
        return "a file that macOS puts beside another and that holds no data"
    if name.startswith("~$"):
        return "a file that marks another as open in Excel"
    return "" if name.lower().endswith((".csv", ".csv.gz")) else "not a .csv or .csv.gz file"


def stream(name: str, path: Path, form: Format = DEFAULT) -> Iterator[RawBatch]:
    """Yield the records of the file *path*, called *name*, in batches; raise `JobError` where it cannot be read.

    *form* is how the file is declared to be written.
    """
    reader = PartReader(Part(0, name, path), form)
    yield from reader
    log.info("%s: %s well-formed records", name, reader.records)


class PartReader:
    """Yields the records of a part of a file in batches, numbered as if the part were a file; then knows about them."""

    def __init__(self, part: Part, form: Format) -> None:
        """Read *part* of a file that is declared to be written in *form*."""
        self._part = part
        self._form = form
        self.rows = 0
        """How many there were below the header; malformed and blank ones, too."""
        self.records = 0
        """How many of them were well-formed and not blank."""

    def __iter__(self) -> Iterator[RawBatch]:
        """Yield all batches; raise `JobError` where the part cannot be read, or has no record."""
        name = shorten(self._part.file)
        try:
            header = find_columns(name, self._part.path, self._form)
            yield from self._read(name, header)
        except (pa.ArrowInvalid, OSError, EOFError, UnicodeError, zlib.error) as error:
            _refuse(name, error, self._form)

    def _read(self, name: str, header: Mapping[str, str]) -> Iterator[RawBatch]:
        file, form = self._part.file, self._form
        malformed = MalformedRecords(form.delimiter, form.header_row - 1)
        next_row = form.header_row + 1
        with open_records(self._part.path, form, self._part.spans) as source:
            for columns in _parse(source, form, header, malformed.skip):
                rows = _number(next_row, columns.num_rows, malformed.waiting)
                next_row = int(rows[-1]) + 1 if len(rows) else next_row
                if source.has_broken_text:
                    _check_text(name, columns, rows)
                batch = _without_blank_rows(RawBatch(file, columns, rows, malformed.take(next_row), form))
                self.records += len(batch.rows)
                yield batch
        next_row += len(malformed.waiting)
        self.rows = next_row - form.header_row - 1
        if self._part.spans and source.has_stray_marks:
            raise JobError(f"{name}: cut at a line end that may be in quotation marks; read the file as a whole")
        if source.fault:
            raise JobError(f"{name}: row {next_row} {source.fault}")
        if malformed.waiting:
            nothing = pa.RecordBatch.from_pylist([], pa.schema([(each, pa.string()) for each in NAMES]))
            yield _without_blank_rows(RawBatch(file, nothing, np.empty(0, np.int64), malformed.waiting, form))
        if not self.records:
            found = malformed.describe() or "no well-formed record below the header; upload the whole export again"
            raise JobError(f"{name}: {found}")


def _parse(
    source: WholeRecords, form: Format, header: Mapping[str, str], skip: Callable[[pacsv.InvalidRow], str]
) -> Iterator[pa.RecordBatch]:
    """Yield the columns of `NAMES`, whatever the header calls them; one that is declared to be absent is all empty."""
    names = list(header.values())
    try:
        batches = pacsv.open_csv(
            source,
            # One thread: only then does the parser number the records it skips. It is as fast here as with more.
            read_options=pacsv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES),
            # Blank lines are read, so that they count. Values may have line ends: no block ends inside of one.
            parse_options=pacsv.ParseOptions(
                delimiter=form.delimiter, newlines_in_values=False, ignore_empty_lines=False, invalid_row_handler=skip
            ),
            convert_options=pacsv.ConvertOptions(
                check_utf8=False,  # as blocks are UTF-8
                include_columns=names,
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
            ),
        )
        for batch in batches:
            empty = pa.repeat("", batch.num_rows)
            columns = [batch[header[name]] if name in header else empty for name in NAMES]
            yield pa.RecordBatch.from_arrays(columns, names=NAMES)
    except pa.ArrowInvalid as error:
        if "Empty CSV" not in str(error):
            raise


def _check_text(name: str, columns: pa.RecordBatch, rows: RowNumbers) -> None:
    """Refuse bytes that are no UTF-8 in a column that is used."""
    for column in NAMES:
        broken = np.flatnonzero(np.asarray(pc.match_substring(columns[column], "\ufffd")))
        if len(broken):
            found = f"not UTF-8 text (row {rows[broken[0]]}, column {column})"
            raise JobError(f"{name}: {found}; {EXPORT_AS_UTF_8}")


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


def _refuse(name: str, error: Exception, form: Format) -> NoReturn:
    """Turn what a reader says of a broken file into one line with a remedy.

    Its own text is searched and never passed on, nor kept as the cause: it may hold the values of a record.
    """
    match error:
        case UnicodeError():
            found = f"not {form.encoding} text, as declared; declare the encoding that it has in [format]"
        case EOFError():
            found = "cannot be read (the gzip archive is cut off); upload it again"
        case gzip.BadGzipFile() | zlib.error():
            found = "cannot be read (no whole gzip archive, or something behind it); upload it again"
        case _:
            found = f"cannot be read ({type(error).__name__}); upload it again"
    raise JobError(f"{name}: {found}") from None
