"""Reads the files in which an endpoint captures its traffic: JSON lines, a request each, with what it was answered.

Source: "Capture data from real-time endpoint", Amazon SageMaker AI developer guide; and what public captures hold.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from processing.monitoring.documents import parse

BLOCK_BYTES = 4 << 20

MAXIMUM_LINE_BYTES = 32 << 20
"""Our guess: a request and its answer have 6,291,456 bytes at most (botocore), and are written down as text in JSON."""

INPUT, OUTPUT = "endpointInput", "endpointOutput"
TYPE, DATA, ENCODING = "observedContentType", "data", "encoding"
EVENT = "eventId"

_PART = pa.struct([pa.field(name, pa.string()) for name in (TYPE, DATA, ENCODING)])
_LINE = pa.schema(
    {
        "captureData": pa.struct([pa.field(INPUT, _PART), pa.field(OUTPUT, _PART)]),
        "eventMetadata": pa.struct([pa.field(EVENT, pa.string()), pa.field("inferenceTime", pa.string())]),
    }
)
_TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$"
_TIME_TYPE = pa.timestamp("us", "UTC")


@dataclass(frozen=True)
class Span:
    """The time in which a record counts: from *start* on, and before *end*, which belongs to the next window."""

    start: datetime.datetime
    end: datetime.datetime


def read_requests(folder: Path, span: Span, unreadable: Counter[str]) -> Iterator[pa.RecordBatch]:
    """Yield the requests of *span* that are captured below *folder*: parts `INPUT` and `OUTPUT`, and their `EVENT`.

    What cannot be read is counted in *unreadable*, by what is wrong with it, and never quoted.
    """
    paths = sorted(path for path in folder.rglob("*.jsonl") if path.is_file())
    for lines in _gather(paths, unreadable):
        parsed = parse(lines, _LINE)
        unreadable["not a captured request in JSON"] += len(lines) - len(parsed.indices)
        yield _select(parsed.table, span, unreadable)


def _select(lines: pa.Table, span: Span, unreadable: Counter[str]) -> pa.RecordBatch:
    data, metadata = (lines[name].combine_chunks() for name in _LINE.names)
    times = _read_times(pc.struct_field(metadata, "inferenceTime"))
    unreadable["no time with its zone"] += times.null_count
    is_within = pc.and_(
        pc.greater_equal(times, pa.scalar(span.start, _TIME_TYPE)), pc.less(times, pa.scalar(span.end, _TIME_TYPE))
    )
    parts = [pc.struct_field(data, INPUT), pc.struct_field(data, OUTPUT), pc.struct_field(metadata, EVENT)]
    return pa.RecordBatch.from_arrays(parts, [INPUT, OUTPUT, EVENT]).filter(is_within)


def _read_times(texts: pa.StringArray) -> pa.TimestampArray:
    """Return texts as times, null where one is none, or does not say in which zone."""
    likely = pc.if_else(pc.fill_null(pc.match_substring_regex(texts, _TIME), False), texts, None)
    try:
        return likely.cast(_TIME_TYPE)
    except pa.ArrowInvalid:  # one of them is a 31st of June
        return pa.array([_read_time(text) for text in likely.to_pylist()], _TIME_TYPE)


def _read_time(text: str | None) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _gather(paths: Iterable[Path], unreadable: Counter[str]) -> Iterator[list[bytes]]:
    """Yield the lines of files, about a block at a time: an endpoint of few requests writes many small files."""
    gathered: list[bytes] = []
    size = 0
    for path in paths:
        for lines in _read_lines(path, unreadable):
            gathered += lines
            size += sum(map(len, lines))
            if size >= BLOCK_BYTES // 2:  # not all: a block of a large file is a bit less, and two are twice the memory
                yield gathered
                gathered, size = [], 0
    if gathered:
        yield gathered


def _read_lines(path: Path, unreadable: Counter[str]) -> Iterator[list[bytes]]:
    """Yield the lines of a file that are not blank, some at a time."""
    rest = b""
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            *lines, rest = (rest + block).split(b"\n")
            rest = rest[: MAXIMUM_LINE_BYTES + 1]  # one that is too long stays so
            yield _select_lines(lines, unreadable)
    yield _select_lines([rest], unreadable)


def _select_lines(lines: list[bytes], unreadable: Counter[str]) -> list[bytes]:
    unreadable["longer than a captured request"] += sum(len(line) > MAXIMUM_LINE_BYTES for line in lines)
    return [line for line in lines if len(line) <= MAXIMUM_LINE_BYTES and line.strip()]
