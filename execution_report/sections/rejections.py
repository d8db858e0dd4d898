"""The rows that preprocessing did not use: how many, why, and where they are listed."""

from dataclasses import dataclass
from typing import Any

from artefacts.documents import list_at, number_at, text_at
from execution_report.sources import Document, Facts
from execution_report.wording import counted, number, share

SHOWN_REASONS = 3
"""In a sentence."""


@dataclass(frozen=True)
class Reason:
    """For what rows were rejected."""

    text: str
    count: str
    first: str
    """Where the first of them stands."""


@dataclass(frozen=True)
class Rejections:
    """All that the page says of rejected rows."""

    summary: str
    reasons: list[Reason]


def rejections(facts: Facts) -> Rejections | None:
    """Return what is known of the rejected rows; None where preprocessing has not counted any."""
    document = facts.rejections
    if not document:
        return None
    rows, rejected = number_at(document, "rows"), number_at(document, "rejected")
    if not rejected:
        return Rejections(f"None of {counted(rows, 'row')} was rejected.", [])
    part = f" ({share(rejected / rows)})" if rows else ""
    listed = f"{facts.rejected_rows} lists them with file, row, column and reason."
    summary = f"{number(rejected)} of {counted(rows, 'row')}{part} were not used. {listed}"
    return Rejections(summary, [_reason(each) for each in list_at(document, "reasons")])


def rejections_line(facts: Facts) -> str:
    """Return in one line how many rows were rejected, and why most of them; empty where none was."""
    document = facts.rejections or {}
    rejected = number_at(document, "rejected")
    return _line(document, rejected, facts.rejected_rows) if rejected else ""


def _line(document: Document, rejected: float, listed: str) -> str:
    reasons = list_at(document, "reasons")
    shown = [f"{_text(each)} ({number(number_at(each, 'count'))})" for each in reasons[:SHOWN_REASONS]]
    more = ["..."] if len(reasons) > SHOWN_REASONS else []
    rows = counted(number_at(document, "rows"), "row")
    return f"{number(rejected)} of {rows}: {', '.join([*shown, *more])}; see {listed}"


def _reason(reason: Any) -> Reason:
    first = f"{text_at(reason, 'file')}, row {number(number_at(reason, 'row'))}"
    return Reason(_text(reason), number(number_at(reason, "count")), first)


def _text(reason: Any) -> str:
    return ": ".join(filter(None, (text_at(reason, "column"), text_at(reason, "reason"))))
