"""Keeps the rows that cannot be used: where each was and what is wrong with it, never what it held."""

import csv
import logging
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from processing.job import JobError
from processing.records.validation import Rejection

log = logging.getLogger(__name__)


class RejectionLog:
    """Writes rejections to a file as they come, and counts them."""

    def __init__(self, path: Path | None) -> None:
        """Write to *path*, or only count where it is None: of several instances one writes."""
        self._file = path.open("w", encoding="utf-8", newline="") if path else None
        self._writer = csv.writer(self._file) if self._file else None
        self._add_line(Rejection._fields)
        self.counts: Counter[tuple[str, str, str]] = Counter()
        """By file, column and reason."""
        self._first: dict[tuple[str, str, str], int] = {}

    def add(self, rejections: Iterable[Rejection]) -> None:
        """Write and count *rejections*."""
        for rejection in rejections:
            self._add_line(rejection)
            kind = (rejection.file, rejection.column, rejection.reason)
            self.counts[kind] += 1
            self._first.setdefault(kind, rejection.row)

    def check(self, *, rows: int, maximum_share: float) -> None:
        """Log the counts; raise `JobError` when more than *maximum_share* of the *rows* read were rejected."""
        for (file, column, reason), count in self.counts.most_common():
            log.warning("%s: %s rejected, %s", file, count, _describe(column, reason))
        rejected = self.counts.total()
        if rejected <= maximum_share * rows:
            return
        kind, count = self.counts.most_common(1)[0]
        file, column, reason = kind
        most = _describe(column, reason)
        raise JobError(
            f"{rejected:,} of {rows:,} rows rejected, more than {maximum_share:.1%}; most often {most}"
            f" ({count:,} times in {file}, first in row {self._first[kind]}): correct the rows that rejected.csv lists"
        )

    def _add_line(self, line: Iterable[object]) -> None:
        if self._writer:
            self._writer.writerow(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()


def _describe(column: str, reason: str) -> str:
    return f"{column}: {reason}" if column else reason
