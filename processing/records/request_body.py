"""Reads the body of a request: JSON, JSON Lines or CSV in, a batch of text columns out, as raw files have them.

An endpoint reads what is sent to it, monitoring what was captured of that: both by this code.

What is wrong with a single record is found later, by the rules of training. What is wrong here is wrong with the
request as a whole: the caller's program does not speak this language.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa

from processing.records.columns import IDENTIFIER, INPUTS, Kind
from processing.records.malformed import WrongFieldCount
from processing.records.raw_data import RawBatch

MAXIMUM_BYTES = 6_291_456
"""Of a body: InvokeEndpoint takes no more (botocore, `InvokeEndpointInput.Body`), nor returns more."""

MAXIMUM_RECORDS = 20_000
"""With these, and ids of usual length, an answer with contributions is below the same limit."""

NAME = "request"
"""What a request is called where a file would have its name."""

JSON, JSON_LINES, CSV = "application/json", "application/jsonlines", "text/csv"

_CHARSETS = {"", "utf-8", "utf8", "us-ascii"}
_GZIP = b"\x1f\x8b"
_SURROGATE = re.compile("[\ud800-\udfff]")


class BadBodyError(Exception):
    """A body that cannot be read; in one line what was found, then the remedy."""


class UnsupportedBodyError(BadBodyError):
    """A body of a content type, a charset or a compression that is not read."""


class TooManyRecordsError(BadBodyError):
    """A body with more than `MAXIMUM_RECORDS`."""


FIELDS = (IDENTIFIER, *(column.source for column in INPUTS))
"""What a record may have."""


@dataclass(frozen=True)
class Records:
    """The records of a request."""

    batch: RawBatch
    """Rows are counted from 0, in the order of the request."""
    employee_ids: Sequence[str]
    """As they were sent, of all records; empty where there was none."""


def read_records(body: bytes, content_type: str, absent: Collection[str] = ()) -> Records:
    """Return the records of *body*; raise `BadBodyError` where it is not what *content_type* says.

    The columns *absent* are those that training did without: they are no fields of a record.
    """
    kind, charset = parse_content_type(content_type)
    if kind not in _READERS:
        _refuse(f"content type {kind[:60]!r}: send {', '.join(READABLE)}", UnsupportedBodyError)
    if charset not in _CHARSETS:
        _refuse(f"charset {charset[:60]!r}: send UTF-8", UnsupportedBodyError)
    if body.startswith(_GZIP):
        _refuse("the body is gzip: send it uncompressed", UnsupportedBodyError)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(f"byte {error.start} is not UTF-8: encode the body as UTF-8")
    fields = [name for name in FIELDS if name not in absent]
    return _READERS[kind](text, fields)


def parse_content_type(value: str) -> tuple[str, str]:
    """Return media type and charset, both in lower case; the charset is empty where *value* names none."""
    kind, _, parameters = value.partition(";")
    charset = ""
    for parameter in parameters.split(";"):
        name, _, setting = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = setting.strip().strip('"').lower()
    return kind.strip().lower(), charset


def _read_json(text: str, fields: Sequence[str]) -> Records:
    if not text.strip():
        _check_count(0)
    document = _parse(text, "the body")
    return _from_objects(document if isinstance(document, list) else [document], fields)


def _read_json_lines(text: str, fields: Sequence[str]) -> Records:
    lines = [line for line in text.split("\n") if line.strip()]
    return _from_objects([_parse(line, f"record {index}") for index, line in enumerate(lines)], fields)


def _parse(text: str, what: str) -> Any:
    try:
        return _DECODER.decode(text)
    except RecursionError:
        _refuse(f"{what} is nested too deeply: send a record, or a list of records")
    except json.JSONDecodeError as error:
        _refuse(
            f"{what} is not JSON from line {error.lineno}, column {error.colno} on: send a record or a list of them"
        )
    except ValueError:  # the language limits them to 4,300 digits
        _refuse(f"{what} has a number of thousands of digits: send one of the range that the data contract allows")


def _refuse_constant(name: str) -> NoReturn:
    _refuse(f"{name} is not JSON: send null for what is missing")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _from_objects(records: Sequence[Any], fields: Sequence[str]) -> Records:
    _check_count(len(records))
    for index, record in enumerate(records):
        if type(record) is not dict:
            _refuse(f"record {index} is {_JSON_TYPES[type(record)]}: send an object with {', '.join(fields)}")
    unknown = set().union(*records).difference(fields)
    if unknown:
        index = next(index for index, record in enumerate(records) if not unknown.isdisjoint(record))
        name = next(name for name in records[index] if name in unknown)
        _refuse(f"record {index} has a field {name[:40]!a}: send no other than {', '.join(fields)}")
    return _build({name: _texts(name, [record.get(name) for record in records]) for name in fields}, [])


def _texts(name: str, values: Sequence[Any]) -> list[str]:
    """Return JSON values as the texts that a raw file would have."""
    known = _PROFILE_TEXTS if name in _PROFILES else _TEXTS
    try:
        return [known[type(value)](value) for value in values]
    except KeyError:
        index = next(index for index, value in enumerate(values) if type(value) not in known)
        _refuse(f"record {index}: {name} is {_JSON_TYPES[type(values[index])]}: send {_WANTED[known is _TEXTS]}")
    except RecursionError:
        _refuse(f"a {name} is nested too deeply: send an object with an address")


_TEXTS: Mapping[type, Callable[[Any], str]] = {str: str, int: str, float: repr, type(None): lambda _: ""}
_PROFILE_TEXTS = {**_TEXTS, dict: json.dumps}
_PROFILES = {column.source for column in INPUTS if column.read is Kind.ADDRESS_LENGTH}
_WANTED = {True: "text, a number or null", False: "an object, or text that is one"}
_JSON_TYPES = {
    str: "text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    dict: "an object",
    list: "a list",
    type(None): "null",
}


def _read_csv(text: str, fields: Sequence[str]) -> Records:
    """Read CSV as raw files are: columns in any order, others passed over, blank lines left out."""
    csv.field_size_limit(MAXIMUM_BYTES)  # JSON and raw files may have a longer profile than its default, too
    try:
        header, *rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row] or [[]]
    except csv.Error as error:
        _refuse(f"the body is not CSV: {error}: put fields with commas, line ends or quotation marks into such marks")
    if not header:
        _check_count(0)
    needed = [name for name in fields if name != IDENTIFIER]
    missing = [name for name in needed if name not in header]
    if missing:
        _refuse(
            f"the first line has no column {', '.join(missing)}: name {', '.join(needed)} there, with commas between"
        )
    duplicate = [name for name in fields if header.count(name) > 1]
    if duplicate:
        _refuse(f"the first line has {', '.join(duplicate)} twice: keep one")
    _check_count(len(rows))
    malformed = [
        WrongFieldCount(index, len(header), len(row), is_blank=False)
        for index, row in enumerate(rows)
        if len(row) != len(header)
    ]
    for each in malformed:
        rows[each.row] = [""] * len(header)
    columns = dict(zip(header, zip(*rows, strict=True), strict=True))
    return _build({name: columns.get(name) or [""] * len(rows) for name in fields}, malformed)


def _check_count(records: int) -> None:
    if records == 0:
        _refuse("the request has no record: send at least one")
    if records > MAXIMUM_RECORDS:
        found = f"the request has {records:,} records: send at most {MAXIMUM_RECORDS:,} at a time"
        _refuse(found, TooManyRecordsError)


def _build(columns: Mapping[str, Sequence[str]], malformed: list[WrongFieldCount]) -> Records:
    texts = []
    count = len(columns[IDENTIFIER])
    for name in FIELDS:
        try:
            texts.append(pa.array(columns.get(name) or [""] * count, pa.string()))
        except UnicodeEncodeError:
            index = next(index for index, text in enumerate(columns[name]) if _SURROGATE.search(text))
            _refuse(f"record {index}: {name} has half of a surrogate pair, which is no text: escape both halves")
    well_formed = np.delete(np.arange(count), [each.row for each in malformed])
    batch = pa.RecordBatch.from_arrays(texts, names=FIELDS)
    if malformed:
        batch = batch.take(pa.array(well_formed))
    return Records(RawBatch(NAME, batch, well_formed, malformed), columns[IDENTIFIER])


def _refuse(text: str, error: type[BadBodyError] = BadBodyError) -> NoReturn:
    raise error(text) from None


_READERS: Mapping[str, Callable[[str, Sequence[str]], Records]] = {
    JSON: _read_json,
    JSON_LINES: _read_json_lines,
    CSV: _read_csv,
}
READABLE = tuple(_READERS)
"""Content types of a request."""
