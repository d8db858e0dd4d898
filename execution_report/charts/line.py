"""How a figure went over time, small, with the levels that it is judged by."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from execution_report.charts.scales import Scale
from execution_report.charts.svg import Svg, add, percent, strip

DOT, LARGE_DOT = 3.0, 4.0


class Point(NamedTuple):
    """A figure, and when it was found: a share of the axis of time."""

    when: float
    value: float


class Levels(NamedTuple):
    """What figures are judged by; None where there is no such level."""

    watched: float | None = None
    """Drawn dashed; a figure beyond it is a dot."""
    limit: float | None = None
    """Drawn in one stroke."""
    floor: float = 0.0
    """Where the axis begins."""


def line_chart(points: Sequence[Point], levels: Levels, title: str, description: str) -> Svg:
    """Draw *points*, of which there is at least one; what is below the floor is drawn on it."""
    root = strip("line-chart", title)
    add(root, "desc", description)
    lines = {"watched": levels.watched, "limit": levels.limit}
    highest = max([point.value for point in points] + [level for level in lines.values() if level is not None])
    up = Scale(levels.floor, highest if highest > levels.floor else levels.floor + 1, 0.97, 0.03)
    for kind, level in lines.items():
        if level is not None:
            add(root, "line", class_=kind, x1="0", x2="100%", y1=percent(up(level)), y2=percent(up(level)))
    places = [(percent(0.01 + 0.98 * point.when), percent(up(max(point.value, levels.floor)))) for point in points]
    for (x1, y1), (x2, y2) in pairwise(places):
        add(root, "line", class_="course", x1=x1, y1=y1, x2=x2, y2=y2)
    for (x, y), point in zip(places, points, strict=True):
        beyond = levels.watched is not None and point.value > levels.watched
        if beyond or point is points[-1]:
            add(root, "circle", class_="warn" if beyond else "fill", cx=x, cy=y, r=LARGE_DOT if beyond else DOT)
    return Svg.of(root)
