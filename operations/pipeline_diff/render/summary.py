"""What a difference means, in a headline and a few sentences; every form of it begins with them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from artefacts.definition.cache_keys import CACHE_KEYS
from execution_report.wording import counted
from operations.pipeline_diff.change import Area, Change, Diff, PipelineDiff, Severity
from operations.pipeline_diff.render.wording import cost_change, join

VERBS: Mapping[Severity, str] = {Severity.DANGER: "agree to", Severity.REVIEW: "look at", Severity.NOTE: "know of"}
"""What a reviewer does about a change."""
_DANGERS: Mapping[Area, str] = {Area.PERMISSION: "broadens", Area.RESOURCE: "replaces, destroys or no longer protects"}
NEAR_LIMIT = 0.8


@dataclass(frozen=True)
class Row:
    """A change, and where it is: the name of a pipeline, or nothing for the stacks."""

    change: Change
    pipeline: str = ""


def headline(diff: Diff) -> str:
    """Return what to do, such as `agree to 1 change, look at 2, know of 5`."""
    if diff.is_empty:
        return "no change"
    counts = Counter(row.change.severity for row in rows(diff))
    parts = [f"{verb} {counts[severity]:,}" for severity, verb in VERBS.items() if counts[severity]]
    first, *rest = parts
    word = "change" if first.endswith(" 1") else "changes"
    return ", ".join([f"{first} {word}", *rest])


def explain(diff: Diff) -> list[str]:
    """Return what it means, a sentence each: permissions, resources, steps, money, limits, what was not compared."""
    if diff.is_empty:
        return [f"{diff.base} and {diff.head} deploy the same.", *_not_compared(diff)]
    return [*_dangers(diff), *_steps(diff), *_costs(diff), *_limits(diff), *_not_compared(diff)]


def rows(diff: Diff) -> list[Row]:
    """Return all changes, the worst first, then by what they are about; what others cost is said in a sentence."""
    found = [Row(change) for change in diff.changes]
    found += [Row(change, each.pipeline) for each in diff.pipelines for change in each.changes]
    order = {area: number for number, area in enumerate(Area)}
    found = [row for row in found if row.change.area is not Area.COST] or found
    return sorted(found, key=lambda row: (-row.change.severity, order[row.change.area], row.pipeline))


def _dangers(diff: Diff) -> Iterator[str]:
    dangers = [change for change in diff.all_changes if change.severity is Severity.DANGER]
    for area, verb in _DANGERS.items():
        if subjects := list(dict.fromkeys(change.subject for change in dangers if change.area is area)):
            yield f"It {verb} {join(subjects)}."
    if others := [f"{change.subject} ({change.what})" for change in dangers if change.area not in _DANGERS]:
        yield f"To agree to, too: {join(others)}."


def _steps(diff: Diff) -> Iterator[str]:
    for each in diff.pipelines:
        if not each.is_empty or each.before is None or each.after is None:
            yield f"{each.pipeline} {_explain_steps(each)}."


def _explain_steps(diff: PipelineDiff) -> str:
    if diff.after is None:
        return "is removed"
    if diff.before is None:
        return f"is new, with {counted(len(diff.after.steps), 'step')}"
    jobs = [effect for effect in diff.effects if effect.step not in always_run(diff)]
    recomputed = [effect.step for effect in jobs if effect.recomputed]
    if not recomputed:
        return "takes all results from the cache at its next execution" if jobs else "has nothing to recompute"
    return f"recomputes {len(recomputed):,} of {counted(len(jobs), 'step')} at its next execution: {join(recomputed)}"


def always_run(diff: PipelineDiff) -> list[str]:
    """Return the steps that no cache ever has: conditions, functions, registrations and failures; they cost nothing."""
    return [node.name for node in (diff.after.steps if diff.after else ()) if node.kind not in CACHE_KEYS]


def _costs(diff: Diff) -> Iterator[str]:
    for each in diff.pipelines:
        if change := cost_change(each.run_before, each.run_after):
            yield f"An execution of {each.pipeline} {change}."
    if change := cost_change(diff.month_before, diff.month_after):
        yield f"A month, idle and scheduled executions, {change}."


def _limits(diff: Diff) -> Iterator[str]:
    for size in diff.sizes:
        if size.after is not None and size.after != size.before and size.after > NEAR_LIMIT * size.limit:
            share = f"{100 * size.after / size.limit:.0f} %"
            yield f"The {size.subject} is at {share} of its limit ({size.after:,} of {size.limit:,} {size.unit})."


def _not_compared(diff: Diff) -> Iterator[str]:
    yield from (f"Not compared: {each}." for each in diff.not_compared)
