"""A pipeline, or how one differs from another, as a Mermaid flowchart."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from operations.pictures.graph import Edge, branch_label, reduce
from operations.pipeline_diff.change import Graph, Node


class Mark(StrEnum):
    """What is different about a step or an edge; the words stand in the picture, as colours alone tell some nothing."""

    SAME = ""
    ADDED = "new"
    REMOVED = "removed"
    CHANGED = "changed"
    RECOMPUTED = "runs again"


# Fill, text and border are all given, so that they are legible in GitHub's light and dark themes.
_STYLES: Mapping[Mark, str] = {
    Mark.ADDED: "fill:#dafbe1,color:#0a3010,stroke:#1a7f37,stroke-width:3px",
    Mark.REMOVED: "fill:#ffebe9,color:#5c0a0a,stroke:#cf222e,stroke-width:2px,stroke-dasharray:6 3",
    Mark.CHANGED: "fill:#fff8c5,color:#3b2300,stroke:#9a6700,stroke-width:3px",
    Mark.RECOMPUTED: "fill:#fffdf0,color:#3b2300,stroke:#9a6700,stroke-width:1px",
}
_ARROWS: Mapping[Mark, str] = {Mark.SAME: "-->", Mark.ADDED: "==>", Mark.REMOVED: "-.->"}
_SHAPES: Mapping[str, tuple[str, str]] = {"Condition": ("{", "}"), "Fail": ("([", "])"), "RegisterModel": ("[(", ")]")}


@dataclass(frozen=True)
class _Picture:
    nodes: Mapping[str, tuple[Node, Mark]]
    edges: Mapping[Edge, Mark]


def draw(graph: Graph) -> str:
    """Return a flowchart of *graph*."""
    nodes = {node.name: (node, Mark.SAME) for node in graph.steps}
    return _write(_Picture(nodes, dict.fromkeys(reduce(graph), Mark.SAME)))


def draw_change(before: Graph, after: Graph, recomputed: frozenset[str] = frozenset()) -> str:
    """Return one flowchart of both sides: what was added, removed or changed, and which steps run again."""
    old = {node.name: node for node in before.steps}
    new = {node.name: node for node in after.steps}
    changed = before.changed | after.changed
    nodes = {name: (node, _mark(name, old, changed, recomputed)) for name, node in new.items()}
    nodes |= {name: (node, Mark.REMOVED) for name, node in old.items() if name not in new}
    return _write(_Picture(nodes, _merge_edges(before, after)))


def _mark(name: str, old: Mapping[str, Node], changed: frozenset[str], recomputed: frozenset[str]) -> Mark:
    if name not in old:
        return Mark.ADDED
    if name in changed:
        return Mark.CHANGED
    return Mark.RECOMPUTED if name in recomputed else Mark.SAME


def _merge_edges(before: Graph, after: Graph) -> dict[Edge, Mark]:
    """Return the edges of both; a new or removed one between steps of both is shown also where others imply it."""
    edges = {edge: Mark.SAME if edge in before.edges else Mark.ADDED for edge in reduce(after)}
    edges |= dict.fromkeys(_only_in(after, before), Mark.ADDED)
    removed = [edge for edge in reduce(before) if edge not in after.edges] + _only_in(before, after)
    return edges | dict.fromkeys(removed, Mark.REMOVED)


def _only_in(one: Graph, other: Graph) -> list[Edge]:
    names = {node.name for node in other.steps}
    return [edge for edge in one.edges if edge not in other.edges and names.issuperset(edge)]


def _write(picture: _Picture) -> str:
    """Write it; ids are numbers, as a step may have a name that is a word of Mermaid, such as `end`."""
    ids = {name: f"s{number}" for number, name in enumerate(picture.nodes)}
    lines = ["flowchart TB", *(f"    {line}" for line in (*_edges(picture, ids), *_classes(picture, ids)))]
    return "\n".join(lines) + "\n"


def _edges(picture: _Picture, ids: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each edge, and one for each step without any; a step is described where it comes first."""
    nodes = {name: node for name, (node, _) in picture.nodes.items()}
    described = {name: ids[name] + _describe(*marked) for name, marked in picture.nodes.items()}
    for edge, mark in picture.edges.items():
        if all(name in ids for name in edge):
            first, second = (described.pop(name, ids[name]) for name in edge)
            label = branch_label(edge, nodes)
            yield f"{first} {_ARROWS[mark]}{f'|{label}|' if label else ''} {second}"
    yield from described.values()


def _describe(node: Node, mark: Mark) -> str:
    left, right = _SHAPES.get(node.kind, ("[", "]"))
    kind = f"{node.kind}, {mark}" if mark else node.kind
    return f'{left}"{_tame(node.name)}<br>{_tame(kind)}"{right}'


def _classes(picture: _Picture, ids: Mapping[str, str]) -> Iterator[str]:
    for mark, style in _STYLES.items():
        if marked := [ids[name] for name, (_, of_node) in picture.nodes.items() if of_node is mark]:
            yield f"classDef {mark.name.lower()} {style}"
            yield f"class {','.join(marked)} {mark.name.lower()}"


def _tame(text: str) -> str:
    """Return *text* without what could end a label: the service lets no name have it, and Mermaid's escapes fail."""
    return re.sub(r"[^\w ,.\-]", "_", text)
