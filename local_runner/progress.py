"""Shows an execution as it goes on, and what came of it."""

import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from artefacts.execution import Status
from local_runner.algorithms import ALGORITHMS
from local_runner.containers.images import repository
from local_runner.record.execution import Execution, StepRecord

COLOURS = {
    Status.SUCCEEDED: "green",
    Status.FAILED: "red",
    Status.STOPPED: "yellow",
    Status.STOPPING: "yellow",
    Status.EXECUTING: "cyan",
}


class StandardOutput(Console):
    """The console on standard output; when nobody reads that any more, it calls *stop* and is silent."""

    def __init__(self, stop: Callable[[], None]) -> None:
        super().__init__()
        self._stop = stop

    def on_broken_pipe(self) -> None:
        """Do what rich asks for when a pipe is closed, as `head` does; rich itself would raise `SystemExit`."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what Python flushes in the end
        self._stop()


class Progress:
    """A table of the steps that is drawn again at every change; on something that is no terminal, a line per change."""

    def __init__(self, console: Console, clock: Callable[[], datetime]) -> None:
        self._console = console
        self._clock = clock
        self._shown: dict[str, str] = {}
        self._live = Live(console=console, auto_refresh=False) if console.is_terminal else None

    def __enter__(self) -> "Progress":
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._live:
            self._live.stop()

    def observe(self, execution: Execution) -> None:
        """Show how *execution* stands."""
        if self._live:
            self._live.update(self._table(execution), refresh=True)
            return
        for step in execution.steps.values():
            if step.status and self._shown.get(step.name) != step.status:
                self._shown[step.name] = step.status
                self._console.print(f"{step.name:24} {_status(step):22} {self._times(step)}", highlight=False)

    def _table(self, execution: Execution) -> Table:
        table = Table("Step", "Status", "Elapsed", "Instance-hours", box=None, padding=(0, 1), header_style="bold")
        for step in execution.steps.values():
            colour = COLOURS[step.status] if step.status else "dim"
            elapsed, hours = (
                (f"{step.elapsed_s(self._clock()):.1f} s", _hours(step, self._clock())) if step.status else ("", "")
            )
            table.add_row(step.name, Text(_status(step) or "-", style=colour), elapsed, hours)
        return table

    def _times(self, step: StepRecord) -> str:
        if not (step.status and step.status.has_ended):
            return ""
        return f"{step.elapsed_s(self._clock()):6.1f} s  {_hours(step, self._clock())}"


def _status(step: StepRecord) -> str:
    return f"{step.status} (cached)" if step.cache_hit_source else step.status or ""


def _hours(step: StepRecord, now: datetime) -> str:
    """Return what the step would bill, had it taken as long there; a cached result costs nothing."""
    if not step.instance_count:
        return ""
    hours = 0.0 if step.cache_hit_source else step.instance_count * step.elapsed_s(now) / 3600
    return f"{hours:.4f} {step.instance_type}"


def show_outcome(console: Console, execution: Execution, descriptions: dict[str, Any], about: dict[str, str]) -> None:
    """Print how *execution* ended: what failed, or the metrics and the model; *about* it; and where everything lies."""
    lines = [Text(f"Execution {execution.id} {execution.status}", style=f"bold {COLOURS[execution.status]}")]
    for step in execution.steps.values():
        if step.failure_reason:
            lines.append(Text(f"{step.name}: {step.failure_reason}", style="red"))
            if any((execution.folder / step.name).glob("*.log")):
                lines.append(_line("logs", execution.folder / step.name))
    if execution.failure_reason and len(lines) == 1:
        lines.append(Text(execution.failure_reason, style="red"))
    results = (_line(*each) for description in descriptions.values() for each in _results(description))
    paths = (_line(*each) for each in {"files": execution.folder, **about}.items())
    console.print(Group(*lines, *results, *paths), soft_wrap=True)


def _results(description: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the results of a step that are worth a line, each with its name."""
    if "FinalMetricDataList" in description:
        shown = ALGORITHMS[repository(description["AlgorithmSpecification"]["TrainingImage"])].shown_metrics
        for metric in description["FinalMetricDataList"]:
            if metric["MetricName"] in shown:
                yield metric["MetricName"], f"{metric['Value']:,.2f}"
    if "BestTrainingJob" in description:
        best = description["BestTrainingJob"]
        objective = best["FinalHyperParameterTuningJobObjectiveMetric"]
        yield "best training job", best["TrainingJobName"]
        yield objective["MetricName"], f"{objective['Value']:,.2f}"
    if "ModelPackageVersion" in description:
        version = f"version {description['ModelPackageVersion']}, {description['ModelApprovalStatus']}"
        yield "model package", f"{description['ModelPackageGroupName']} {version}"


def _line(name: str, value: object) -> Text:
    return Text(f"  {name:26} {value}")
