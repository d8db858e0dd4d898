"""Where the steps of a pipeline stand in a drawing: in layers, each below all that it waits for.

The three steps of layered drawing (Sugiyama, Tagawa, Toda: Methods for visual understanding of hierarchical system
structures, 1981): layers by longest path, a point in each layer that an edge passes, orders by barycentre.
"""

import graphlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from operations.pictures.graph import Edge

SWEEPS = 4
"""Down and up in turns; pipelines of some dozen steps do not get better with more."""


@dataclass(frozen=True)
class Layout:
    """Columns and rows, from 0."""

    positions: Mapping[str, tuple[float, int]]
    """Column and row of each step."""
    routes: Mapping[Edge, tuple[tuple[float, int], ...]]
    """The points that each edge passes, its ends first and last."""
    columns: float
    rows: int


def place(names: Sequence[str], edges: Sequence[Edge]) -> Layout:
    """Return where each name stands; raises `graphlib.CycleError` where steps wait for each other in a circle."""
    rows = _rank(names, edges)
    chains = {edge: _chain(edge, rows) for edge in edges}
    links = [link for chain in chains.values() for link in pairwise(chain)]
    layers: list[list[tuple[str, ...]]] = [[] for _ in range(max(rows.values(), default=-1) + 1)]
    for name in names:
        layers[rows[name]].append((name,))
    for chain in chains.values():
        for row, point in enumerate(chain[1:-1], rows[chain[0][0]] + 1):
            layers[row].append(point)
    columns = _order(layers, links)
    width = max(map(len, layers), default=0)
    points = {
        point: (columns[point] + (width - len(layer)) / 2, row) for row, layer in enumerate(layers) for point in layer
    }
    return Layout(
        positions={name: points[(name,)] for name in names},
        routes={edge: tuple(points[point] for point in chain) for edge, chain in chains.items()},
        columns=width,
        rows=len(layers),
    )


def _rank(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    before: dict[str, list[str]] = {name: [] for name in names}
    for first, second in edges:
        before[second].append(first)
    rows: dict[str, int] = {}
    for name in graphlib.TopologicalSorter(before).static_order():
        rows[name] = 1 + max((rows[each] for each in before[name]), default=-1)
    return rows


def _chain(edge: Edge, rows: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Return both ends of an edge, and a point of its own in each layer between them."""
    first, second = edge
    return [(first,), *((first, second, str(row)) for row in range(rows[first] + 1, rows[second])), (second,)]


def _order(
    layers: list[list[tuple[str, ...]]], links: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]
) -> dict[tuple[str, ...], int]:
    """Sort each layer by where its neighbours stand, and return the columns."""
    columns = {point: column for layer in layers for column, point in enumerate(layer)}
    up: dict[tuple[str, ...], list[tuple[str, ...]]] = {point: [] for point in columns}
    down: dict[tuple[str, ...], list[tuple[str, ...]]] = {point: [] for point in columns}
    for first, second in links:
        down[first].append(second)
        up[second].append(first)
    for sweep in range(SWEEPS):
        neighbours, order = (down, reversed(layers)) if sweep % 2 else (up, iter(layers))
        for layer in order:
            centres = {point: _mean([columns[each] for each in neighbours[point]], columns[point]) for point in layer}
            layer.sort(key=centres.__getitem__)
            columns.update({point: column for column, point in enumerate(layer)})
    return columns


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
