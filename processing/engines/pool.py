"""The engine of one machine: a process for each core, and a scratch disk for the rows that are spread."""

import contextlib
import multiprocessing
import os
import shutil
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path

import pyarrow as pa

from processing.engines.engine import Item, Result, Rows
from processing.job import JobError, read_instance


@contextlib.contextmanager
def start(resource_config: Path, scratch: Path) -> Iterator["Pool"]:
    """Return an engine that writes to *scratch*; raise `JobError` where several instances share the job."""
    count = read_instance(resource_config).count
    if count > 1:
        raise JobError(
            f'ProcessingInstanceCount is {count}: one machine does this job; give 1, or set engine="spark" in the'
            " stage's Processing"
        )
    with contextlib.ExitStack() as stack:
        yield Pool(scratch, count_cores(), stack)


def count_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Pool:
    """Processes of one machine; with a single core or item, this process does the work."""

    is_one_machine = True

    def __init__(self, scratch: Path, workers: int, stack: contextlib.ExitStack) -> None:
        """Write to *scratch*, start at most so many *workers*, and end them with *stack*."""
        self._scratch = scratch
        self._workers = workers
        self._stack = stack
        self._executor: ProcessPoolExecutor | None = None

    def map(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """See `Engine`."""
        if min(self._workers, len(items)) < 2:
            return [work(item) for item in items]
        try:
            return list(self._start().map(work, items))
        except BrokenProcessPool as error:
            raise JobError(
                "a process of the job was ended, as a rule for want of memory: give a larger instance type"
            ) from error

    def spread(
        self, work: Callable[[Item], Rows[Result]], items: Sequence[Item], ranges: int
    ) -> tuple[list[Result], "ScratchRanges"]:
        """See `Engine`."""
        folder = self.make_folder()
        return self.map(partial(_spread, work, folder), items), ScratchRanges(self, folder, ranges)

    def make_folder(self) -> Path:
        """Return a new folder on scratch disk."""
        return Path(tempfile.mkdtemp(dir=self._scratch))

    def _start(self) -> ProcessPoolExecutor:
        """Start all processes at once, when they are first needed: they share what was imported until then.

        All, however few items there are now: two compressed files may be spread over hundreds of ranges.
        """
        if self._executor:
            return self._executor
        context = multiprocessing.get_context("fork")
        self._executor = ProcessPoolExecutor(self._workers, context, _watch_parent)
        self._stack.callback(self._executor.shutdown, cancel_futures=True)
        with warnings.catch_warnings():
            # Of threads that might hold a lock at the fork: Arrow's start anew in the child, and there are no others.
            warnings.filterwarnings("ignore", ".*fork.*", DeprecationWarning)
            self._executor.submit(os.getpid)
        return self._executor


def _watch_parent() -> None:
    """End this process with the one that started it, which may be killed: nobody else would, and it waits for work."""
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
    os._exit(1)


class ScratchRanges:
    """Rows on scratch disk: a folder for each range, in it a file of each process that had rows of it."""

    def __init__(self, pool: Pool, folder: Path, count: int) -> None:
        """Read so many ranges from *folder* with *pool*."""
        self._pool, self._folder, self._count = pool, folder, count

    def map(
        self, work: Callable[[int, list[pa.RecordBatch]], Result], only: Sequence[int] | None = None
    ) -> list[Result]:
        """See `Ranges`."""
        return self._pool.map(partial(_visit, work, self._folder), range(self._count) if only is None else only)

    def rewrite(
        self, work: Callable[[int, list[pa.RecordBatch]], tuple[pa.RecordBatch, Result]]
    ) -> tuple[list[Result], "ScratchRanges"]:
        """See `Ranges`."""
        folder = self._pool.make_folder()
        results = self._pool.map(partial(_rewrite, work, self._folder, folder), range(self._count))
        return results, ScratchRanges(self._pool, folder, self._count)


def _spread(work: Callable[[Item], Rows[Result]], folder: Path, item: Item) -> Result:
    results = []

    def run() -> Rows[None]:
        results.append((yield from work(item)))

    for number, rows in run():
        _append(folder / str(number), rows)
    return results[0]


def _visit(work: Callable[[int, list[pa.RecordBatch]], Result], folder: Path, number: int) -> Result:
    return work(number, list(_read(folder / str(number))))


def _rewrite(
    work: Callable[[int, list[pa.RecordBatch]], tuple[pa.RecordBatch, Result]], source: Path, folder: Path, number: int
) -> Result:
    rows, result = _visit(work, source, number)
    shutil.rmtree(source / str(number), ignore_errors=True)
    _append(folder / str(number), rows)
    return result


def _append(folder: Path, rows: pa.RecordBatch) -> None:
    """Write *rows* behind those that this process has written there; no other writes to its file."""
    folder.mkdir(exist_ok=True)
    with (folder / str(os.getpid())).open("ab") as file, pa.ipc.new_stream(file, rows.schema) as writer:
        writer.write_batch(rows)


def _read(folder: Path) -> Iterator[pa.RecordBatch]:
    for path in folder.iterdir() if folder.exists() else ():
        with pa.OSFile(str(path)) as file:
            while file.tell() < file.size():
                yield from pa.ipc.open_stream(file)
