"""A difference as JSON, for programs."""

from dataclasses import asdict
from typing import Any

from operations.pipeline_diff.change import Change, Diff, Graph, PipelineDiff, Severity


def build_document(diff: Diff) -> dict[str, Any]:
    """Return what is different as a JSON object; severities are lower-case names, money is in dollars."""
    return {
        "base": diff.base,
        "head": diff.head,
        "severity": _name(diff.severity),
        "changes": [_change(change) for change in diff.changes],
        "pipelines": [_pipeline(each) for each in diff.pipelines],
        "sizes": [asdict(size) for size in diff.sizes],
        "month": {"before": diff.month_before and asdict(diff.month_before), "after": _cost(diff)},
        "not_compared": list(diff.not_compared),
    }


def _cost(diff: Diff) -> dict[str, Any] | None:
    return asdict(diff.month_after) if diff.month_after else None


def _name(severity: Severity | None) -> str | None:
    return None if severity is None else severity.name.lower()


def _change(change: Change) -> dict[str, Any]:
    return {**asdict(change), "severity": _name(change.severity), "details": list(change.details)}


def _pipeline(diff: PipelineDiff) -> dict[str, Any]:
    return {
        "pipeline": diff.pipeline,
        "changes": [_change(change) for change in diff.changes],
        "effects": [asdict(effect) for effect in diff.effects],
        "before": _graph(diff.before),
        "after": _graph(diff.after),
        "execution": {
            "before": diff.run_before and asdict(diff.run_before),
            "after": diff.run_after and asdict(diff.run_after),
        },
    }


def _graph(graph: Graph | None) -> dict[str, Any] | None:
    if graph is None:
        return None
    return {**asdict(graph), "edges": [list(edge) for edge in graph.edges], "changed": sorted(graph.changed)}
