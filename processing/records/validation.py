"""Turns text columns into typed ones and finds the rows that cannot be used, each with its column and reason."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from processing.records.profiles import address_lengths
from processing.records.raw_data import RawBatch

EMPLOYEES = pa.schema(
    [
        ("employee_id", pa.string()),
        ("age", pa.float64()),
        ("salary", pa.float64()),
        ("department", pa.string()),
        ("hire_date", pa.date32()),
        ("address_length", pa.int32()),
        ("bonus", pa.float64()),
    ]
)
"""A usable row. Missing ages and salaries are null, a missing department is empty."""

Mask = npt.NDArray[np.bool_]

MAXIMUM_NUMBER = float(np.finfo(np.float32).max)
"""The algorithm computes with 32-bit numbers."""

MAXIMUM_TEXT = 256
"""Characters of an employee id or a department."""

# What a number and a date may look like. Text that does not match is never cast, so a bad cell does not slow down
# its whole batch; what matches and still is no number (1e999) or date (30 February) is found by the cast.
_NUMBER = r"^-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"
_DATE = r"^(000[1-9]|00[1-9]\d|0[1-9]\d{2}|[1-9]\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"


class Rejection(NamedTuple):
    """Why a row is not used. It never holds a value of the row."""

    file: str
    row: int
    column: str
    reason: str


def validate(batch: RawBatch) -> tuple[pa.RecordBatch, list[Rejection]]:
    """Return the usable rows of *batch*, typed as `EMPLOYEES_WITH_ORIGIN`, and what is wrong with the others.

    A row is rejected for the first of its faults, in the order of the columns.
    """
    text = {name: pc.utf8_trim_whitespace(batch.columns[name]) for name in batch.columns.schema.names}
    typed = {
        "employee_id": text["employee_id"],
        "age": numbers(text["age"]),
        "salary": numbers(text["salary"]),
        "department": text["department"],
        "hire_date": dates(text["hire_date"]),
        "address_length": address_lengths(text["profile"]),
        "bonus": numbers(text["bonus"]),
    }
    faults = list(_faults(text, typed))
    first_fault = np.full(len(batch.rows), len(faults))
    for index in reversed(range(len(faults))):
        first_fault[faults[index][2]] = index
    rejections = [
        Rejection(batch.file, int(batch.rows[row]), *faults[first_fault[row]][:2])
        for row in np.flatnonzero(first_fault < len(faults))
    ]
    rejections += [
        Rejection(batch.file, each.row, "", f"{each.found} columns instead of {each.expected}")
        for each in batch.malformed
    ]
    usable = pa.RecordBatch.from_arrays(
        [
            *(typed[name] for name in EMPLOYEES.names),
            pa.array([batch.file] * len(batch.rows), pa.string()),
            pa.array(batch.rows),
        ],
        schema=EMPLOYEES_WITH_ORIGIN,
    ).filter(pa.array(first_fault == len(faults)))
    return usable, sorted(rejections, key=lambda rejection: rejection.row)


EMPLOYEES_WITH_ORIGIN = EMPLOYEES.append(pa.field("file", pa.string())).append(pa.field("row", pa.int64()))
"""`EMPLOYEES` with where each row was read."""


def _faults(text: dict[str, pa.StringArray], typed: dict[str, pa.Array]) -> Iterator[tuple[str, str, Mask]]:
    yield "employee_id", "missing", _is_empty(text["employee_id"])
    yield "employee_id", f"longer than {MAXIMUM_TEXT} characters", _is_too_long(text["employee_id"])
    for name in ("age", "salary"):
        yield name, "not a number", ~_is_empty(text[name]) & _is_null(typed[name])
        yield name, "too large", _is_true(pc.greater(typed[name], MAXIMUM_NUMBER))
        yield name, "negative", _is_true(pc.less(typed[name], 0))
    yield "department", f"longer than {MAXIMUM_TEXT} characters", _is_too_long(text["department"])
    yield "hire_date", "missing", _is_empty(text["hire_date"])
    yield "hire_date", "not a date like 2020-12-31", _is_null(typed["hire_date"])
    yield "profile", "not a JSON object whose address is text", _is_null(typed["address_length"])
    yield "bonus", "missing", _is_empty(text["bonus"])
    yield "bonus", "not a number", _is_null(typed["bonus"])
    yield "bonus", "too large", _is_true(pc.greater(pc.abs(typed["bonus"]), MAXIMUM_NUMBER))


def _is_empty(column: pa.StringArray) -> Mask:
    return np.asarray(pc.equal(column, ""))


def _is_too_long(column: pa.StringArray) -> Mask:
    return np.asarray(pc.greater(pc.utf8_length(column), MAXIMUM_TEXT))


def _is_true(comparison: pa.BooleanArray) -> Mask:
    return np.asarray(pc.fill_null(comparison, False))


def _is_null(column: pa.Array) -> Mask:
    return np.asarray(pc.is_null(column))


def numbers(column: pa.StringArray) -> pa.DoubleArray:
    """Return what texts say as numbers, null where one is no finite number."""
    found = _matching(column, _NUMBER).cast(pa.float64())
    return pc.if_else(pc.is_finite(found), found, pa.scalar(None, pa.float64()))


def dates(column: pa.StringArray) -> pa.Date32Array:
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
    return pc.if_else(pc.match_substring_regex(column, pattern), column, pa.scalar(None, pa.string()))
