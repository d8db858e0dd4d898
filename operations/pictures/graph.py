"""The graph of a definition, with the edges that say something."""

from collections.abc import Iterable, Mapping
from typing import Any

from artefacts.definition.graph import all_steps, find_edges
from operations.pipeline_diff.change import Graph, Node

Edge = tuple[str, str]

BRANCHES: Mapping[str, str] = {"IfSteps": "true", "ElseSteps": "false"}
"""What a condition has to be for the steps of a branch to run."""


def read_graph(definition: Mapping[str, Any]) -> Graph:
    """Return the steps of a definition, and which of them wait for which; each branch waits for its condition.

    read_graph(json.loads(build_definition(find_stage("dev"))))
    """
    steps = {step.name: step for step in all_steps(definition.get("Steps", ()))}
    order = {name: number for number, name in enumerate(steps)}
    edges = sorted(find_edges(steps), key=lambda edge: (order[edge[0]], order[edge[1]]))
    return Graph(tuple(Node(step.name, step.type, step.branch) for step in steps.values()), tuple(edges))


def reduce(graph: Graph) -> tuple[Edge, ...]:
    """Return the edges without those that others imply: who waits for the last of several waits for all."""
    after: dict[str, set[str]] = {}
    for before, behind in graph.edges:
        after.setdefault(before, set()).add(behind)
    return tuple((a, b) for a, b in graph.edges if not _reaches(b, after[a] - {b}, after, seen={a}))


def branch_label(edge: Edge, nodes: Mapping[str, Node]) -> str:
    """Return what the condition at the beginning of *edge* has to be, or nothing where there is none."""
    condition, _, branch = nodes[edge[1]].branch.rpartition(".") if edge[1] in nodes else ("", "", "")
    return BRANCHES[branch] if condition == edge[0] else ""


def _reaches(target: str, starts: Iterable[str], after: Mapping[str, set[str]], seen: set[str]) -> bool:
    waiting = list(starts)
    while waiting:
        if (name := waiting.pop()) == target:
            return True
        if name not in seen:
            seen.add(name)
            waiting += after.get(name, ())
    return False
