"""Predicted against actual, a dot each, and the line on which a prediction is exact."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from execution_report.charts.scales import Scale, ticks
from execution_report.charts.svg import Svg, add, chart
from execution_report.sources import Prediction
from execution_report.wording import shortened

WIDTH, HEIGHT = 420, 394
LEFT, TOP, RIGHT, BOTTOM = 60, 8, 400, 348
DOT = 2.2


def scatter(predictions: Sequence[Prediction], title: str, description: str) -> Svg:
    """Draw *predictions*, of which there is at least one; both axes have the same scale."""
    marks = ticks([value for each in predictions for value in each], 7)
    across = Scale(marks[0], marks[-1], LEFT, RIGHT)
    up = Scale(marks[0], marks[-1], BOTTOM, TOP)
    root = chart("scatter", WIDTH, HEIGHT, title, description)
    for mark in marks:
        _mark(root, mark, across(mark), up(mark))
    add(root, "text", "actual bonus", class_="axis", x=(LEFT + RIGHT) / 2, y=HEIGHT - 8, text_anchor="middle")
    middle = (TOP + BOTTOM) / 2
    add(
        root,
        "text",
        "predicted bonus",
        class_="axis",
        x=12,
        y=middle,
        text_anchor="middle",
        transform=f"rotate(-90 12 {middle:.0f})",
    )
    dots = add(root, "g", class_="dots")
    for each in predictions:
        add(dots, "circle", cx=across(each.actual), cy=up(each.predicted), r=DOT)
    add(root, "line", class_="reference", x1=LEFT, y1=BOTTOM, x2=RIGHT, y2=TOP)
    return Svg.of(root)


def _mark(root: Element, value: float, x: float, y: float) -> None:
    add(root, "line", class_="grid", x1=x, y1=TOP, x2=x, y2=BOTTOM)
    add(root, "line", class_="grid", x1=LEFT, y1=y, x2=RIGHT, y2=y)
    label = shortened(value)
    add(root, "text", label, class_="tick", x=x, y=BOTTOM + 16, text_anchor="middle")
    add(root, "text", label, class_="tick", x=LEFT - 6, y=y + 4, text_anchor="end")
