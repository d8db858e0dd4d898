"""Says of each violation in which row it shows first; the raw data is read again for it, which only refused data is."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import numpy as np

from processing.contract.rules import Violation
from processing.features.split_key import Keys, find_duplicates
from processing.records.columns import COLUMNS, IDENTIFIER, Rules
from processing.records.raw_data import RawBatch
from processing.records.recognition.words import shorten
from processing.records.text_hash import hash_texts
from processing.records.validation import CheckedColumn, Mask, check, check_columns

Read = Callable[[], Iterable[RawBatch]]
"""Reads the raw data from its beginning."""

_MASKS: Mapping[str, Callable[[CheckedColumn], Mask]] = {
    "maximum_missing_share": lambda checked: checked.missing,
    "maximum_invalid_share": lambda checked: checked.invalid,
    "maximum_unknown_share": lambda checked: checked.unknown,
}
_DUPLICATE = "maximum_duplicate_share"
_MALFORMED = "maximum_malformed_share"


class Origin(NamedTuple):
    """Where a row stands in the raw data."""

    file: str
    row: int


def add_first_rows(violations: list[Violation], read: Read, rules: Rules) -> list[Violation]:
    """Return *violations* with file and row of the first value or record at fault, where it is about single ones."""
    open_ones = [each for each in violations if not each.file]
    wanted = {(each.rule, each.column) for each in open_ones if each.rule in (*_MASKS, _MALFORMED)}
    found: dict[tuple[str, str | None], Origin | None] = {}
    if wanted:
        found |= _find(wanted, read, rules)
    if (_DUPLICATE, IDENTIFIER) in {(each.rule, each.column) for each in violations}:
        found[_DUPLICATE, IDENTIFIER] = _find_duplicate(read, rules)
    return [_with(each, found.get((each.rule, each.column))) for each in violations]


def _with(violation: Violation, origin: Origin | None) -> Violation:
    if not origin:
        return violation
    text = f"{violation.text}, first in {shorten(origin.file)}, row {origin.row}"
    return dataclasses.replace(violation, **origin._asdict(), text=text)


def _find(wanted: set[tuple[str, str | None]], read: Read, rules: Rules) -> dict[tuple[str, str | None], Origin]:
    found: dict[tuple[str, str | None], Origin] = {}
    for batch in read():
        if batch.malformed:
            found.setdefault((_MALFORMED, None), Origin(batch.file, batch.malformed[0].row))
        checked = {column.source: each for column, each in check_columns(batch, rules).items()}
        for rule, name in wanted - found.keys():
            at_fault = _MASKS[rule](checked[name]) if name else np.zeros(len(batch.rows), bool)
            if at_fault.any():
                found[rule, name] = Origin(batch.file, int(batch.rows[at_fault.argmax()]))
        if wanted <= found.keys():
            break
    return found


def _find_duplicate(read: Read, rules: Rules) -> Origin | None:
    """Return the first row whose identifier an earlier row has; by hashes, of 8 bytes each."""
    hashes = np.concatenate([_hash(batch, rules)[0] for batch in read()])
    among = np.flatnonzero(np.isin(hashes, find_duplicates(np.sort(hashes))))
    _, first = np.unique(hashes[among], return_index=True)
    position = int(np.delete(among, first)[0])
    for batch in read():
        rows = batch.rows[_hash(batch, rules)[1]]
        if position < len(rows):
            return Origin(batch.file, int(rows[position]))
        position -= len(rows)
    return None


def _hash(batch: RawBatch, rules: Rules) -> tuple[Keys, Mask]:
    """Return the hash of each valid identifier of *batch*, and which are valid."""
    (column,) = (each for each in COLUMNS if each.source == IDENTIFIER)
    checked = check(column, batch.columns[IDENTIFIER], rules[IDENTIFIER], batch.format)
    return hash_texts(checked.values.filter(checked.valid)), checked.valid
