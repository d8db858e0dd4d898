"""Each watched column: its figures now against the baseline's, and each statistic against its limits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from artefacts.documents import as_number, list_at, mapping_at, number_at, numbers_at, text_at, value_at
from execution_report.charts.bars import bar
from execution_report.charts.histogram import small_histogram
from execution_report.charts.svg import Svg
from execution_report.sections.data_quality import LEFT_OUT
from execution_report.sources import Document
from execution_report.wording import ABSENT, Write, alike, anything, number, share, shortened, words

COUNTS = {"count": "valid", "missing": "missing", "invalid": "invalid"}
SHOWN_VALUES = 12
"""Of a category: the rest is summed up."""


@dataclass(frozen=True)
class Figure:
    """A figure of the window, beside that of the baseline."""

    name: str
    now: str
    before: str


@dataclass(frozen=True)
class Statistic:
    """A statistic that decides, beside its limits."""

    name: str
    found: str
    watched: str
    limit: str
    verdict: str
    tone: str


@dataclass(frozen=True)
class Value:
    """One value of a category, as a share of all."""

    name: str
    now: str
    before: str
    bar: Svg


@dataclass(frozen=True)
class WatchedColumn:
    """A column of the window."""

    name: str
    type: str
    verdict: str
    tone: str
    figures: list[Figure]
    statistics: list[Statistic]
    shown_only: list[tuple[str, str, str]]
    """Figures that decide nothing: name, figure, and which way it goes with drift."""
    histogram: Svg | None
    ends: tuple[str, str]
    values: list[Value]
    compared: bool
    """Whether there is a baseline."""


def watched_columns(document: Document) -> list[WatchedColumn]:
    """Return what *document*, a `monitoring.json`, says of each column."""
    return [_column(name, column) for name, column in mapping_at(document, "columns").items()]


def _column(name: str, column: Any) -> WatchedColumn:
    statistics = [_statistic(each) for each in list_at(column, "statistics")]
    worst = max(statistics, key=lambda each: list(_VERDICTS).index(each.verdict), default=None)
    drawn, ends = _histogram(name, column)
    return WatchedColumn(
        name=name,
        type=text_at(column, "type"),
        verdict=worst.verdict if worst else "not judged",
        tone=worst.tone if worst else "",
        figures=[*_counts(column), *_figures(column)],
        statistics=statistics,
        shown_only=list(_shown_only(column)),
        histogram=drawn,
        ends=ends,
        values=_values(mapping_at(column), mapping_at(column, "baseline")),
        compared=bool(mapping_at(column, "baseline")),
    )


_VERDICTS = {"within": "good", "explained by chance": "good", "moved": "warn", "severe": "bad"}
"""Verdict of a statistic -> the class of its colour; the worst last."""


def _statistic(statistic: Any) -> Statistic:
    rule = text_at(statistic, "rule")
    write = share if "share" in rule else alike([1e-2])
    found, watched, limit = (write(number_at(statistic, name)) for name in ("found", "watched", "limit"))
    verdict = _find_verdict(statistic)
    return Statistic(rule_words(rule), found, watched, limit, verdict, _VERDICTS[verdict])


def _find_verdict(statistic: Any) -> str:
    flags = [name for name in ("moved", "severe") if value_at(statistic, name) is True]
    if flags:
        return flags[-1]
    found, watched = (number_at(statistic, name) or 0.0 for name in ("found", "watched"))
    return "explained by chance" if value_at(statistic, "certain") is False and found > watched else "within"


def rule_words(rule: str) -> str:
    """Return what a rule of the contract limits, in words and with its unit."""
    unit = ", standard deviations" if rule.endswith("_mean_shift") else ""
    return f"{words(rule.removeprefix('maximum_'))}{unit}"


def _counts(column: Any) -> Iterator[Figure]:
    before = mapping_at(column, "baseline")
    for name, written in COUNTS.items():
        yield Figure(written, _counted(column, name), _counted(before, name))
    if number_at(column, "unknown") is not None:
        yield Figure("unknown", _counted(column, "unknown"), _counted(before, "unknown"))


def _counted(column: Any, name: str) -> str:
    count, rows = number_at(column, name), sum(number_at(column, each) or 0 for each in COUNTS)
    return f"{number(count)} ({share(count / rows)})" if count is not None and rows else number(count)


_APART = (*LEFT_OUT, "statistics", "psi", "ks", "baseline", "unknown")
"""What is not listed with the figures."""


def _figures(column: Any) -> Iterator[Figure]:
    before = mapping_at(column, "baseline")
    names = [name for name in mapping_at(column) if name not in _APART]
    pairs = [(name, value_at(column, name), value_at(before, name)) for name in names]
    write = alike(as_number(value) for _, *both in pairs for value in both if isinstance(value, float))
    for name, now, then in pairs:
        yield Figure(words(name), _written(now, write), _written(then, write))


def _written(value: Any, write: Write) -> str:
    return ABSENT if isinstance(value, dict | list) else anything(value, write)


def _shown_only(column: Any) -> Iterator[tuple[str, str, str]]:
    psi = number_at(column, "psi")
    distance, p_value = (number_at(column, "ks", name) for name in ("distance", "p_value"))
    if psi is not None:
        yield "population stability index (PSI)", number(psi), "rises with drift"
    if distance is not None:
        yield "Kolmogorov-Smirnov distance (KS)", number(distance), "rises with drift"
    if p_value is not None:
        yield "its p-value", number(p_value), "falls with drift"


def _histogram(name: str, column: Any) -> tuple[Svg | None, tuple[str, str]]:
    """Draw the bins from the first to the last that is not empty, now or in the baseline."""
    bounds, now = numbers_at(column, "histogram", "bounds"), numbers_at(column, "histogram", "counts")
    if not any(now) or len(bounds) != len(now) + 1:
        return None, ("", "")
    same = numbers_at(column, "baseline", "histogram", "bounds") == bounds
    then = numbers_at(column, "baseline", "histogram", "counts") if same else []
    then = then if len(then) == len(now) and any(then) else [0.0] * len(now)
    filled = [index for index, counts in enumerate(zip(now, then, strict=True)) if any(counts)]
    part = slice(filled[0], filled[-1] + 1)
    ends = shortened(bounds[part.start]), shortened(bounds[part.stop])
    compared = f"{name}: shares of the records from {ends[0]} to {ends[1]}, now (narrow) and in the baseline (wide)"
    title = f"{compared}; most now {_peak(bounds, now)}, most then {_peak(bounds, then)}" if any(then) else compared
    return small_histogram(now[part], title, then[part] if any(then) else ()), ends


def _peak(bounds: list[float], counts: list[float]) -> str:
    most = max(range(len(counts)), key=counts.__getitem__)
    return f"from {number(bounds[most])} to {number(bounds[most + 1])}"


def _values(now: Any, then: Any) -> list[Value]:
    """Return the shares of a category's values, the most frequent first."""
    today, before = _shares(now), _shares(then)
    shares = {value: (today.get(value, 0.0), before.get(value, 0.0)) for value in {**today, **before}}
    ordered = sorted(shares.items(), key=lambda item: -max(item[1]))
    rest = ordered[SHOWN_VALUES:]
    if rest:
        added = [sum(part) for part in zip(*(each for _, each in rest), strict=True)]
        ordered = [*ordered[:SHOWN_VALUES], (f"{number(len(rest))} others", (added[0], added[1]))]
    highest = max((max(pair) for _, pair in ordered), default=0.0) or 1.0
    return [_value(value, *pair, highest, known=bool(before)) for value, pair in ordered]


def _shares(column: Any) -> dict[str, float]:
    counts = {value: as_number(count) or 0 for value, count in mapping_at(column, "values").items()}
    unknown = number_at(column, "unknown")
    counts |= {"unknown": unknown} if unknown else {}
    total = sum(counts.values())
    return {value: count / total for value, count in counts.items()} if total else {}


def _value(name: str, now: float, then: float, highest: float, *, known: bool) -> Value:
    before = share(then) if known else ABSENT
    drawn = bar(now / highest, f"{name}: {share(now)} now, {before} then", mark=then / highest if known else None)
    return Value(name, share(now), before, drawn)
