"""How verdicts and figures went over the windows, and how good predictions were by labels that came later."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from artefacts.documents import estimate_at, list_at, mapping_at, number_at, text_at, time_at, value_at
from execution_report.charts.line import Levels, Point, line_chart
from execution_report.charts.svg import Svg
from execution_report.sections.watched_columns import rule_words
from execution_report.sources import Document
from execution_report.wording import ABSENT, Write, alike, between, counted, date_and_time, day, number, share

SHOWN_WINDOWS = 14
"""In the table; the charts have all."""
RMSE = "rmse"
_DECISIONS = {
    "none": ABSENT,
    "retrain": "training starts",
    "person": "a person decides",
    "off": "no training by itself",
}


@dataclass(frozen=True)
class Window:
    """One row of the table of windows."""

    end: str
    verdict: str
    decision: str
    records: str


@dataclass(frozen=True)
class Course:
    """How one figure went."""

    name: str
    text: str
    chart: Svg


@dataclass(frozen=True)
class History:
    """The windows so far, this one included."""

    summary: str
    resting: str
    """The figures that are not drawn."""
    first: str
    last: str
    courses: list[Course]
    windows: list[Window]
    """The newest first."""


@dataclass(frozen=True)
class Labels:
    """Predictions of traffic, by labels that the champion was not trained on."""

    sentence: str
    rmse: str
    interval: str
    registered: str
    deviation: str
    verdict: str
    tone: str


def labels(document: Document) -> Labels | None:
    """Return what labels say of captured predictions; None where none was joined."""
    found = mapping_at(document, "labels")
    if not found:
        return None
    rmse, low, high = estimate_at(found, "rmse")
    registered, deviation = (number_at(found, "registered", name) for name in ("value", "standard_deviation"))
    write = alike([rmse, low, high, registered])
    worse = value_at(found, "worse") is True
    verdict = "not judged" if rmse is None else "worse" if worse else "not significantly worse"
    return Labels(
        _joined(found),
        write(rmse),
        between(low, high, write),
        write(registered),
        write(deviation),
        verdict,
        "" if rmse is None else "bad" if worse else "good",
    )


def _joined(found: Any) -> str:
    joined, predicted = (number_at(found, name) for name in ("joined", "predicted"))
    of_all = f" of {counted(predicted, 'captured prediction')}" if predicted is not None else ""
    few = " Too few for a verdict." if number_at(found, "rmse", "value") is None else ""
    return f"{number(joined)}{of_all} joined, by employee id, with labels that the champion was not trained on.{few}"


def history(document: Document) -> History | None:
    """Return the windows that *document*, a `monitoring.json`, knows of; None where there is none with a time."""
    known = [(end, each) for each in list_at(document, "history") if (end := time_at(each, "end"))]
    if not known:
        return None
    known.sort(key=lambda each: each[0])
    names = dict.fromkeys(name for _, each in known for name in mapping_at(each, "figures"))
    found = {name: points for name in names if (points := _points(name, known))}
    # One window has no course.
    moving = {name: points for name, points in found.items() if len(known) > 1 and any(each.value for each in points)}
    resting = [_title(name) for name in found if moving and name not in moving]
    return History(
        f"{counted(len(known), 'window')}, this one included.",
        f"Zero in every window: {', '.join(resting)}." if resting else "",
        day(known[0][0]),
        day(known[-1][0]),
        [_course(name, points, document) for name, points in moving.items()],
        [_window(end, each) for end, each in reversed(known)][:SHOWN_WINDOWS],
    )


def _points(name: str, windows: list[tuple[datetime, Any]]) -> list[Point]:
    """Return a figure of *windows*, each at its share of the time from the first to the last."""
    first, last = windows[0][0], windows[-1][0]
    length_s = (last - first).total_seconds()
    found = [(end, number_at(each, "figures", name)) for end, each in windows]
    return [
        Point((end - first).total_seconds() / length_s if length_s else 0.5, value)
        for end, value in found
        if value is not None
    ]


def _window(end: datetime, window: Any) -> Window:
    decision = text_at(window, "decision")
    records = number(number_at(window, "records"))
    return Window(date_and_time(end), text_at(window, "verdict"), _DECISIONS.get(decision, decision), records)


def _course(name: str, points: list[Point], document: Document) -> Course:
    values = [point.value for point in points]
    column, _, rule = name.rpartition(".")
    levels = _levels(column, rule, values, document)
    write = share if "share" in rule else alike([1e-2, *values])
    title, text = _title(name), _describe(values, levels, write)
    return Course(title, text, line_chart(points, levels, f"{title}. {text}", "From the oldest window to the newest."))


def _title(name: str) -> str:
    column, _, rule = name.rpartition(".")
    return f"{column}: {rule_words(rule)}" if column else "RMSE on new labels"


def _levels(column: str, rule: str, values: list[float], document: Document) -> Levels:
    """Return the limits of a figure, as this window has them; an error has none, and no value near zero to be seen."""
    if rule == RMSE:
        registered = number_at(document, "labels", "registered", "value")
        return Levels(limit=registered, floor=0.8 * min([*values, *([registered] if registered is not None else [])]))
    statistics = list_at(document, "columns", column, "statistics")
    found = next((each for each in statistics if text_at(each, "rule") == rule), None)
    return Levels(number_at(found, "watched"), number_at(found, "limit"))


def _describe(values: list[float], levels: Levels, write: Write) -> str:
    """Say in words what the chart shows."""
    found = f"Last {write(values[-1])}, highest {write(max(values))}"
    if levels.watched is None:
        registered = f"; at registration {write(levels.limit)}" if levels.limit is not None else ""
        return f"{found}{registered}. The axis begins at {write(levels.floor)}."
    beyond = counted(sum(value > levels.watched for value in values), "window")
    return (
        f"{found}; {beyond} beyond the watched limit {write(levels.watched)}. The contract's is {write(levels.limit)}."
    )
