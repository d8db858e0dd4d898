"""Reads CSV in blocks of whole records, and stops before the first record that strict CSV does not allow.

What is allowed is what Python's csv module allows with `strict=True`, but for one thing: see `_find_swallowed_rows`.
"""

import io
import threading
from collections.abc import Iterator
from typing import IO, Any

import numpy as np
import pyarrow as pa

from processing.records.quoted_fields import Borders, QuotedFields, find_line_end, find_line_start, find_quoted_fields
from processing.records.wide_text import WideText

_CR, _BACKSLASH = b"\r\\"
BOM = b"\xef\xbb\xbf"

_APPENDED = "and those below are not in UTF-16, as the rows above are: give each export its own file, in one encoding"


class WholeRecords(io.RawIOBase):
    """Reads the records of a CSV file in blocks that begin and end with a record.

    A parser of such blocks need not look for the end of the last record, which takes pyarrow's a second pass; nor can
    it drop the LF of a CRLF in quotation marks that a block's end would part (apache/arrow#51368).
    """

    def __init__(
        self, file: IO[bytes], *, delimiter: str = ",", lines_above: int = 0, wide: WideText | None = None
    ) -> None:
        """Read from *file*, and close it at the end; *delimiter* is an ASCII character.

        *wide* is what *file* reads, where that is UTF-16.
        """
        self._file: Any = file  # IO does not declare readinto
        self._wide = wide
        self._delimiter = ord(delimiter)
        self._lines_above = lines_above
        self._header_delimiters = 0
        self._rest: bytearray | None = None
        self._in_use = threading.Lock()
        self.fault: str | None = None
        """What is wrong with the record behind those that were read, such as "opens a quotation mark ..."."""
        self.has_broken_text = False
        """Whether there were bytes that are no UTF-8; U+FFFD was read in their place."""
        self.has_stray_marks = False
        """Whether the number of marks above a line end does not tell if it is in quotation marks."""

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int = -1) -> Any:  # a buffer that is not copied into bytes, as it is long
        """Return the next whole records, at most *size* bytes; nothing at the end and before a record with a fault."""
        with self._in_use:
            return b"" if self.fault or self.closed else self._read(size)

    def _read(self, size: int) -> memoryview | bytes:
        content, at_end = self._fill(size)
        if not self._header_delimiters:
            self._header_delimiters = content.count(self._delimiter, 0, find_line_end(content, 0))
        end, self.fault = self._judge(content, at_end=at_end)
        if at_end and not self.fault and self._wide and self._wide.is_cut:
            self.fault = _APPENDED
        self._rest = content[end:]
        return self._mend(memoryview(content)[:end])

    def _mend(self, block: memoryview) -> memoryview | bytes:
        """Return *block* as UTF-8: pyarrow cannot skip a record that is not, and prints it in its error."""
        if _is_utf_8(block):
            return block
        self.has_broken_text = True
        return str(block, "utf-8", "replace").encode()

    def close(self) -> None:
        """Close the file below, too; a thread of the parser's that reads ahead is waited for.

        Python must not end meanwhile: the thread would end the whole process, with another exit code.
        """
        with self._in_use:
            self._file.close()
            super().close()

    def _fill(self, size: int) -> tuple[bytearray, bool]:
        """Return what is left of the last block and so much more that it is *size* bytes, and whether it is the end."""
        if self._rest is None:
            self._rest = bytearray(self._file.read(len(BOM)).removeprefix(BOM))
        content, length = bytearray(size), len(self._rest)  # read into, as a block is too long to be copied for nothing
        content[:length] = self._rest
        with memoryview(content) as view:
            while length < size and (count := self._file.readinto(view[length:])):
                length += count
        del content[length:]
        if self._lines_above:
            lines = content.splitlines(keepends=True)[: self._lines_above]
            del content[: sum(map(len, lines))]
            self._lines_above = 0
        return content, length < size

    def _judge(self, content: bytearray, *, at_end: bool) -> tuple[int, str | None]:
        """Return where the last whole record ends that is allowed, and what is wrong with the next one, if known."""
        borders = Borders.find(content, self._delimiter, at_end=at_end)
        # A CR at the end may be one half of a line end.
        stop = len(content) - (not at_end and content[-1] == _CR)
        if borders.are_plain():
            end = len(content) if at_end else find_line_start(content, stop)
        else:
            fields = find_quoted_fields(borders)
            self.has_stray_marks |= fields.has_stray_marks
            opening, fault = self._find_fault(content, fields, at_end=at_end)
            if fault:
                return fields.find_record_end(content, opening), fault
            end = len(content) if at_end else fields.find_record_end(content, stop)
        if end or at_end:
            return end, None
        return end, f"is longer than {len(content) >> 20} MB; close the quotation mark that is open, or shorten it"

    def _find_fault(self, content: bytearray, fields: QuotedFields, *, at_end: bool) -> tuple[int, str | None]:
        """Return the opening mark of the first field with a fault, and what it is."""
        whole = len(content) if at_end else find_line_start(content, len(content))
        swallowing = next(_find_swallowed_rows(content, whole, fields, self._delimiter, self._header_delimiters), None)
        if swallowing is not None:
            return swallowing, "has a quotation mark that runs on over whole rows: close it, or remove it"
        opening = int(fields.openings[-1]) if fields.is_open else 0
        if fields.fault is not None:
            return opening, _describe(content, opening, fields.fault)
        if at_end and fields.is_open:
            return opening, "opens a quotation mark that is never closed: close it"
        return opening, None


def _find_swallowed_rows(
    content: bytearray, whole: int, fields: QuotedFields, delimiter: int, delimiters: int
) -> Iterator[int]:
    """Yield the openings of fields of several lines that each have as many delimiters as the header: whole rows.

    Lines are whole up to *whole*; of the one behind, not all delimiters are known.

    Strict CSV has it that two marks, one too many before a text and one behind another, make a single field of all
    that is between them. Nobody means that.
    """
    for opening, closing in fields.of_several_lines():
        rows = content[find_line_start(content, opening) : find_line_end(content, closing)].splitlines()
        if closing < whole and all(row.count(delimiter) == delimiters for row in rows):
            yield opening


def _is_utf_8(block: memoryview) -> bool:
    """Return whether *block* is UTF-8, in a quarter of the time that it takes to decode it."""
    bounds = pa.py_buffer(np.array([0, len(block)], np.int32))
    try:
        pa.StringArray.from_buffers(1, bounds, pa.py_buffer(block)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _describe(content: bytearray, opening: int, fault: int) -> str:
    """Return what is wrong with the record whose quoted field at *opening* goes on behind its end at *fault*."""
    if content[fault - 1] == _BACKSLASH:
        return "has a quotation mark behind a backslash: double the mark, and write no backslash"
    if len(content[opening:fault].splitlines()) > 1:
        return "opens a quotation mark that is not closed where its field ends: close it, or remove it"
    return "has a single quotation mark inside a field in quotation marks: double it"
