"""Puts together monitoring.json: what a window of traffic is like, what is thought of it, and what follows."""

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from processing.contract.report import Figures
from processing.monitoring.drift import Statistic, find_ks, find_psi
from processing.monitoring.history import MAXIMUM_ENTRIES, Entry
from processing.monitoring.labels import Quality
from processing.monitoring.records import PREDICTION
from processing.monitoring.verdict import Decision, Verdict
from processing.records.columns import LABEL

SCHEMA_VERSION = 1

FILE_NAME = "monitoring.json"

CAPTURE, FILES = "capture", "files"
"""What records are read from."""


@dataclass(frozen=True, kw_only=True)
class Records:
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

    source: str
    """`CAPTURE` or `FILES`."""
    start: datetime.datetime | None
    end: datetime.datetime | None
    champion: str
    records: Records
    figures: Figures
    baseline: Figures | None
    statistics: Sequence[Statistic]
    quality: Quality | None
    verdict: Verdict
    decision: Decision
    newest_raw: datetime.datetime | None
    message: str


def to_document(found: Judgement, history: Sequence[Entry]) -> dict[str, Any]:
    """Return monitoring.json; its last entry of the history is of *found* itself."""
    baseline = found.baseline
    moved = sorted((each for each in found.statistics if each.moved), key=lambda each: not each.severe)
    return {
        "schema_version": SCHEMA_VERSION,
        "source": found.source,
        "window": {"start": _show(found.start), "end": _show(found.end)},
        "champion": found.champion,
        "baseline": {"data_version": baseline.data_version, "rows": baseline.rows} if baseline else None,
        "records": dataclasses.asdict(found.records),
        "columns": {name: _describe_column(name, found) for name in found.figures.columns},
        "moved": [
            {
                "column": each.comparison.column,
                "rule": each.comparison.rule,
                "severe": each.severe,
                "text": each.text,
            }
            for each in moved
        ],
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
    now, before = found.figures.columns[name], columns.get(name, {})
    return {
        **now,
        "statistics": [_describe_statistic(each) for each in found.statistics if each.comparison.column == name],
        "baseline": columns.get(LABEL if name == PREDICTION else name),
        "psi": find_psi(now, before),
        "ks": find_ks(now, before),
    }


def _describe_statistic(statistic: Statistic) -> dict[str, Any]:
    comparison = statistic.comparison
    return {
        "rule": comparison.rule,
        "found": comparison.found,
        "watched": statistic.watched,
        "limit": comparison.limit,
        "moved": statistic.moved,
        "severe": statistic.severe,
    }


def _append(history: Sequence[Entry], found: Judgement) -> list[Entry]:
    if found.end is None:
        return []
    figures = {f"{each.comparison.column}.{each.comparison.rule}": each.comparison.found for each in found.statistics}
    if found.quality and found.quality.rmse:
        figures["rmse"] = found.quality.rmse.value
    own = Entry(found.end, found.verdict, found.decision, found.newest_raw, found.records.distinct, figures)
    return [*history[-MAXIMUM_ENTRIES:], own]


def _show(time: datetime.datetime | None) -> str | None:
    return time.isoformat() if time else None
