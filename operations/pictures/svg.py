"""A pipeline as an SVG file of its own: no script, no font to load, legible on light and dark ground."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from execution_report.charts.svg import Svg, add, chart
from operations.pictures.graph import branch_label, reduce
from operations.pictures.layout import Layout, place
from operations.pipeline_diff.change import Graph, Node

BOX = (220, 46)
GAP = (28, 40)
MARGIN = 16
STYLE = """
text { font: 13px Helvetica, Arial, sans-serif; fill: #1f2328; text-anchor: middle }
.kind { font-size: 11px; fill: #59636e }
.box { fill: #f6f8fa; stroke: #59636e }
.condition { fill: #fff8c5; stroke: #9a6700 }
.fail { fill: #ffebe9; stroke: #cf222e }
.registermodel { fill: #dafbe1; stroke: #1a7f37 }
.edge { fill: none; stroke: #59636e; stroke-width: 1.5 }
.tip { fill: #59636e }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .kind { fill: #9198a1 }
  .box { fill: #212830; stroke: #9198a1 }
  .condition { fill: #3b2e04; stroke: #d29922 }
  .fail { fill: #4b1113; stroke: #f85149 }
  .registermodel { fill: #10381c; stroke: #3fb950 }
  .edge { stroke: #9198a1 }
  .tip { fill: #9198a1 }
}
"""


def draw(graph: Graph, title: str) -> str:
    """Return an SVG document of *graph*; raises `graphlib.CycleError` where steps wait for each other in a circle."""
    edges = reduce(graph)
    layout = place([node.name for node in graph.steps], edges)
    width, height = (int(MARGIN + each) for each in _corner(layout.columns, layout.rows))
    root = chart("pipeline", width, height, title, _describe(graph))
    root.set("xmlns", "http://www.w3.org/2000/svg")
    root.set("width", str(width))
    add(root, "style", STYLE)
    nodes = {node.name: node for node in graph.steps}
    for edge in edges:
        _add_edge(root, layout.routes[edge], branch_label(edge, nodes))
    for node in graph.steps:
        _add_step(root, node, layout)
    return Svg.of(root).text + "\n"


def _describe(graph: Graph) -> str:
    return f"{len(graph.steps)} steps: {', '.join(node.name for node in graph.steps)}"


def _corner(column: float, row: float) -> tuple[float, float]:
    """Return the upper left corner of a box; that past the last one is a gap off the drawing's end."""
    return MARGIN + column * (BOX[0] + GAP[0]), MARGIN + row * (BOX[1] + GAP[1])


def _add_step(root: Element, node: Node, layout: Layout) -> None:
    left, top = _corner(*layout.positions[node.name])
    radius = BOX[1] / 2 if node.kind == "Fail" else 6
    add(root, "rect", class_=f"box {node.kind.lower()}", x=left, y=top, width=BOX[0], height=BOX[1], rx=radius)
    add(root, "text", node.name, x=left + BOX[0] / 2, y=top + 20)
    add(root, "text", node.kind, class_="kind", x=left + BOX[0] / 2, y=top + 36)


def _add_edge(root: Element, route: Sequence[tuple[float, int]], label: str) -> None:
    """Draw a curve from the bottom of the first box, straight past other layers, to the top of the last."""
    path, (x, y) = "", _point(*route[0], bottom=True)
    for number, each in enumerate(route[1:], 1):
        to_x, to_y = _point(*each, bottom=False)
        half = (to_y - y) / 2
        path += f"{'' if path else f'M{x:g},{y:g}'} C{x:g},{y + half:g} {to_x:g},{to_y - half:g} {to_x:g},{to_y:g}"
        if number < len(route) - 1:
            to_y += BOX[1]
            path += f" V{to_y:g}"
        x, y = to_x, to_y
    add(root, "path", class_="edge", d=path)
    add(root, "path", class_="tip", d=f"M{x:g},{y:g} l-4,-8 h8 z")
    if label:
        outwards = 18 if route[-1][0] >= route[0][0] else -18
        add(root, "text", label, class_="kind", x=x + outwards, y=y - 4)


def _point(column: float, row: int, *, bottom: bool) -> tuple[float, float]:
    left, top = _corner(column, row)
    return left + BOX[0] / 2, top + (BOX[1] if bottom else 0)
