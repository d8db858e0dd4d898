"""Reads what requests were answered: a row for each record of an answer, in JSON or JSON Lines."""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from processing.monitoring.captured import DATA, ENCODING, TYPE
from processing.monitoring.documents import parse
from processing.monitoring.records import ERROR, FIGURES, PREDICTION
from processing.records.columns import IDENTIFIER
from processing.records.request_body import JSON, JSON_LINES, parse_content_type
from processing.records.validation import Mask

Indices = npt.NDArray[np.int64]

REQUEST, VERSION, FIGURE, REJECTION = "request", "model_version", "figures", "error"

_RECORD = {IDENTIFIER: pa.string(), PREDICTION: pa.float64(), FIGURE: FIGURES, REJECTION: ERROR}
_DOCUMENT = pa.schema({VERSION: pa.string(), "predictions": pa.list_(pa.struct(_RECORD))})
_LINE = pa.schema({VERSION: pa.string(), **_RECORD})
ANSWERS = pa.schema({REQUEST: pa.int64(), **{field.name: field.type for field in _LINE}})
"""A row for each record that was answered, those of a request in order."""

_UTF_8 = ("", "utf-8", "utf8", "us-ascii")


class Bodies(NamedTuple):
    """The bodies of one content type."""

    content_type: str
    indices: Indices
    """Whose they are."""
    texts: list[bytes]


Faults = dict[int, str]
"""What is wrong with a request, by its index."""


def decode(parts: pa.StructArray, faults: Faults, chosen: Mask | None = None) -> Iterator[Bodies]:
    """Yield the readable bodies of *parts*, all or those *chosen*, and note in *faults* what is wrong with others."""
    data = pc.struct_field(parts, DATA)
    fields = [pc.fill_null(pc.struct_field(parts, name), "") for name in (TYPE, ENCODING)]
    kinds = pc.binary_join_element_wise(*fields, "\0").dictionary_encode()
    wanted = np.asarray(pc.is_valid(data)) & (True if chosen is None else chosen)
    codes = np.where(wanted, kinds.indices.to_numpy(), -1)
    for code, kind in enumerate(kinds.dictionary.to_pylist()):
        indices = np.flatnonzero(codes == code)
        content_type, _, encoding = kind.rpartition("\0")
        media_type, charset = parse_content_type(content_type)
        if encoding not in _DECODERS or charset not in _UTF_8:
            faults |= dict.fromkeys(indices.tolist(), "another encoding or charset")
            continue
        texts = data.take(pa.array(indices)).cast(pa.binary()).to_pylist()
        decoded = list(map(_DECODERS[encoding], texts))
        readable = [text is not None for text in decoded]
        faults |= dict.fromkeys(indices[np.logical_not(readable)].tolist(), "not BASE64")
        yield Bodies(media_type, indices[readable], [text for text in decoded if text is not None])


def _decode_base64(text: bytes) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return None


_DECODERS: Mapping[str, Callable[[bytes], bytes | None]] = {
    **dict.fromkeys(("JSON", "CSV"), lambda text: text),
    "BASE64": _decode_base64,
}


def read_answers(parts: pa.StructArray, faults: Faults) -> pa.Table:
    """Return `ANSWERS` of the requests that *parts* answer, in their order, and note in *faults* which have none."""
    tables = [ANSWERS.empty_table()]
    for bodies in decode(parts, faults):
        read = _READERS.get(bodies.content_type)
        tables += [read(bodies)] if read else []
    return pa.concat_tables(tables).sort_by(REQUEST)


def _read_documents(bodies: Bodies) -> pa.Table:
    parsed = parse(bodies.texts, _DOCUMENT)
    lists = parsed.table["predictions"].combine_chunks()
    parents = pc.list_parent_indices(lists)
    records = pc.list_flatten(lists)
    columns = [
        pa.array(bodies.indices[parsed.indices]).take(parents),
        parsed.table[VERSION].combine_chunks().take(parents),
        *(pc.struct_field(records, name) for name in _RECORD),
    ]
    return pa.Table.from_arrays(columns, schema=ANSWERS)


def _read_lines(bodies: Bodies) -> pa.Table:
    split = [[line for line in text.split(b"\n") if line.strip()] for text in bodies.texts]
    requests = np.repeat(bodies.indices, [len(lines) for lines in split])
    parsed = parse([line for lines in split for line in lines], _LINE)
    columns = [pa.array(requests[parsed.indices]), *(parsed.table[name].combine_chunks() for name in _LINE.names)]
    return pa.Table.from_arrays(columns, schema=ANSWERS)


_READERS: Mapping[str, Callable[[Bodies], pa.Table]] = {JSON: _read_documents, JSON_LINES: _read_lines}
