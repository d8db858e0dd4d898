"""Reads what was said of earlier windows, from the documents that were written of them."""

import datetime
import json
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

log = logging.getLogger(__name__)

FILE_NAME = "monitoring.json"

MAXIMUM_ENTRIES = 100

_LARGEST = sys.float_info.max


@dataclass(frozen=True)
class Entry:
    """What was said of a window."""

    end: datetime.datetime
    verdict: str
    decision: str
    newest_raw: datetime.datetime | None
    """When the newest raw file was written that was there at the decision."""
    records: int
    figures: Mapping[str, float]
    """By column and rule, and the error on later labels."""

    def to_document(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "end": self.end.isoformat(),
            "verdict": self.verdict,
            "decision": self.decision,
            "newest_raw": self.newest_raw.isoformat() if self.newest_raw else None,
            "records": self.records,
            "figures": dict(self.figures),
        }

    @classmethod
    def from_document(cls, document: Any) -> Self:
        """Read what `to_document` returned; raise `ValueError` for anything else."""
        match document:
            case {
                "end": str(end),
                "verdict": str(verdict),
                "decision": str(decision),
                "newest_raw": str() | None as newest,
                "records": int(records),
                "figures": dict(figures),
            } if type(records) is int and records >= 0 and all(map(_is_figure, figures.values())):
                return cls(parse_time(end), verdict, decision, parse_time(newest) if newest else None, records, figures)
            case _:
                raise ValueError("no entry")


def _is_figure(value: Any) -> bool:
    # Written anew in each later report, which takes no NaN.
    return type(value) in (int, float) and abs(value) <= _LARGEST


def parse_time(text: str) -> datetime.datetime:
    """Return a time that is written with its zone; raise `ValueError` where *text* is none."""
    time = datetime.datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    try:
        return time.astimezone(datetime.UTC)
    except OverflowError as error:  # of the year 1, or 9999
        raise ValueError(f"{text!r} is out of range") from error


def read_history(folder: Path) -> list[Entry]:
    """Return the last entry of each document below *folder*, in the order of their windows.

    A document that cannot be read is passed over: what is said of this window must not depend on another.
    """
    entries = []
    for path in sorted(folder.rglob(FILE_NAME)):
        try:
            match json.loads(path.read_text(encoding="utf-8")):
                case {"source": "capture", "history": [*_, last]}:
                    entries.append(Entry.from_document(last))
                case _:
                    log.warning("an earlier %s is not of a window of captured traffic: passed over", FILE_NAME)
        except (OSError, RecursionError, ValueError):
            log.warning("an earlier %s cannot be read: passed over", FILE_NAME)
    return sorted(entries, key=lambda entry: entry.end)[-MAXIMUM_ENTRIES:]
