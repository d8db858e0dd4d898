"""Keeps the rows that cannot be used: where each was and what is wrong with it, never what it held."""

import csv
import json
import logging
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from processing.job import JobError
from processing.records.validation import Rejection

log = logging.getLogger(__name__)


FILE_NAME = "rejected.csv"

SUMMARY = "rejections.json"
SCHEMA_VERSION = 1

MAXIMUM_REASONS = 50
"""In the summary; each has its own wrong number of columns in the worst of files."""


class Reason(NamedTuple):
    """For what rows were rejected."""

    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.column}: {self.reason}" if self.column else self.reason


class RejectedRows:
    """The rejections of one part, in 12 bytes each: there may be as many as rows."""

    def __init__(self) -> None:
        self._rows, self._reasons = array("q"), array("i")
        self._codes: dict[Reason, int] = {}

    def add(self, rejections: Iterable[Rejection]) -> None:
        """Take in *rejections*."""
        for rejection in rejections:
            reason = Reason(rejection.column, rejection.reason)
            self._rows.append(rejection.row)
            self._reasons.append(self._codes.setdefault(reason, len(self._codes)))

    def read(self, file: str, rows_above: int) -> Iterator[Rejection]:
        """Yield them as those of *file*, in which so many rows stand above the part's."""
        reasons = list(self._codes)
        for row, code in zip(self._rows, self._reasons, strict=True):
            yield Rejection(file, row + rows_above, *reasons[code])


class RejectionLog:
    """Writes rejections to a file as they come, and counts them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = (folder / FILE_NAME).open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(Rejection._fields)
        self._counts: Counter[Reason] = Counter()
        self._first: dict[Reason, Rejection] = {}

    @property
    def total(self) -> int:
        """How many rows were rejected."""
        return self._counts.total()

    def add(self, rejections: Iterable[Rejection]) -> None:
        """Write and count *rejections*."""
        for rejection in rejections:
            self._writer.writerow(rejection)
            reason = Reason(rejection.column, rejection.reason)
            self._counts[reason] += 1
            self._first.setdefault(reason, rejection)

    def check(self, *, rows: int, maximum_share: float) -> None:
        """Log and write the counts; raise `JobError` when more than *maximum_share* of the *rows* were rejected."""
        self.summarize(rows)
        if self.total <= maximum_share * rows:
            return
        raise JobError(
            f"{self.total:,} of {rows:,} rows rejected, more than {maximum_share:.1%}; most often"
            f" {self.describe_most_frequent()}: correct the rows that {FILE_NAME} lists"
        )

    def describe_most_frequent(self) -> str:
        """Return for what most rows were rejected, how many, and where the first of them stands."""
        most, count = self._counts.most_common(1)[0]
        first = self._first[most]
        return f"{most} ({count:,} times, first in {first.file}, row {first.row})"

    def count_reasons(self) -> dict[str, int]:
        """Return how many rows were rejected for each of the most frequent reasons."""
        return {str(reason): count for reason, count in self._counts.most_common(MAXIMUM_REASONS)}

    def summarize(self, rows: int) -> None:
        """Log and write the counts of what was rejected of *rows* rows."""
        log.info("%s of %s rows rejected", f"{self.total:,}", f"{rows:,}")
        reasons = []
        for reason, count in self._counts.most_common(MAXIMUM_REASONS):
            file, row, *_ = self._first[reason]
            log.warning("%s rejected, first in %s, row %s: %s", f"{count:,}", file, row, reason)
            reasons.append({**reason._asdict(), "count": count, "file": file, "row": row})
        document = {"schema_version": SCHEMA_VERSION, "rows": rows, "rejected": self.total, "reasons": reasons}
        text = json.dumps(document, indent=2, ensure_ascii=False)
        (self._folder / SUMMARY).write_text(f"{text}\n", encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()
