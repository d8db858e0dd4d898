"""How often values lie where: in full with axes, or small for a column of a table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from execution_report.charts.scales import Scale, round_step, ticks
from execution_report.charts.svg import Svg, add, chart, percent, strip
from execution_report.wording import number, shortened

WIDTH, HEIGHT = 420, 280
LEFT, TOP, RIGHT, BOTTOM = 44, 8, 400, 234
FEWEST_BINS, MOST_BINS = 10, 40


@dataclass(frozen=True)
class Bins:
    """Counts, and the bounds between and around them."""

    bounds: Sequence[float]
    counts: Sequence[float]

    @classmethod
    def of(cls, values: Sequence[float]) -> "Bins":
        """Count *values*, of which there is at least one, between round bounds, with one of them at zero."""
        low, high = min(values), max(values)
        # About 1.5 times the root of how many there are: enough to see a shape, and not each value.
        step = round_step(low, high, min(max(round(1.5 * len(values) ** 0.5), FEWEST_BINS), MOST_BINS))
        first = math.floor(low / step)
        counts = [0] * (math.floor(high / step) - first + 1)
        for value in values:
            counts[math.floor(value / step) - first] += 1
        return cls([(first + index) * step for index in range(len(counts) + 1)], counts)


def histogram(bins: Bins, axis: str, title: str, description: str) -> Svg:
    """Draw *bins* with both axes and a line at zero; *axis* says what the values are."""
    across = Scale(bins.bounds[0], bins.bounds[-1], LEFT, RIGHT)
    levels = ticks([0, *bins.counts], 4)
    up = Scale(0, levels[-1], BOTTOM, TOP)
    root = chart("residuals", WIDTH, HEIGHT, title, description)
    for level in levels:
        add(root, "line", class_="grid", x1=LEFT, y1=up(level), x2=RIGHT, y2=up(level))
        add(root, "text", number(round(level)), class_="tick", x=LEFT - 6, y=up(level) + 4, text_anchor="end")
    for left, right, count in zip(bins.bounds, bins.bounds[1:], bins.counts, strict=False):
        width = max(across(right) - across(left) - 1, 0.5)
        add(root, "rect", class_="bin", x=across(left), y=up(count), width=width, height=BOTTOM - up(count))
    for mark in ticks(bins.bounds, 8):
        if bins.bounds[0] <= mark <= bins.bounds[-1]:
            add(root, "text", shortened(mark), class_="tick", x=across(mark), y=BOTTOM + 16, text_anchor="middle")
    if bins.bounds[0] < 0 < bins.bounds[-1]:
        add(root, "line", class_="reference", x1=across(0), y1=TOP, x2=across(0), y2=BOTTOM)
    add(root, "text", axis, class_="axis", x=(LEFT + RIGHT) / 2, y=HEIGHT - 8, text_anchor="middle")
    return Svg.of(root)


def small_histogram(counts: Sequence[float], title: str, before: Sequence[float] = ()) -> Svg:
    """Draw *counts*, of which there is at least one, as bars that fill their width.

    Where there are as many *before*, both are drawn as shares of all: those before as wide bars behind the narrow ones.
    """
    root = strip("small-histogram", title)
    behind, front = _shares(before), _shares(counts)
    highest = max([*front, *behind]) or 1
    for kind, shares, part in (("before", behind, 1.0), ("bin", front, 0.5 if before else 0.92)):
        width = 1 / len(counts)
        for index, height in enumerate(each / highest for each in shares):
            left = (index + (1 - part) / 2 * bool(before)) * width
            size = {"width": percent(width * part), "height": percent(height)}
            add(root, "rect", class_=kind, x=percent(left), y=percent(1 - height), **size)
    return Svg.of(root)


def _shares(counts: Sequence[float]) -> list[float]:
    total = sum(counts) or 1
    return [count / total for count in counts]
