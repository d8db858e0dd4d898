"""The cleaned figures of a record that may be captured, to watch the traffic: no text but those of the contract."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from processing.records.columns import INPUTS, UNKNOWN, Kind
from processing.records.raw_data import RawBatch
from processing.records.validation import ROW

_TEXTS: Mapping[str, str | None] = {"": None, UNKNOWN: "(unknown)"}


def list_figures(batch: RawBatch, rows: pa.RecordBatch) -> list[dict[str, Any]]:
    """Return the figures of *rows*, which are those of *batch* that are usable; None is a missing value."""
    names = [column.name for column in INPUTS]
    columns = [_list_values(column.read, column.source, rows[column.name], batch, rows) for column in INPUTS]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _list_values(kind: Kind, source: str, values: pa.Array, batch: RawBatch, rows: pa.RecordBatch) -> list[Any]:
    if kind is Kind.DATE:
        values = values.cast(pa.string())
    elif kind is Kind.ADDRESS_LENGTH:  # of a missing profile, it was read as 0
        kept = np.searchsorted(batch.rows, rows[ROW.name].to_numpy())
        text = batch.columns[source].take(pa.array(kept))
        values = pc.if_else(pc.equal(pc.utf8_trim_whitespace(text), ""), pa.scalar(None, values.type), values)
    found: list[Any] = values.to_pylist()
    return [_TEXTS.get(text, text) for text in found] if kind is Kind.TEXT else found
