"""What a window of traffic, or a scored data set, was found to be: the verdict, what follows, and the records of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from artefacts.documents import as_number, list_at, mapping_at, number_at, text_at, time_at, value_at
from artefacts.execution import Execution
from execution_report.arns import package_title
from execution_report.sources import Document, Facts
from execution_report.wording import ABSENT, counted, date_and_time, number, sentence, words

MONITORING_STEP = "EmpBonusMonitor"
TOLD_STEP = "EmpBonusDrifted"
"""Fails where somebody is to be told."""
_STEPS = ("EmpBonusFindTraffic", MONITORING_STEP)


class Verdict(StrEnum):
    """What monitoring.json can say of records."""

    HOLDS = "holds"
    NOT_ENOUGH_DATA = "not enough data"
    DRIFTED = "drifted"
    SEVERE = "severe"
    WORSE = "worse"


_VERDICTS: Mapping[str, str] = {
    Verdict.HOLDS: "{} is like the data that the champion was trained on",
    Verdict.NOT_ENOUGH_DATA: "{} is not enough data for a verdict",
    Verdict.DRIFTED: "{} has drifted from the data that the champion was trained on",
    Verdict.SEVERE: "{} has drifted beyond a limit of the data contract",
    Verdict.WORSE: "The champion predicts significantly worse than at its registration",
}
_TONES: Mapping[str, str] = {
    Verdict.HOLDS: "good",
    Verdict.NOT_ENOUGH_DATA: "warn",
    Verdict.DRIFTED: "warn",
    Verdict.SEVERE: "bad",
    Verdict.WORSE: "bad",
}
_DECISIONS = {
    "none": "Nothing follows from it.",
    "retrain": "The training pipeline starts: raw data is newer than the champion's.",
    "no new data": "No training starts: no raw data is newer than that of the last one, or one has started this day.",
    "person": "A person decides: training would refuse such data, as it breaks the data contract.",
    "off": "No training starts by itself: that is switched off, and a person decides.",
}
_SOURCES = {"capture": "The traffic", "files": "The scored data"}


@dataclass(frozen=True)
class Count:
    """How many records there are of a kind."""

    kind: str
    count: str


@dataclass(frozen=True)
class Moved:
    """A statistic that is beyond its watched limit."""

    text: str
    verdict: str
    tone: str


@dataclass(frozen=True)
class Window:
    """All that the page says of a window as a whole."""

    message: str
    moved: list[Moved]
    unmoved: str
    """What is to say where there is none."""
    hours: str
    baseline: str
    records: list[Count]


def is_monitoring(execution: Execution) -> bool:
    """Return whether *execution* is to judge captured traffic, and makes and applies no model."""
    return execution.find_step(_STEPS[0]) is not None


def verdict_tone(document: Document) -> str:
    """Return the class of the verdict's colour."""
    return _TONES.get(text_at(document, "verdict"), "")


def verdict_sentence(document: Document) -> str:
    """Return the verdict as a sentence without its full stop."""
    verdict = text_at(document, "verdict")
    subject = _SOURCES.get(text_at(document, "source"), "The data")
    return _VERDICTS.get(verdict, f"The verdict is: {verdict or 'none'}").format(subject)


def decision_sentence(document: Document) -> str:
    """Return what follows from the verdict; where there was none, why."""
    decision = text_at(document, "decision")
    if text_at(document, "verdict") == Verdict.NOT_ENOUGH_DATA:
        return sentence(text_at(document, "message").removeprefix(f"{Verdict.NOT_ENOUGH_DATA}: "))
    if text_at(document, "source") == "files" and decision != "none":
        return "The predictions are there all the same: a person decides whether they can be used."
    return _DECISIONS.get(decision, sentence(decision))


def monitoring_line(facts: Facts) -> str:
    """Return the message, which begins with the verdict, or that alone; empty where nothing was monitored."""
    return text_at(facts.monitoring, "message") or text_at(facts.monitoring, "verdict")


def monitoring_figures(document: Document) -> list[tuple[str, str]]:
    """Return the figures that a person looks for first."""
    columns = mapping_at(document, "columns").values()
    judged = [column for column in columns if list_at(column, "statistics")]
    moved = {text_at(each, "column") for each in list_at(document, "moved")}
    rmse = number_at(document, "labels", "rmse", "value")
    return [
        ("Verdict", text_at(document, "verdict") or ABSENT),
        ("Distinct records", number(number_at(document, "records", "distinct"))),
        ("Columns moved", f"{number(len(moved))} of {number(len(judged))}" if judged else "not judged"),
        *([("RMSE on new labels", number(rmse))] if rmse is not None else []),
    ]


def window(document: Document) -> Window:
    """Return what *document*, a `monitoring.json`, says of its window."""
    message = text_at(document, "message")
    told = "" if text_at(document, "told") == "true" else "Not sent: "
    return Window(
        f"{told}{message}" if message else "There is none.",
        [_moved(each) for each in list_at(document, "moved")],
        _unmoved(text_at(document, "verdict")),
        _hours(document),
        _baseline(document),
        _records(mapping_at(document, "records")),
    )


def _moved(moved: Any) -> Moved:
    text = text_at(moved, "text") or f"{text_at(moved, 'column')}: {words(text_at(moved, 'rule'))}"
    return Moved(text, "severe", "bad") if value_at(moved, "severe") is True else Moved(text, "moved", "warn")


def _unmoved(verdict: str) -> str:
    """Say that nothing moved only where there was enough to see it."""
    if verdict == Verdict.NOT_ENOUGH_DATA:
        return "Nothing was judged: that is no finding that nothing has moved."
    return "No statistic is beyond its watched limit."


def _hours(document: Document) -> str:
    start, end = (time_at(document, "window", name) for name in ("start", "end"))
    if not start and not end:
        return ""
    return f"The window goes from {date_and_time(start)} to {date_and_time(end)}."


def _baseline(document: Document) -> str:
    champion = text_at(document, "champion")
    if champion in ("", "none"):
        return "There is no champion yet, and so no baseline."
    named = f"champion, {package_title(champion)},"
    if not mapping_at(document, "baseline"):
        return f"The {named} has no baseline."
    rows = counted(number_at(document, "baseline", "rows"), "row")
    version = text_at(document, "baseline", "data_version")
    return f"Compared with the baseline, {rows} of data version {version} that the {named} was trained on."


def _records(records: Mapping[str, Any]) -> list[Count]:
    counts = {name.capitalize(): number_at(records, name) for name in ("captured", "distinct", "judged", "rejected")}
    if counts["Judged"] == counts["Distinct"]:
        del counts["Judged"]
    unreadable = {
        f"Unreadable: {reason}": as_number(count) for reason, count in mapping_at(records, "unreadable").items()
    }
    return [Count(kind, number(count)) for kind, count in {**counts, **unreadable}.items()]
