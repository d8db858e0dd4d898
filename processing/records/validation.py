"""Turns text columns into typed ones and finds the rows that cannot be used, each with its column and reason."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from processing.records.columns import COLUMNS, IDENTIFIER, MAXIMUM_TEXT, UNKNOWN, Column, Kind, Rule, Rules
from processing.records.format import DEFAULT, Format
from processing.records.profiles import address_lengths
from processing.records.raw_data import RawBatch
from processing.records.recognition.findings import Recognizer
from processing.records.recognition.texts import MISSING_MARKERS
from processing.records.text_bytes import view_bytes

ROW = pa.field("row", pa.int64())
"""Where a row was read in its file."""

Mask = npt.NDArray[np.bool_]

# What a number and a date may look like. Text that does not match is never cast, so a bad cell does not slow down
# its whole batch; what matches and still is no number (1e999) or date (30 February) is found by the cast.
_NUMBER = r"^-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"
_DATE = r"^(000[1-9]|00[1-9]\d|0[1-9]\d{2}|[1-9]\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"

_IN_PLAIN_NUMBERS = np.isin(np.arange(256), list(b"-.0123456789"))

_MARKERS = pa.array(sorted(MISSING_MARKERS), pa.string())


class Rejection(NamedTuple):
    """Why a row is not used. It never holds a value of the row."""

    file: str
    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class CheckedColumn:
    """A column of a batch, read and judged by its rule: what counts as invalid here is invalid in every job."""

    text: pa.StringArray
    """What was read, trimmed; empty where it is missing."""
    values: pa.Array
    """As the column's kind says, with `UNKNOWN` for unknown texts; of no use where they are missing or invalid."""
    missing: Mask
    invalid: Mask
    unknown: Mask
    """Which values are valid texts that the rule does not know."""

    @property
    def valid(self) -> Mask:
        """Which values are neither missing nor invalid."""
        return ~(self.missing | self.invalid)


def check(column: Column, text: pa.StringArray, rule: Rule, form: Format = DEFAULT) -> CheckedColumn:
    """Return what *text*, the values of *column* as the raw data has them, says, and which of it is of no use."""
    text = form.blank_missing(pc.utf8_trim_whitespace(text))
    values = _READERS[column.read](form.plain(column.read, text))
    missing = np.asarray(pc.equal(text, ""))
    invalid = ~(missing | find_valid(values, rule))
    if column.source == IDENTIFIER:  # else all rows with a marker would be of one employee
        invalid |= np.asarray(pc.is_in(pc.utf8_lower(text), value_set=_MARKERS))
    unknown = np.zeros(len(text), dtype=bool)
    if rule.known is not None:
        unknown = ~(missing | invalid | np.asarray(pc.is_in(values, pa.array(rule.known, pa.string()))))
        formed = list(_recognize(column, text, unknown, rule, form))
        invalid[formed], unknown[formed] = True, False
        values = pc.if_else(pa.array(unknown), UNKNOWN, values) if unknown.any() else values
    return CheckedColumn(text, values, missing, invalid, unknown)


def check_columns(batch: RawBatch, rules: Rules, columns: Sequence[Column] = COLUMNS) -> dict[Column, CheckedColumn]:
    """Return each of *columns* of *batch*, read and judged."""
    return {
        column: check(column, batch.columns[column.source], rules[column.source], batch.format) for column in columns
    }


def find_unusable(checked: Mapping[Column, CheckedColumn]) -> Mask:
    """Return which rows `validate` rejects."""
    faults = [each.invalid | each.missing if column.required else each.invalid for column, each in checked.items()]
    unusable: Mask = np.logical_or.reduce(faults)
    return unusable


def validate(
    batch: RawBatch, rules: Rules, columns: Sequence[Column] = COLUMNS
) -> tuple[pa.RecordBatch, list[Rejection]]:
    """Return the usable rows of *batch*, as `EMPLOYEES` with the `ROW` of each, and what is wrong with the others.

    Only *columns* are looked at: rows to predict have no label. A row is rejected for the first of its faults, in
    their order.
    """
    checked = check_columns(batch, rules, columns)
    faults = [fault for column in columns for fault in _find_faults(column, checked[column], rules[column.source])]
    first_fault = np.full(len(batch.rows), len(faults))
    for index in reversed(range(len(faults))):
        first_fault[faults[index][2]] = index
    forms = {
        column.source: _recognize(column, each.text, each.invalid, rules[column.source], batch.format)
        for column, each in checked.items()
    }
    rejections = []
    for row in np.flatnonzero(first_fault < len(faults)):
        source, reason, _ = faults[first_fault[row]]
        rejections.append(Rejection(batch.file, int(batch.rows[row]), source, forms[source].get(int(row), reason)))
    rejections += [
        Rejection(batch.file, each.row, "", f"{each.found} columns instead of {each.expected}")
        for each in batch.malformed
    ]
    values = [checked[column].values for column in columns]
    usable = pa.RecordBatch.from_arrays(
        [*values, pa.array(batch.rows)],
        schema=pa.schema([*(column.field for column in columns), ROW]),
    ).filter(pa.array(first_fault == len(faults)))
    return usable, sorted(rejections, key=lambda rejection: rejection.row)


def _find_faults(column: Column, checked: CheckedColumn, rule: Rule) -> Iterator[tuple[str, str, Mask]]:
    """Yield what may be wrong with *column*, each with the rows that it is wrong in."""
    if column.required:
        yield column.source, "missing", checked.missing
    yield column.source, rule.fault, checked.invalid


def _recognize(column: Column, text: pa.StringArray, doubtful: Mask, rule: Rule, form: Format) -> dict[int, str]:
    """Return the names of undeclared forms that the *doubtful* values of *column* have, by their row in the batch."""
    rows = np.flatnonzero(doubtful)
    if not len(rows):
        return {}
    found = Recognizer(column, rule, form).recognize(text.take(pa.array(rows)))
    return {int(row): each.name for row, each in zip(rows, found, strict=True) if each}


def find_valid(values: pa.Array, rule: Rule) -> Mask:
    """Return which of *values* are read and, as the rule asks, within its bounds or of usual length."""
    valid = pc.is_valid(values)
    if rule.bounds:
        minimum, maximum = (pa.scalar(bound, values.type) for bound in rule.bounds)
        valid = pc.and_(pc.greater_equal(values, minimum), pc.less_equal(values, maximum))
    elif pa.types.is_string(values.type):
        valid = pc.less_equal(pc.utf8_length(values), MAXIMUM_TEXT)
    return np.asarray(pc.fill_null(valid, False))


def _numbers(column: pa.StringArray) -> pa.DoubleArray:
    """Return what texts say as numbers, null where one is no finite number."""
    found = _plain_numbers(column)
    if found is None:
        found = _matching(column, _NUMBER).cast(pa.float64())
    return pc.if_else(pc.is_finite(found), found, pa.scalar(None, pa.float64()))


def _plain_numbers(column: pa.StringArray) -> pa.DoubleArray | None:
    """Return what texts say as numbers, null where one is empty; None where another is no number, or has an exponent.

    Of these characters alone, the cast takes what `_NUMBER` matches, and nothing else.
    """
    if column.null_count or not _IN_PLAIN_NUMBERS[view_bytes(column)[0]].all():
        return None
    try:
        return _keep(column, pc.not_equal(column, "")).cast(pa.float64())
    except pa.ArrowInvalid:
        return None


def _dates(column: pa.StringArray) -> pa.Date32Array:
    """Return what texts say as dates, null where one is no date like 2020-12-31."""
    found = _matching(column, _DATE)
    try:
        return found.cast(pa.date32())
    except pa.ArrowInvalid:  # one of them is a day that its month does not have
        return pa.array([_date(text) for text in found.to_pylist()], pa.date32())


def _date(text: str | None) -> pa.Date32Scalar:
    try:
        return pa.scalar(text, pa.string()).cast(pa.date32())
    except pa.ArrowInvalid:
        return pa.scalar(None, pa.date32())


def _matching(column: pa.StringArray, pattern: str) -> pa.StringArray:
    return _keep(column, pc.match_substring_regex(column, pattern))


def _keep(column: pa.StringArray, kept: pa.BooleanArray) -> pa.StringArray:
    """Return texts, null where they are not *kept*."""
    if column.offset or column.null_count or kept.offset:
        return pc.if_else(kept, column, pa.scalar(None, pa.string()))
    _, offsets, content = column.buffers()  # the same ones: texts are long to copy
    return pa.StringArray.from_buffers(len(column), offsets, content, kept.buffers()[1])


_READERS: Mapping[Kind, Callable[[pa.StringArray], pa.Array]] = {
    Kind.TEXT: lambda text: text,
    Kind.NUMBER: _numbers,
    Kind.DATE: _dates,
    Kind.ADDRESS_LENGTH: address_lengths,
}
