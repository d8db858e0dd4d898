"""Notes the records of a file that have another number of columns than its header."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

import pyarrow.csv as pacsv

from processing.records.recognition.layout import DELIMITERS, USUAL_DELIMITERS

MAXIMUM_TEXT = 100_000
"""Characters of a record that are looked at: the csv module reads no longer field."""


@dataclass(frozen=True)
class WrongFieldCount:
    """A record with the wrong number of columns."""

    row: int
    expected: int
    found: int
    is_blank: bool


class MalformedRecords:
    """Takes in what the parser skips; it keeps the text of none but the first, to say what is wrong with it."""

    def __init__(self, delimiter: str, rows_above: int) -> None:
        """Note records that are separated by *delimiter*, and stand below the header and *rows_above* it."""
        self._delimiter = delimiter
        self._rows_above = rows_above
        self._counts: Counter[int] = Counter()
        self._first: tuple[WrongFieldCount, str] | None = None
        self.waiting: list[WrongFieldCount] = []
        """Those that were not taken yet."""

    def skip(self, record: pacsv.InvalidRow) -> str:
        """Note *record*, and have the parser go on."""
        is_blank = not record.text.strip()
        row = record.number + self._rows_above
        noted = WrongFieldCount(row, record.expected_columns, record.actual_columns, is_blank)
        self.waiting.append(noted)
        if not is_blank:
            self._counts[noted.found] += 1
            self._first = self._first or (noted, record.text[:MAXIMUM_TEXT])
        return "skip"

    def take(self, below: int) -> list[WrongFieldCount]:
        """Return those that stand above the row *below*, once."""
        taken = [each for each in self.waiting if each.row < below]
        del self.waiting[: len(taken)]
        return taken

    def describe(self) -> str:
        """Return what is wrong with them, and the remedy, in one line; nothing where there are none."""
        if not self._first:
            return ""
        first, text = self._first
        few, many = min(self._counts), max(self._counts)
        found = f"{few}" if few == many else f"{few} to {many}"
        total = self._counts.total()
        records = "1 record has" if total == 1 else f"{total:,} records have"
        columns = f"{records} {found} columns, the header has {first.expected}"
        return f"{columns}, first in row {first.row}: {self._find_remedy(first, text.rstrip())}"

    def _find_remedy(self, first: WrongFieldCount, text: str) -> str:
        name = DELIMITERS.get(self._delimiter, "separators")
        for other in USUAL_DELIMITERS:
            fields = next(csv.reader(io.StringIO(text, newline=""), delimiter=other), [])
            if other != self._delimiter and len(fields) == first.expected:
                return f"they are separated by {DELIMITERS[other]}, the header by {name}; use one of them"
        if first.found > first.expected and text.endswith(self._delimiter):
            return f"delete the {name} at the end of rows, or name these columns in the header, too"
        if re.search(r'\{"[^"]', text):
            return "put each profile into quotation marks, and double those in it"
        if re.search(rf'{re.escape(self._delimiter)} "[^"]', text):
            return "delete the spaces before quotation marks"
        if first.found < first.expected:
            return "give every row all columns of the header"
        return f"put fields that have {name} or line ends in them into quotation marks"
