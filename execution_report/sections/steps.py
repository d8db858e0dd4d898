"""The steps of an execution, when each ran on the time axis that they share, and why one failed."""

from dataclasses import dataclass
from datetime import datetime

from artefacts.definition.images import SPARK_REPOSITORY
from artefacts.documents import text_at
from artefacts.execution import Execution
from artefacts.execution import Step as ExecutedStep
from execution_report.arns import last_part, package_title
from execution_report.charts.bars import span
from execution_report.charts.svg import Svg
from execution_report.status import TONES
from execution_report.wording import duration, sentence


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
    def of(cls, execution: Execution) -> "_Axis | None":
        """Return the axis from the first to the last time in *execution*; None when there is none."""
        times = [execution.created, execution.modified]
        times += [time for step in execution.steps for time in (step.started, step.ended)]
        known = [time for time in times if time]
        return cls(min(known), (max(known) - min(known)).total_seconds()) if known else None

    def offset_s(self, time: datetime | None) -> float:
        """Return the position of *time*; what has not ended yet goes on to the end."""
        return (time - self.start).total_seconds() if time else self.length_s


def timeline(execution: Execution) -> Timeline:
    """Return a row for each step of *execution* that was started."""
    axis = _Axis.of(execution)
    steps = [_step(each, axis) for each in execution.steps]
    return Timeline(steps, duration(axis.length_s if axis else None))


def _step(step: ExecutedStep, axis: _Axis | None) -> Step:
    first, last = (axis.offset_s(step.started), axis.offset_s(step.ended)) if axis else (0.0, 0.0)
    tone = TONES.get(step.status, "")
    bar = (
        _bar(first, last, axis, "cached" if step.cache_source else tone or "running") if axis and step.started else None
    )
    return Step(
        name=step.name,
        type=step.type,
        status=step.status,
        tone=tone,
        cached=bool(step.cache_source),
        took=duration(last - first if step.started else None),
        bar=bar,
        notes=_notes(step),
        reason=step.failure,
    )


def _bar(first: float, last: float, axis: _Axis, kind: str) -> Svg:
    length = axis.length_s or 1.0
    return span(first / length, last / length, kind, f"from {duration(first)} to {duration(last)}")


def _notes(step: ExecutedStep) -> list[str]:
    condition = text_at(step.made, "Condition", "Outcome")
    package = text_at(step.made, "RegisterModel", "Arn")
    notes = {
        f"Reused from execution {last_part(step.cache_source)}.": step.cache_source,
        f"The condition was {condition.lower()}.": condition,
        sentence(package_title(package)): package,
        "On Spark.": SPARK_REPOSITORY in step.image,
    }
    return [note for note, present in notes.items() if present]
