"""Notes the first row of each fault that the contract limits, and says of each violation where it shows."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import NamedTuple

from processing.contract.rules import Violation
from processing.records.columns import IDENTIFIER, Column
from processing.records.raw_data import RawBatch
from processing.records.recognition.words import shorten
from processing.records.validation import CheckedColumn, Mask

_MASKS: Mapping[str, Callable[[CheckedColumn], Mask]] = {
    "maximum_missing_share": lambda checked: checked.missing,
    "maximum_invalid_share": lambda checked: checked.invalid,
    "maximum_unknown_share": lambda checked: checked.unknown,
}


class Origin(NamedTuple):
    """Where a row stands in the raw data."""

    file: str
    row: int


class FirstRows:
    """Of each limit, and the column that it is about, the first row at fault."""

    def __init__(self) -> None:
        self._origins: dict[tuple[str, str | None], Origin] = {}

    def add(self, batch: RawBatch, by_column: Mapping[Column, CheckedColumn]) -> None:
        """Look at the next rows."""
        if batch.malformed:
            self._origins.setdefault(("maximum_malformed_share", None), Origin(batch.file, batch.malformed[0].row))
        for column, checked in by_column.items():
            for rule, find in _MASKS.items():
                at_fault = find(checked)
                if (rule, column.source) not in self._origins and at_fault.any():
                    self._origins[rule, column.source] = Origin(batch.file, int(batch.rows[at_fault.argmax()]))

    def add_duplicate(self, origin: Origin) -> None:
        """Note the first row whose identifier an earlier row has."""
        self._origins["maximum_duplicate_share", IDENTIFIER] = origin

    def merge(self, other: "FirstRows", rows_above: int) -> None:
        """Take in what *other* noted of rows behind these; so many rows of their file stand above."""
        for key, (file, row) in other._origins.items():
            self._origins.setdefault(key, Origin(file, row + rows_above))

    def add_to(self, violations: list[Violation]) -> list[Violation]:
        """Return *violations* with file and row of the first value or record at fault, if it is about single ones."""
        return [_add(self._origins.get((each.rule, each.column)), each) for each in violations]


def _add(origin: Origin | None, violation: Violation) -> Violation:
    if not origin or violation.file:
        return violation
    text = f"{violation.text}, first in {shorten(origin.file)}, row {origin.row}"
    return dataclasses.replace(violation, **origin._asdict(), text=text)
