"""Shows an execution as it goes on: a table that is drawn again, or a line per change where there is no terminal."""

from collections.abc import Callable, Iterable
from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from artefacts.execution import Execution, Status, Step
from operations.executions.follow import Snapshot

COLOURS = {
    Status.SUCCEEDED: "green",
    Status.FAILED: "red",
    Status.STOPPED: "yellow",
    Status.STOPPING: "yellow",
    Status.STARTING: "cyan",
    Status.EXECUTING: "cyan",
}

Price = Callable[[str], float | None]
"""Type of an instance -> what an hour of one costs, in USD; None where that is not known."""


def show_progress(snapshots: Iterable[Snapshot], console: Console, price: Price | None = None) -> Execution | None:
    """Show each of *snapshots* on *console*, and return the execution as it was seen last."""
    return _draw(snapshots, console, price) if console.is_terminal else _print(snapshots, console, price)


def _draw(snapshots: Iterable[Snapshot], console: Console, price: Price | None) -> Execution | None:
    seen = None
    with Live(console=console, auto_refresh=False) as live:
        for snapshot in snapshots:
            seen = snapshot.execution
            live.update(render(snapshot, price), refresh=True)
    return seen


def _print(snapshots: Iterable[Snapshot], console: Console, price: Price | None) -> Execution | None:
    seen, shown, trouble = None, dict[str, str](), ""
    for snapshot in snapshots:
        seen = snapshot.execution
        for step in seen.steps if seen else ():
            if step.status and shown.get(step.name) != step.status:
                shown[step.name] = step.status
                console.print("  ".join(_cells(step, snapshot.at, price)).rstrip(), highlight=False, soft_wrap=True)
        if snapshot.trouble and snapshot.trouble != trouble:
            console.print(snapshot.trouble, highlight=False, soft_wrap=True)
        trouble = snapshot.trouble
    return seen


def render(snapshot: Snapshot, price: Price | None = None) -> RenderableType:
    """Return the table of a snapshot, with a line below it that sums up."""
    execution = snapshot.execution
    if execution is None:
        return Text(snapshot.trouble, style="yellow")
    columns = ["Step", "Status", "Elapsed", "Attempt", "Instance-hours", *(["USD"] if price else [])]
    table = Table(*columns, box=None, padding=(0, 1), header_style="bold")
    for step in execution.steps:
        name, status, *rest = (cell.strip() for cell in _cells(step, snapshot.at, price))
        table.add_row(name, Text(status, style=COLOURS.get(step.status, "dim")), *rest)  # type: ignore[call-overload]
    lines = [Text(_sum_up(execution, snapshot.at, price), style="bold")]
    if snapshot.trouble:
        lines.append(Text(snapshot.trouble, style="yellow"))
    return Group(table, *lines)


def _cells(step: Step, now: datetime, price: Price | None) -> list[str]:
    hours = step.instance_hours(now)
    cells = [
        f"{step.name:24}",
        f"{_status(step):20}",
        f"{duration(step.elapsed_s(now)):>8}",
        f"{step.attempts or '':>3}",
        f"{hours:.4f} {step.instances.type}" if hours is not None and step.instances else "",
    ]
    return [*cells, usd(_cost(step, now, price)) if hours is not None else ""] if price else cells


def _status(step: Step) -> str:
    return f"{step.status} (cached)" if step.cache_source else step.status or "-"


def _sum_up(execution: Execution, now: datetime, price: Price | None) -> str:
    hours = [found for step in execution.steps if (found := step.instance_hours(now)) is not None]
    said = [f"{execution.id} {execution.status}", duration(execution.elapsed_s(now))]
    if hours:
        said.append(f"at most {sum(hours):.4f} instance-hours")
    if price and hours:
        costs = [_cost(step, now, price) for step in execution.steps if step.instance_hours(now) is not None]
        said.append(f"{usd(None if None in costs else sum(filter(None, costs)))} USD")
    return ", ".join(filter(None, said))


def _cost(step: Step, now: datetime, price: Price | None) -> float | None:
    hours = step.instance_hours(now)
    if hours is None or step.instances is None or price is None:
        return None
    hourly = price(step.instances.type)
    return 0.0 if hours == 0 else None if hourly is None else hours * hourly


def usd(amount: float | None) -> str:
    """Return an amount of money; one that is not known is said to be."""
    return "unknown" if amount is None else f"{amount:.2f}" if amount == 0 or amount >= 0.01 else "<0.01"


def duration(seconds: float | None) -> str:
    """Return a time as `1:02:03`, without hours where there is none."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
