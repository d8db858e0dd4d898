"""Bars that fill the cell of a table."""

from execution_report.charts.svg import Svg, add, percent, strip

THINNEST = 0.006
"""Of the width: a bar of nothing can still be seen where it is."""


def bar(share: float, title: str, *, mark: float | None = None) -> Svg:
    """Draw *share* of the width, with an upright line at *mark* to compare with."""
    root = strip("bar", title)
    add(root, "rect", class_="fill", width=percent(min(max(share, THINNEST), 1)), height="100%")
    if mark is not None:
        add(root, "line", class_="reference", x1=percent(mark), x2=percent(mark), y1="0", y2="100%")
    return Svg.of(root)


def signed_bar(share: float, title: str) -> Svg:
    """Draw *share*, from -1 to 1, to the left or the right of the middle, where zero is."""
    root = strip("bar", title)
    width = min(max(abs(share), THINNEST), 1) / 2
    kind, start = ("fill", 0.5) if share >= 0 else ("warn", 0.5 - width)
    add(root, "rect", class_=kind, x=percent(start), width=percent(width), height="100%")
    add(root, "line", class_="reference", x1="50%", x2="50%", y1="0", y2="100%")
    return Svg.of(root)


def interval(low: float, value: float, high: float, zero: float, title: str) -> Svg:
    """Draw a dot at *value* and a line from *low* to *high*, shares of a common axis that has an upright at *zero*."""
    root = strip("interval", title)
    add(root, "line", class_="reference", x1=percent(zero), x2=percent(zero), y1="0", y2="100%")
    add(root, "line", class_="whisker", x1=percent(low), x2=percent(high), y1="50%", y2="50%")
    add(root, "circle", class_="fill", cx=percent(value), cy="50%", r=3.5)
    return Svg.of(root)


def span(start: float, end: float, kind: str, title: str) -> Svg:
    """Draw what lasts from *start* to *end*, shares of a common axis; *kind* is the class of its colour."""
    root = strip("span", title)
    start = min(max(start, 0), 1 - THINNEST)
    end = min(max(end, start + THINNEST), 1)
    add(root, "rect", class_="track", y="45%", width="100%", height="10%")
    add(root, "rect", class_=kind, x=percent(start), width=percent(end - start), height="100%")
    return Svg.of(root)
