"""Reads CSV in blocks of whole records, and stops before the first record that strict CSV does not allow.

What is allowed is what Python's csv module allows with `strict=True`, but for one thing: see `_find_swallowed_rows`.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import numpy as np
import pyarrow as pa

from processing.records.bitmap import Bitmap, Bytes, Mask, Positions

_QUOTE, _LF, _CR, _BACKSLASH = b'"\n\r\\'
_BOM = b"\xef\xbb\xbf"


class WholeRecords(io.RawIOBase):
    """Reads the records of a CSV file in blocks that begin and end with a record.

    A parser of such blocks need not look for the end of the last record, which takes pyarrow's a second pass; nor can
    it drop the LF of a CRLF in quotation marks that a block's end would part (apache/arrow#51368).
    """

    def __init__(self, file: IO[bytes], *, delimiter: str = ",", lines_above: int = 0) -> None:
        """Read from *file*, and close it at the end; *delimiter* is an ASCII character."""
        self._file = file
        self._delimiter = ord(delimiter)
        self._lines_above = lines_above
        self._header_delimiters = 0
        self._rest: bytes | None = None
        self.fault: str | None = None
        """What is wrong with the record behind those that were read, such as "opens a quotation mark ..."."""
        self.has_broken_text = False
        """Whether there were bytes that are no UTF-8; U+FFFD was read in their place."""

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next whole records, at most *size* bytes; nothing at the end and before a record with a fault."""
        if self.fault:
            return b""
        is_first = self._rest is None
        content = self._fill(size)
        at_end = len(content) < size
        if is_first:
            content = content[sum(map(len, content.splitlines(keepends=True)[: self._lines_above])) :]
            self._header_delimiters = content.count(self._delimiter, 0, _find_line_end(content, 0))
        # Of a run of marks at the end, nobody knows how many there are.
        fields = find_quoted_fields(content if at_end else content.rstrip(b'"'), self._delimiter)
        end, self.fault = self._judge(content, fields, at_end=at_end)
        self._rest = content[end:]
        return self._mend(content[:end])

    def _mend(self, block: bytes) -> bytes:
        """Return *block* as UTF-8: pyarrow cannot skip a record that is not, and prints it in its error."""
        if _is_utf_8(block):
            return block
        self.has_broken_text = True
        return block.decode(errors="replace").encode()

    def close(self) -> None:
        """Close the file below, too."""
        self._file.close()
        super().close()

    def _fill(self, size: int) -> bytes:
        """Return what is left of the last block, and so much more that it is *size* bytes or the end."""
        if self._rest is None:
            self._rest = self._file.read(len(_BOM)).removeprefix(_BOM)
        parts, missing = [self._rest], size - len(self._rest)
        while missing > 0 and (part := self._file.read(missing)):
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _judge(self, content: bytes, fields: "QuotedFields", *, at_end: bool) -> tuple[int, str | None]:
        """Return where the last whole record ends that is allowed, and what is wrong with the next one, if known."""
        swallowing = next(_find_swallowed_rows(content, fields, self._delimiter, self._header_delimiters), None)
        if swallowing is not None:
            return fields.find_record_end(
                content, swallowing
            ), "has a quotation mark that runs on over whole rows: close it, or remove it"
        if fields.fault is not None:
            opening = int(fields.openings[-1])
            return fields.find_record_end(content, opening), _describe(content, opening, fields.fault)
        if at_end and fields.is_open:
            end = fields.find_record_end(content, int(fields.openings[-1]))
            return end, "opens a quotation mark that is never closed: close it"
        if at_end:
            return len(content), None
        # A CR at the end may be one half of a line end.
        end = fields.find_record_end(content, len(content) - (content[-1] == _CR))
        return end, None if end else f"is longer than {len(content) >> 20} MB; close the quotation mark that is open"


@dataclass(frozen=True)
class QuotedFields:
    """Where fields open and close with an odd number of quotation marks, up to the first fault."""

    openings: Positions
    closings: Positions
    """As many as there are openings, or one less when the last field is open."""
    line_ends: Bitmap
    """All of them, inside of fields, too."""
    fault: int | None
    """The first mark that closes a field, the last one of *openings*, and has text behind it."""

    @property
    def is_open(self) -> bool:
        """Return whether the last field is not closed."""
        return len(self.openings) > len(self.closings)

    def of_several_lines(self) -> Iterator[tuple[int, int]]:
        """Yield opening and closing of closed fields that have a line end."""
        openings = self.openings[: len(self.closings)]
        have = self.line_ends.count_below(openings) < self.line_ends.count_below(self.closings)
        yield from zip(openings[have].tolist(), self.closings[have].tolist(), strict=True)

    def find_record_end(self, content: bytes, stop: int) -> int:
        """Return where the last record ends that ends before or at *stop*; 0 where there is none."""
        while True:
            end = _find_line_start(content, stop)
            opened = int(np.searchsorted(self.openings, end))
            if not end or opened == np.searchsorted(self.closings, end):
                return end
            stop = int(self.openings[opened - 1])


def find_quoted_fields(content: bytes, delimiter: int) -> QuotedFields:
    """Return the quoted fields of *content*, which begins with a record and ends with no part of a run of marks.

    A run of marks where a field begins opens it with the first one. In an open field, two marks stand for one, so that
    an odd number closes it with the last one. Elsewhere marks are text.
    """
    text = np.frombuffer(content, np.uint8)
    line_ends = Bitmap.find(text, _LF)
    if b"\r" in content:
        line_ends |= Bitmap.find(text, _CR)
    borders = line_ends | Bitmap.find(text, delimiter)
    first, last = _find_runs(Bitmap.find(text, _QUOTE), borders)
    is_odd, begins = (last - first) % 2 == 0, _are_borders(text, first - 1, delimiter)
    toggles = np.cumsum(is_odd & begins)  # opens a field, or closes the open one
    closed = np.maximum.accumulate(np.where(is_odd & ~begins, toggles, 0))  # behind these no field is open
    is_open_behind = (toggles - closed) % 2 == 1
    is_open = np.concatenate([[False], is_open_behind])[:-1]
    closes = np.where(is_odd, is_open, begins & ~is_open)
    faults = np.flatnonzero(closes & ~_are_borders(text, last + 1, delimiter))
    known = slice(faults[0] if len(faults) else None)
    openings = first[known][(is_odd & begins & ~is_open)[known]]
    closings = last[known][(is_odd & is_open)[known]]
    if not len(faults):
        return QuotedFields(openings, closings, line_ends, None)
    if not is_odd[faults[0]]:
        openings = np.append(openings, first[faults[0]])
    return QuotedFields(openings, closings, line_ends, int(last[faults[0]]))


def _find_runs(marks: Bitmap, borders: Bitmap) -> tuple[Positions, Positions]:
    """Return first and last mark of all runs but pairs inside a field.

    They never change anything, and are most of the marks in a column of JSON.
    """
    first, last = marks - marks.next(), marks - marks.previous()
    inner_pairs = (first & last.previous()) - borders.next(first=True)
    ends = (first - inner_pairs) | (last - inner_pairs.next())
    positions = ends.positions()
    return positions[first.has(positions)], positions[last.has(positions)]


def _are_borders(text: Bytes, positions: Positions, delimiter: int) -> Mask:
    """Return which of *positions* are between fields, as the beginning and the end of the text are."""
    is_border = (positions < 0) | (positions >= len(text))
    if len(positions):
        found = text.take(positions, mode="clip")
        is_border |= (found == delimiter) | (found == _LF) | (found == _CR)
    return is_border


def _find_swallowed_rows(content: bytes, fields: QuotedFields, delimiter: int, delimiters: int) -> Iterator[int]:
    """Yield the openings of fields of several lines that each have as many delimiters as the header: whole rows.

    Strict CSV has it that two marks, one too many before a text and one behind another, make a single field of all
    that is between them. Nobody means that.
    """
    for opening, closing in fields.of_several_lines():
        rows = content[_find_line_start(content, opening) : _find_line_end(content, closing)].splitlines()
        if all(row.count(delimiter) == delimiters for row in rows):
            yield opening


def _find_line_start(content: bytes, stop: int) -> int:
    """Return the end of the last line end before *stop*."""
    lf = content.rfind(b"\n", 0, stop)
    return max(lf, content.rfind(b"\r", max(lf, 0), stop)) + 1


def _find_line_end(content: bytes, start: int) -> int:
    """Return the beginning of the first line end behind *start*."""
    lf = content.find(b"\n", start)
    stop = len(content) if lf < 0 else lf
    cr = content.find(b"\r", start, stop)
    return stop if cr < 0 else cr


def _is_utf_8(block: bytes) -> bool:
    """Return whether *block* is UTF-8, in a quarter of the time that it takes to decode it."""
    bounds = pa.py_buffer(np.array([0, len(block)], np.int32))
    try:
        pa.StringArray.from_buffers(1, bounds, pa.py_buffer(block)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _describe(content: bytes, opening: int, fault: int) -> str:
    """Return what is wrong with the record whose quoted field at *opening* goes on behind its end at *fault*."""
    if content[fault - 1] == _BACKSLASH:
        return "has a quotation mark behind a backslash: double the mark, and write no backslash"
    if len(content[opening:fault].splitlines()) > 1:
        return "opens a quotation mark that is not closed where its field ends: close it, or remove it"
    return "has a single quotation mark inside a field in quotation marks: double it"
