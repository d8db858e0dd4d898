"""Parses many JSON documents at once; where some of them are broken, finds these by halving."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.json as pajson

_FIRST = b"{}\n"
"""Where all documents are null, which is JSON, pyarrow 25 ends the process. So one of them is not."""


class Parsed(NamedTuple):
    """The documents that could be read, in order."""

    table: pa.Table
    indices: npt.NDArray[np.int64]
    """Which documents they are."""


def parse(texts: Sequence[bytes], schema: pa.Schema) -> Parsed:
    """Return what *texts*, each a JSON object, hold of *schema*; other members are passed over.

    parse([b'{"a": 1}', b'{"a": "1"}', b"{"], pa.schema([("a", pa.float64())])).indices  # [0]
    """
    tables = [_read([], schema)]
    indices: list[range] = []
    _parse(texts, range(len(texts)), schema, tables, indices)
    found = np.array([index for each in indices for index in each], np.int64)
    return Parsed(pa.concat_tables(tables), found)


def _parse(
    texts: Sequence[bytes], chosen: range, schema: pa.Schema, tables: list[pa.Table], indices: list[range]
) -> None:
    """Parse half by half what cannot be parsed together, so that a broken document costs as much as all once more."""
    if not chosen:
        return
    try:
        table = _read(texts[chosen.start : chosen.stop], schema)
    except pa.ArrowInvalid:
        table = None
    if table is not None and table.num_rows == len(chosen):  # else one runs on into the next
        tables.append(table)
        indices.append(chosen)
    elif len(chosen) > 1:
        half = len(chosen) // 2
        _parse(texts, chosen[:half], schema, tables, indices)
        _parse(texts, chosen[half:], schema, tables, indices)


def _read(texts: Sequence[bytes], schema: pa.Schema) -> pa.Table:
    """Return the documents of *texts*; raise `pa.ArrowInvalid` where one is not JSON, or its text no UTF-8."""
    content = _FIRST + b"\n".join(texts)
    table = pajson.read_json(
        pa.BufferReader(content),
        read_options=pajson.ReadOptions(use_threads=False, block_size=len(content) + 1),
        parse_options=pajson.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
    )
    table.validate(full=True)
    return table.slice(1)
