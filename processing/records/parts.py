"""Cuts raw files into parts that are read side by side, and reads whole what cannot be cut.

Whether a line end is in quotation marks is told by the number of marks above it, where each of these opens a field,
closes it or is doubled in it. Each part makes sure of that while it is read, so what holds for one holds for the next:
it begins with a record. A file of which any part finds otherwise, or cannot be read, is read again from its beginning,
so that rows, numbers, reasons and messages are always those of a file that is read in one piece.
"""

import dataclasses
import io
import itertools
import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from processing.engines.engine import Engine, Ranges, Rows
from processing.job import JobError
from processing.records.bitmap import Bytes, Mask
from processing.records.format import Format
from processing.records.header import HEADER_BYTES
from processing.records.quotation import BOM
from processing.records.raw_data import PartReader, RawBatch
from processing.records.raw_files import BLOCK_BYTES, Part, Span, is_plain_utf_8

log = logging.getLogger(__name__)

PART_BYTES = 32 << 20
"""About how long a part is. It depends on the input alone, so that no result shows what the parts were read by."""

_STEP_BYTES = 1 << 20
_WINDOW_BYTES = 1 << 16
_LF, _CR, _QUOTE = b'\n\r"'

Found = TypeVar("Found")

Work = Callable[[Part, Iterator[RawBatch]], Rows[Found]]
"""Takes a part and its records, whose rows are numbered as if the part were a file."""


@dataclass(frozen=True)
class Reading(Generic[Found]):
    """What came of reading a part."""

    part: Part
    found: Found
    rows: int
    """Below the header; malformed and blank ones, too."""
    records: int
    rows_above: int = 0
    """In the file's parts before this one: what is to be added to its row numbers."""


def read_files(
    files: Mapping[str, Path], form: Format, engine: Engine, work: Work[Found], ranges: int
) -> tuple[list[Reading[Found]], Ranges]:
    """Spread the rows that *work* yields of all *files*; return what it found in each part, in the order of reading.

    Raise `JobError` for the first file that cannot be read.
    """
    whole: set[str] = set()
    while True:
        parts = cut(files, form, engine, whole)
        outcomes, spread = engine.spread(partial(_read_part, form, work), parts, ranges)
        failed = [(part, error) for part, (_, error) in zip(parts, outcomes, strict=True) if error]
        if not failed:
            return list(_number([reading for reading, _ in outcomes if reading])), spread
        first, error = failed[0]
        if not first.spans:
            raise JobError(error)
        whole |= {part.file for part, _ in failed}


def _read_part(form: Format, work: Work[Found], part: Part) -> Rows[tuple[Reading[Found] | None, str]]:
    """Yield what *work* does; return what it found or, where the part cannot be read, why."""
    reader = PartReader(part, form)
    try:
        found = yield from work(part, iter(reader))
    except JobError as error:
        return None, str(error)
    return Reading(part, found, reader.rows, reader.records), ""


def _number(readings: Sequence[Reading[Found]]) -> Iterator[Reading[Found]]:
    for file, parts in itertools.groupby(readings, lambda reading: reading.part.file):
        above = records = 0
        for reading in parts:
            yield dataclasses.replace(reading, rows_above=above)
            above, records = above + reading.rows, records + reading.records
        log.info("%s: %s well-formed records", file, records)


class _Chunk(NamedTuple):
    """Some bytes of a file."""

    path: Path
    start: int
    stop: int


class _Cut(NamedTuple):
    """Where a file may be cut, at the next record."""

    path: Path
    position: int
    is_quoted: bool
    """Whether the position is in quotation marks."""


def cut(files: Mapping[str, Path], form: Format, engine: Engine, whole: Collection[str] = ()) -> list[Part]:
    """Return the parts of *files*, in the order of reading; those of *whole* are one part each."""
    chunks = {name: [] if name in whole else _chunk(path, form) for name, path in files.items()}
    marks = iter(engine.map(_count_marks, [chunk for each in chunks.values() for chunk in each]))
    cuts = {name: list(_follow_marks(each, marks)) for name, each in chunks.items()}
    starts = iter(engine.map(_find_record, [each for listed in cuts.values() for each in listed]))
    spans = {name: _find_spans(each, [next(starts) for _ in cuts[name]]) for name, each in chunks.items()}
    listed = ((name, each) for name in files for each in spans[name])
    return [Part(index, name, files[name], each) for index, (name, each) in enumerate(listed)]


def _chunk(path: Path, form: Format) -> list[_Chunk]:
    """Return what is below the header of a file that is to be cut; nothing of another."""
    size = path.stat().st_size
    header_end = _find_header_end(path, form) if size > PART_BYTES and is_plain_utf_8(path, form) else size
    return [_Chunk(path, start, min(start + PART_BYTES, size)) for start in range(header_end, size, PART_BYTES)]


def _follow_marks(chunks: Sequence[_Chunk], marks: Iterator[int]) -> Iterator[_Cut]:
    """Yield where each chunk of a file but the first begins; *marks* has how many quotation marks each has."""
    above = 0
    for chunk in chunks:
        if chunk is not chunks[0]:
            yield _Cut(chunk.path, chunk.start, above % 2 == 1)
        above += next(marks)


def _find_spans(chunks: Sequence[_Chunk], starts: Sequence[int]) -> list[tuple[Span, ...]]:
    """Return the spans of each part of a file that is cut at *starts*; of one that is not, none of its one part."""
    if not chunks:
        return [()]
    header_end = chunks[0].start
    bounds = sorted({header_end, *starts, chunks[-1].stop})
    return [((0, header_end), span) for span in itertools.pairwise(bounds)]


def _find_header_end(path: Path, form: Format) -> int:
    """Return where the rows below the header begin; the end of the file where that is not found."""
    with path.open("rb") as file:
        content = bytearray(file.read(HEADER_BYTES))
    lines = content.removeprefix(BOM).splitlines(keepends=True)[: form.header_row - 1]
    start = sum(map(len, lines)) + (len(BOM) if content.startswith(BOM) else 0)
    text = np.frombuffer(content, np.uint8)[start:]
    ends = np.flatnonzero(_are_line_ends(text) & ~_are_quoted(text == _QUOTE))
    if not len(ends) or ends[0] + 1 == len(text):
        return path.stat().st_size
    end = int(ends[0])
    return start + end + (2 if (text[end], text[end + 1]) == (_CR, _LF) else 1)


def _count_marks(chunk: _Chunk) -> int:
    marks = 0
    with chunk.path.open("rb", buffering=0) as file:
        file.seek(chunk.start)
        for start in range(chunk.start, chunk.stop, _STEP_BYTES):
            content = file.read(min(_STEP_BYTES, chunk.stop - start))
            marks += int(np.count_nonzero(np.frombuffer(content, np.uint8) == _QUOTE))
    return marks


def _find_record(cut: _Cut) -> int:
    """Return where the first record begins at or behind *cut*; the end of the file where none does that can be read.

    There is a line end before it and none behind, so that no part begins with a blank row or half a line end.
    """
    _, position, is_quoted = cut
    with cut.path.open("rb", buffering=0) as file:
        file.seek(position - 1)
        while len(content := file.read(_WINDOW_BYTES)) > 1 and position < cut.position + BLOCK_BYTES:
            text = np.frombuffer(content, np.uint8)
            marks = text == _QUOTE
            marks[0] = is_quoted  # what the byte before the position is has been counted
            quoted, line_ends = _are_quoted(marks), _are_line_ends(text)
            begins = np.flatnonzero((line_ends & ~quoted)[:-1] & ~line_ends[1:])
            if len(begins):
                return position + int(begins[0])
            position, is_quoted = file.seek(-1, io.SEEK_CUR) + 1, bool(quoted[-1])
        return file.seek(0, io.SEEK_END)


def _are_quoted(marks: Mask) -> Mask:
    """Return which bytes have an odd number of *marks* up to them."""
    quoted: Mask = np.logical_xor.accumulate(marks)
    return quoted


def _are_line_ends(text: Bytes) -> Mask:
    found: Mask = (text == _LF) | (text == _CR)
    return found
