"""What a job over the raw data asks of whatever runs it: map over parts, spread rows by range, map over ranges.

A job says what is done with a part of a file, and with the rows of a range of keys; an engine says where. All work is
done by functions of modules, or `functools.partial` of them, so that they can be sent to another process; what they
return can be, too. Results do not depend on the engine: rows of a range come in any order, all else in that of items.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeVar

import pyarrow as pa

Item = TypeVar("Item")
Result = TypeVar("Result")

Rows = Generator[tuple[int, pa.RecordBatch], None, Result]
"""Yields rows, each batch with the number of its range, and returns what else there is to say of an item."""


class Ranges(Protocol):
    """Rows that were spread by range, numbered from 0; they may be read as often as needed."""

    def map(
        self, work: Callable[[int, list[pa.RecordBatch]], Result], only: Sequence[int] | None = None
    ) -> list[Result]:
        """Return what *work* makes of each range's number and rows, in order of the ranges; of none but *only*."""

    def rewrite(
        self, work: Callable[[int, list[pa.RecordBatch]], tuple[pa.RecordBatch, Result]]
    ) -> tuple[list[Result], "Ranges"]:
        """Put in place of each range's rows those that *work* returns; these ranges are not read again."""


class Engine(Protocol):
    """Processes, of one machine or of several."""

    @property
    def is_one_machine(self) -> bool:
        """Whether files that work writes are all on this machine, so that they can be joined."""

    def map(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """Return what *work* makes of each of *items*, in their order."""

    def spread(
        self, work: Callable[[Item], Rows[Result]], items: Sequence[Item], ranges: int
    ) -> tuple[list[Result], Ranges]:
        """Spread the rows that *work* yields for *items* over as many *ranges*; return what it returns, in order."""


class Start(Protocol):
    """Starts an engine for one job."""

    def __call__(self, resource_config: Path, scratch: Path) -> AbstractContextManager[Engine]:
        """Return an engine that ends with the context; *scratch* is a folder of this machine that it may write to.

        *resource_config* is the file that says which instances share the job; raise `JobError` where they cannot.
        """
