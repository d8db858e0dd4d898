"""The table of what is asked of speed and memory, and whether the last figures of bench/results.json meet it."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from benchmarks.results import format_range


class Verdict(StrEnum):
    """What the figures say of a target."""

    MET = "met"
    NOT_MET = "not met"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Target:
    """A limit that the median of some figures must not exceed."""

    work: str
    unit: str
    benchmark: str
    """Under whose name the figures are kept."""
    path: tuple[str, ...]
    """Where they are among its figures: a list, a run after the other."""
    limit: float


_SETS = "data quality, preprocess, split, 5,000,000 rows"
_SIZE = ("sizes", "5000000")
_TRAINING = "Linear Learner stand-in, 1,000,000 x 20, 10 epochs"

TARGETS = (
    *(
        Target(f"cdk synth, warm, all checks on, {what}", "times an empty app", "synthesis", ("ratios", what), 1.5)
        for what in ("nothing changed", "a job edited")
    ),
    Target("make run, set up, nothing changed", "s", "synthesis", ("run_s",), 7),
    Target(_SETS, "times polars", "processing", (*_SIZE, "wall_ratios"), 1.2),
    Target(f"{_SETS}, parsed as often", "times polars", "processing", (*_SIZE, "wall_ratios_of_jobs"), 1.2),
    Target(f"{_SETS}, a process", "MB", "processing", (*_SIZE, "peak_mb"), 600),
    Target(f"{_SETS}, a row", "times that of 1,000,000", "processing", ("growth", "5000000/1000000"), 1.1),
    Target(f"{_TRAINING}, batch 1000", "times SGDRegressor", "training", ("ratios", "1000"), 0.15),
    Target(f"{_TRAINING}, batch 32", "times SGDRegressor", "training", ("ratios", "32"), 2.5),
    Target(f"{_TRAINING}, R2 below least squares'", "", "training", ("r2_losses",), 1e-3),
    *(
        Target(
            f"unchanged windows of {size} called drifted", "of all", "monitoring", ("false_alarms", size, "rate"), limit
        )
        for size, limit in (("300", 0.005), ("1000", 0.001))
    ),
    Target("monitor, 5,000,000 captured records", "CPU s", "monitoring", ("volume", "5000000", "cpu_s"), 60),
    Target("monitor, 5,000,000 captured records, a process", "MB", "monitoring", ("volume", "5000000", "peak_mb"), 400),
    Target("make test", "s", "checks", ("test_s",), 360),
    Target("make check", "s", "checks", ("check_s",), 60),
)
"""Of 2 cores without other load."""


def find_figures(results: Mapping[str, Any], target: Target) -> Sequence[float] | None:
    """Return the figures of *target*, run by run, or None where it was not measured."""
    node = results.get(target.benchmark, {}).get("figures", {})
    for key in target.path:
        node = node.get(key, {})
    return node or None


def judge(figures: Sequence[float] | None, limit: float) -> Verdict:
    """Return whether the median of *figures* is within *limit*.

    >>> judge([1.3, 1.1, 1.2], limit=1.2), judge([1.3, 1.3, 1.1], limit=1.2), judge(None, limit=1.2)
    (<Verdict.MET: 'met'>, <Verdict.NOT_MET: 'not met'>, <Verdict.NOT_MEASURED: 'not measured'>)
    """
    if figures is None:
        return Verdict.NOT_MEASURED
    return Verdict.MET if statistics.median(figures) <= limit else Verdict.NOT_MET


def make_table(results: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return a line for each target: work, median with least and greatest, limit, verdict, when, under what load."""
    lines: list[tuple[str, ...]] = [("work", "median (least to greatest)", "target", "verdict", "ended", "load")]
    for target in TARGETS:
        figures = find_figures(results, target)
        found = results[target.benchmark] if figures else {}
        lines.append(
            (
                target.work,
                f"{format_range(figures, digits=_digits(target.limit))} {target.unit}".strip() if figures else "",
                f"<= {target.limit:g}",
                judge(figures, target.limit),
                found.get("ended", "")[:16].replace("T", " "),
                f"{found['load_average'][1]:.1f} on {found['cores']} cores" if found else "",
            )
        )
    return lines


def _digits(limit: float) -> int:
    """Return how many decimals show on which side of *limit* a figure lies."""
    return 0 if limit >= 10 else 2 if limit >= 0.1 else 5


def format_table(lines: Sequence[Sequence[str]]) -> str:
    """Return *lines* as text, with columns below each other."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
