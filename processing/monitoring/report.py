"""Puts together monitoring.json: what a window of traffic is like, what is thought of it, and what follows."""

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from processing.contract.report import Figures
from processing.monitoring.captured import Span
from processing.monitoring.drift import Drift, Statistic, find_ks, find_psi
from processing.monitoring.history import MAXIMUM_ENTRIES, Entry
from processing.monitoring.labels import Quality
from processing.monitoring.records import PREDICTION
from processing.monitoring.verdict import Decision, Verdict
from processing.records.columns import LABEL

SCHEMA_VERSION = 1

SMALLEST_GROUP = 10
"""Values, of fewer of which nothing is told but how many they are; as slices of an evaluation."""

_COUNTS = ("type", "count", "missing", "invalid")
_EXTREMES = ("minimum", "maximum")


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many there were."""

    captured: int
    distinct: int
    judged: int
    """Distinct ones that the figures are of."""
    rejected: int
    unreadable: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """All that is known of a window."""

    span: Span | None
    """None of raw files that were scored."""
    champion: str
    records: Counts
    figures: Figures
    baseline: Figures | None
    drift: Drift | None
    """None where too little is known."""
    quality: Quality | None
    verdict: Verdict
    decision: Decision
    newest_raw: datetime.datetime | None
    message: str


def to_document(found: Judgement, history: Sequence[Entry]) -> dict[str, Any]:
    """Return monitoring.json; its last entry of the history is of *found* itself."""
    span, baseline = found.span, found.baseline
    moved = found.drift.moved if found.drift else []
    return {
        "schema_version": SCHEMA_VERSION,
        "source": "capture" if span else "files",
        "window": {"start": span.start.isoformat() if span else None, "end": span.end.isoformat() if span else None},
        "champion": found.champion,
        "baseline": {"data_version": baseline.data_version, "rows": baseline.rows} if baseline else None,
        "records": dataclasses.asdict(found.records),
        "columns": {name: _describe_column(name, found) for name in found.figures.columns},
        "moved": [_describe_moved(each) for each in moved],
        "labels": dataclasses.asdict(found.quality) if found.quality else None,
        "verdict": found.verdict,
        "decision": found.decision,
        "told": "true" if found.verdict.told else "false",
        "message": found.message,
        "history": [each.to_document() for each in _append(history, found)],
    }


def _describe_column(name: str, found: Judgement) -> dict[str, Any]:
    """Return the figures of a column, what was compared with the baseline's, and two measures that people know."""
    columns = found.baseline.columns if found.baseline else {}
    statistics = found.drift.statistics if found.drift else ()
    now, before = _tell(found.figures.columns[name]), columns.get(name, {})
    known = columns.get(LABEL if name == PREDICTION else name)
    return {
        **now,
        "statistics": [_describe_statistic(each) for each in statistics if each.comparison.column == name],
        "baseline": known and _tell(known),
        "psi": find_psi(now, before),
        "ks": find_ks(now, before),
    }


def _tell(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return *figures* without those of a single person, or of few."""
    few = figures["count"] < SMALLEST_GROUP
    return {name: each for name, each in figures.items() if name not in _EXTREMES and (name in _COUNTS or not few)}


def _describe_statistic(statistic: Statistic) -> dict[str, Any]:
    comparison = statistic.comparison
    return {
        "rule": comparison.rule,
        "found": comparison.found,
        "watched": statistic.watched,
        "limit": comparison.limit,
        "certain": statistic.certain,
        "moved": statistic.moved,
        "severe": statistic.severe,
    }


def _describe_moved(statistic: Statistic) -> dict[str, Any]:
    comparison = statistic.comparison
    return {
        "column": comparison.column,
        "rule": comparison.rule,
        "severe": statistic.severe,
        "text": statistic.text,
    }


def _append(history: Sequence[Entry], found: Judgement) -> list[Entry]:
    if found.span is None:
        return []
    compared = (each.comparison for each in (found.drift.statistics if found.drift else ()))
    figures = {f"{each.column}.{each.rule}": each.found for each in compared}
    if found.quality and found.quality.rmse:
        figures["rmse"] = found.quality.rmse.value
    own = Entry(found.span.end, found.verdict, found.decision, found.newest_raw, found.records.distinct, figures)
    return [*history[-MAXIMUM_ENTRIES:], own]
