"""Does a job's work on the machines of a Spark cluster.

What goes through Spark are whole Arrow batches as bytes, not rows: no value is converted on the way, and neither pandas
nor Spark's own types are needed. It keeps them on disk, and makes again what is lost with a machine.
"""

import contextlib
import zipimport
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark import RDD, SparkContext, StorageLevel

from processing.engines.engine import Item, Result, Rows
from processing.job import JobError

Pair = tuple[int, Any]
"""The number of a range and rows of it, as bytes; or that of no range, and what work returned."""

_RESULT = -1


@contextlib.contextmanager
def start(_resource_config: Path, _scratch: Path) -> Iterator["SparkEngine"]:
    """Return an engine on the cluster that this program was submitted to; instances and scratch are its business."""
    with SparkContext.getOrCreate() as context:
        yield SparkEngine(context)


class SparkEngine:
    """Map, spread and map again as tasks of Spark: one for each item or range."""

    is_one_machine = False

    def __init__(self, context: SparkContext) -> None:
        self._context = context

    def map(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """Return what *work* makes of each of *items*, in their order."""
        return _unwrap(self._parallelize(items).map(partial(_attempt, work)).collect())

    def spread(
        self, work: Callable[[Item], Rows[Result]], items: Sequence[Item], ranges: int
    ) -> tuple[list[Result], "SparkRanges"]:
        """Spread the rows that *work* yields for *items* over as many *ranges*; return what it returns, in order."""
        spread = partial(_spread_item, work, ranges)
        pairs = self._parallelize(list(enumerate(items))).flatMap(spread).partitionBy(ranges + 1, int)
        # Results go where the rows of one more range would: asking for them runs all items, whose rows then lie ready.
        results = sorted(_run(pairs.values(), [ranges]), key=_first)
        return _unwrap(result for _, result in results), SparkRanges(pairs, range(ranges))

    def _parallelize(self, items: Sequence[Any]) -> "RDD[Any]":
        return self._context.parallelize(items, max(len(items), 1))


class SparkRanges:
    """Rows of ranges, each in the partition of its number."""

    def __init__(self, pairs: "RDD[Pair]", numbers: Sequence[int]) -> None:
        self._pairs, self._numbers = pairs, numbers

    def map(
        self, work: Callable[[int, list[pa.RecordBatch]], Result], only: Sequence[int] | None = None
    ) -> list[Result]:
        """Return what *work* makes of each range's number and rows, in order of the ranges; of none but *only*."""
        done = self._pairs.mapPartitionsWithIndex(partial(_work_on_range, work))
        return _unwrap(_run(done, self._numbers if only is None else only))

    def rewrite(
        self, work: Callable[[int, list[pa.RecordBatch]], tuple[pa.RecordBatch, Result]]
    ) -> tuple[list[Result], "SparkRanges"]:
        """Put in place of each range's rows those that *work* returns; these ranges are not read again."""
        pairs = self._pairs.mapPartitionsWithIndex(partial(_rewrite_range, work)).persist(StorageLevel.DISK_ONLY)
        results = _run(pairs.filter(_is_result).values(), self._numbers)
        return _unwrap(results), SparkRanges(pairs.filter(_is_rows), self._numbers)


def _run(rdd: "RDD[Any]", partitions: Sequence[int]) -> list[Any]:
    return list(rdd.context.runJob(rdd, list, list(partitions)))


def _first(pair: tuple[int, Any]) -> int:
    return pair[0]


def _is_rows(pair: Pair) -> bool:
    return pair[0] != _RESULT


def _is_result(pair: Pair) -> bool:
    return pair[0] == _RESULT


def _attempt(work: Callable[..., Result], *arguments: Any) -> Result | JobError:
    """Return a refusal of *work* in place of its result: Spark would try again, and bury what is raised in its own."""
    _spare_archives()
    try:
        return work(*arguments)
    except JobError as error:
        return error


def _spare_archives() -> None:
    """Keep Spark from reading all archives on Python's path anew for each task, for 0.1 s: ours do not change."""
    zipimport.zipimporter.invalidate_caches = lambda _: None  # type: ignore[assignment, method-assign]


def _unwrap(results: Iterable[Any]) -> list[Any]:
    """Return *results*; raise the first refusal among them."""
    found = list(results)
    for each in found:
        if isinstance(each, JobError):
            raise each
    return found


def _spread_item(work: Callable[[Item], Rows[Any]], ranges: int, numbered: tuple[int, Item]) -> Iterator[Pair]:
    """Yield the rows of an item, then what *work* returns, or its refusal, with the item's number."""
    _spare_archives()
    number, item = numbered
    rows = work(item)
    while True:
        try:
            range_number, batch = next(rows)
        except StopIteration as end:
            yield ranges, (number, end.value)
            return
        except JobError as error:
            yield ranges, (number, error)
            return
        yield range_number, _pack(batch)


def _work_on_range(work: Callable[..., Any], number: int, pairs: Iterable[Pair]) -> Iterator[Any]:
    yield _attempt(work, number, [_unpack(content) for _, content in pairs])


def _rewrite_range(work: Callable[..., Any], number: int, pairs: Iterable[Pair]) -> Iterator[Pair]:
    done = _attempt(work, number, [_unpack(content) for _, content in pairs])
    if isinstance(done, JobError):
        yield _RESULT, done
        return
    batch, result = done
    yield number, _pack(batch)
    yield _RESULT, result


def _pack(batch: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _unpack(content: bytes) -> pa.RecordBatch:
    with pa.ipc.open_stream(content) as reader:
        return reader.read_next_batch()
