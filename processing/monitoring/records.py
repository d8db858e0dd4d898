"""The form in which watched records are kept: typed figures with the state of each, and no text of a person."""

from collections.abc import Iterable, Mapping
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from processing.records.columns import INPUTS, MAXIMUM_TEXT, Column, Kind, Rule, Rules
from processing.records.text_hash import hash_texts
from processing.records.validation import CheckedColumn, Mask, check, find_valid

IDENTITY, NAMED, PREDICTION = "identity", "named", "prediction"


class State(IntEnum):
    """What is known of a value."""

    VALID = 0
    MISSING = 1
    INVALID = 2
    UNKNOWN = 3
    """A valid text that the contract does not name."""
    UNSEEN = 4
    """The record was rejected for another value, and this one not captured."""


def _name_state(column: Column) -> str:
    """Return the name of the field that has the states of *column*."""
    return f"{column.source} state"


SCHEMA = pa.schema(
    [
        pa.field(IDENTITY, pa.uint64()),
        pa.field(NAMED, pa.bool_()),
        pa.field(PREDICTION, pa.float64()),
        *(column.field.with_name(column.source) for column in INPUTS),
        *(pa.field(_name_state(column), pa.uint8()) for column in INPUTS),
    ]
)
"""The identity is a hash of the employee's id where one is named, else of all figures: it tells equal records."""

_LARGEST = 1e15
"""More than anybody's bonus. Larger predictions count as this: the sum of their squares would be no number."""

_FIGURES = {
    Kind.NUMBER: pa.float64(),
    Kind.TEXT: pa.string(),
    Kind.DATE: pa.string(),
    Kind.ADDRESS_LENGTH: pa.float64(),
}
FIGURES = pa.struct([pa.field(column.name, _FIGURES[column.read]) for column in INPUTS])
"""What an answer says of a record that was predicted; null is a missing value."""
ERROR = pa.struct([pa.field("field", pa.string()), pa.field("reason", pa.string())])
"""What it says of one that was not."""


def build_answered(
    figures: pa.StructArray,
    errors: pa.StructArray,
    rules: Rules,
    *,
    ids: pa.StringArray,
    requests: pa.StringArray,
    predictions: pa.DoubleArray,
) -> pa.RecordBatch:
    """Return answered records; rejected ones without an id are told apart by what *requests* calls them."""
    rejected = np.asarray(pc.is_valid(pc.struct_field(errors, "field")))
    checked = {column: _check_figures(column, figures, rules[column.source]) for column in INPUTS}
    states = {
        column: np.where(rejected, _find_error_states(column, errors), _find_states(each))
        for column, each in checked.items()
    }
    anonymous = pc.if_else(pa.array(rejected), requests, _join(pc.struct_field(figures, each.name) for each in INPUTS))
    return _build(checked, states, ids=ids, anonymous=anonymous, predictions=predictions)


def build_checked(
    checked: Mapping[Column, CheckedColumn], ids: pa.StringArray, predictions: pa.DoubleArray
) -> pa.RecordBatch:
    """Return raw records that were *checked*."""
    states = {column: _find_states(checked[column]) for column in INPUTS}
    anonymous = _join(checked[column].text for column in INPUTS)
    return _build(checked, states, ids=ids, anonymous=anonymous, predictions=predictions)


def read_column(records: pa.RecordBatch, column: Column) -> CheckedColumn:
    """Return what *records* have of *column*, without what was not seen."""
    states = records[_name_state(column)].to_numpy()
    seen = states != State.UNSEEN
    states, values = states[seen], records[column.source].filter(pa.array(seen))
    masks: list[Mask] = [states == each for each in (State.MISSING, State.INVALID, State.UNKNOWN)]
    return CheckedColumn(pa.nulls(0, pa.string()), values, *masks)


def _check_figures(column: Column, figures: pa.StructArray, rule: Rule) -> CheckedColumn:
    """Judge the figures of *column* as its texts are, so that both count alike; null is missing."""
    found = pc.struct_field(figures, column.name)
    missing = np.asarray(pc.is_null(found))
    if column.read is Kind.DATE:
        return check(column, pc.fill_null(found, ""), rule)
    if column.read is Kind.ADDRESS_LENGTH:
        usable = pc.and_(pc.greater_equal(found, 0), pc.less_equal(found, MAXIMUM_TEXT**2))
        found = pc.if_else(usable, found, pa.scalar(None, found.type)).cast(pa.int32(), safe=False)
    invalid = ~(missing | find_valid(found, rule))
    unknown = np.zeros(len(found), bool)
    if rule.known is not None:
        unknown = ~(missing | invalid | np.asarray(pc.is_in(found, pa.array(rule.known, pa.string()))))
    return CheckedColumn(pa.nulls(0, pa.string()), found, missing, invalid, unknown)


def _find_states(checked: CheckedColumn) -> npt.NDArray[np.uint8]:
    """Return the state of each value of a column."""
    states = np.full(len(checked.missing), State.VALID, np.uint8)
    for state, mask in (
        (State.UNKNOWN, checked.unknown),
        (State.INVALID, checked.invalid),
        (State.MISSING, checked.missing),
    ):
        states[mask] = state
    return states


def _find_error_states(column: Column, errors: pa.StructArray) -> npt.NDArray[np.uint8]:
    """Return the states of *column* in records that were rejected for the field that *errors* name."""
    at_fault = np.asarray(pc.fill_null(pc.equal(pc.struct_field(errors, "field"), column.source), False))
    missing = np.asarray(pc.fill_null(pc.equal(pc.struct_field(errors, "reason"), "missing"), False))
    states = np.where(missing, State.MISSING, State.INVALID)
    return np.where(at_fault, states, State.UNSEEN).astype(np.uint8)


def _build(
    checked: Mapping[Column, CheckedColumn],
    states: Mapping[Column, npt.NDArray[np.uint8]],
    *,
    ids: pa.StringArray,
    anonymous: pa.StringArray,
    predictions: pa.DoubleArray,
) -> pa.RecordBatch:
    """Return records in the form of `SCHEMA`; *anonymous* is what tells those apart that have no id."""
    ids = pc.utf8_trim_whitespace(pc.fill_null(ids, ""))
    named = pc.not_equal(ids, "")
    identity = hash_texts(pc.if_else(named, ids, pc.binary_join_element_wise("\0", anonymous, "")))
    finite = pc.if_else(pc.is_finite(predictions), predictions, pa.scalar(None, pa.float64()))
    finite = pc.min_element_wise(pc.max_element_wise(finite, -_LARGEST, skip_nulls=False), _LARGEST, skip_nulls=False)
    # What is invalid may be of any length, and is of no use.
    values = [pc.if_else(pa.array(states[each] == State.VALID), checked[each].values, None) for each in INPUTS]
    return pa.RecordBatch.from_arrays(
        [pa.array(identity), named, finite, *values, *(pa.array(states[column]) for column in INPUTS)], schema=SCHEMA
    )


def choose_seen(records: pa.RecordBatch) -> pa.RecordBatch:
    """Return those of *records* that say something: one that was rejected for its id alone does not."""
    states = [records[_name_state(column)].to_numpy() for column in INPUTS]
    return records.filter(pa.array(np.any([each != State.UNSEEN for each in states], axis=0)))


def _join(columns: Iterable[pa.Array]) -> pa.StringArray:
    return pc.binary_join_element_wise(*(pc.fill_null(each.cast(pa.string()), "") for each in columns), "\0")
