"""The cleaned figures of a record that may be captured, to watch the traffic: no text but those of the contract."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from processing.records.columns import INPUTS, UNKNOWN, Kind
from processing.records.raw_data import RawBatch
from processing.records.validation import ROW

UNKNOWN_FIGURE = "(unknown)"
"""In place of a text that the data contract does not name."""


def list_figures(batch: RawBatch, rows: pa.RecordBatch) -> list[dict[str, Any]]:
    """Return the figures of *rows*, which are those of *batch* that are usable; None is a missing value."""
    kept = pa.array(np.searchsorted(batch.rows, rows[ROW.name].to_numpy()))
    columns = []
    for column in INPUTS:
        values, text = rows[column.name], batch.columns[column.source].take(kept)
        if column.read is Kind.TEXT:
            values = pc.if_else(pc.equal(values, UNKNOWN), UNKNOWN_FIGURE, values)
        elif column.read is Kind.DATE:
            values = values.cast(pa.string())
        # A missing profile has been read as an address of length 0.
        missing = pc.equal(pc.utf8_trim_whitespace(text), "")
        columns.append(pc.if_else(missing, pa.scalar(None, values.type), values).to_pylist())
    names = [column.name for column in INPUTS]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
