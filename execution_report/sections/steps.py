"""The steps of an execution, when each ran on the time axis that they share, and why one failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from execution_report.arns import last_part, package_title
from execution_report.charts.bars import span
from execution_report.charts.svg import Svg
from execution_report.documents import list_at, text_at
from execution_report.sources import Document
from execution_report.status import TONES, Status
from execution_report.wording import duration, instant, sentence


@dataclass(frozen=True)
class Step:
    """One row of the table of steps."""

    name: str
    type: str
    status: str
    tone: str
    cached: bool
    took: str
    bar: Svg | None
    """When it ran."""
    notes: list[str]
    reason: str
    """Why it failed."""


@dataclass(frozen=True)
class Timeline:
    """The steps, and how long the axis is that their bars share."""

    steps: list[Step]
    length: str

    @property
    def cached(self) -> int:
        """How many steps reused a result."""
        return sum(step.cached for step in self.steps)


@dataclass(frozen=True)
class _Axis:
    start: datetime
    length_s: float

    @classmethod
    def of(cls, execution: Document) -> "_Axis | None":
        """Return the axis from the first to the last time in *execution*; None when there is none."""
        times = [time_at(execution, name) for name in ("CreationTime", "LastModifiedTime")]
        times += [time_at(step, name) for step in step_records(execution) for name in ("StartTime", "EndTime")]
        known = [time for time in times if time]
        return cls(min(known), (max(known) - min(known)).total_seconds()) if known else None

    def offset_s(self, time: datetime | None) -> float:
        """Return the position of *time*; what has not ended yet goes on to the end."""
        return (time - self.start).total_seconds() if time else self.length_s


def timeline(execution: Document) -> Timeline:
    """Return a row for each step of *execution* that was started."""
    axis = _Axis.of(execution)
    steps = [_step(record, axis) for record in step_records(execution)]
    return Timeline(steps, duration(axis.length_s if axis else None))


def step_records(execution: Document) -> list[Any]:
    """Return the steps that were started, as the service describes them."""
    return list_at(execution, "PipelineExecutionSteps")


def failure_reason(record: Mapping[str, Any]) -> str:
    """Return why the step *record* failed: in its job's own words first, where the service does not repeat them."""
    reason = text_at(record, "FailureReason") or text_at(record, "Metadata", "Fail", "ErrorMessage")
    words = text_at(record, "ExitMessage") if text_at(record, "StepStatus") == Status.FAILED else ""
    if not reason or words in reason:
        return reason or words
    return f"{words} ({reason})"


def time_at(document: Any, name: str) -> datetime | None:
    """Return the time in the field *name*."""
    return instant(text_at(document, name))


def _step(record: Mapping[str, Any], axis: _Axis | None) -> Step:
    status = text_at(record, "StepStatus")
    source = text_at(record, "CacheHitResult", "SourcePipelineExecutionArn")
    started = time_at(record, "StartTime")
    first, last = (axis.offset_s(started), axis.offset_s(time_at(record, "EndTime"))) if axis else (0.0, 0.0)
    return Step(
        name=text_at(record, "StepName"),
        type=text_at(record, "StepType"),
        status=status,
        tone=TONES.get(status, ""),
        cached=bool(source),
        took=duration(last - first if started else None),
        bar=_bar(first, last, axis, "cached" if source else TONES.get(status, "running")) if axis and started else None,
        notes=_notes(record, source),
        reason=failure_reason(record),
    )


def _bar(first: float, last: float, axis: _Axis, kind: str) -> Svg:
    length = axis.length_s or 1.0
    return span(first / length, last / length, kind, f"from {duration(first)} to {duration(last)}")


def _notes(record: Mapping[str, Any], source: str) -> list[str]:
    condition = text_at(record, "Metadata", "Condition", "Outcome")
    package = text_at(record, "Metadata", "RegisterModel", "Arn")
    notes = {
        f"Reused from execution {last_part(source)}.": source,
        f"The condition was {condition.lower()}.": condition,
        sentence(package_title(package)): package,
    }
    return [note for note, present in notes.items() if present]
