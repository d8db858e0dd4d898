"""Where marks, bins and bars lie."""

import pytest

from execution_report.charts.bars import bar, interval, span
from execution_report.charts.histogram import Bins, histogram, small_histogram
from execution_report.charts.line import Levels, Point, line_chart
from execution_report.charts.scales import Scale, round_step, ticks
from execution_report.charts.scatter import scatter
from execution_report.charts.svg import Svg
from execution_report.sources import Prediction
from tests.execution_report.reader import read_drawing


def elements(drawing: Svg, tag: str) -> list[dict[str, str]]:
    return [each.attrib for each in read_drawing(drawing.text).iter(tag)]


@pytest.mark.parametrize(
    ("low", "high", "parts", "step"),
    [(0, 10, 5, 2), (0, 10, 10, 1), (0, 11_000, 6, 2_000), (0, 0.3, 4, 0.1), (5, 5, 4, 1), (0, 99, 1, 100)],
)
def test_axis_ticks_are_round_numbers(low: float, high: float, parts: int, step: float) -> None:
    assert round_step(low, high, parts) == pytest.approx(step)


def test_marks_enclose_all_values() -> None:
    assert ticks([-120, 3_300], 5) == [-1_000, 0, 1_000, 2_000, 3_000, 4_000]
    assert ticks([7.0], 5) == [7, 8], "an axis has a length even for one value"


def test_scale_is_linear() -> None:
    scale = Scale(0, 10, 100, 0)
    assert [scale(value) for value in (0, 5, 10)] == [100, 50, 0]


def test_every_value_is_in_one_bin_and_one_bound_is_zero() -> None:
    values = [-250.0, -1.0, 0.0, 1.0, 99.9, 100.0, 740.0]
    bins = Bins.of(values)
    assert sum(bins.counts) == len(values)
    assert 0 in bins.bounds
    assert bins.bounds[0] <= -250
    assert bins.bounds[-1] > 740
    assert len(bins.bounds) == len(bins.counts) + 1


def test_equal_values_are_one_bin() -> None:
    assert list(Bins.of([0.0, 0.0]).counts) == [2]


def test_exact_prediction_lies_on_the_line() -> None:
    drawing = scatter([Prediction(0, 0), Prediction(50, 50), Prediction(100, 100)], "title", "description")
    line = elements(drawing, "line")[-1]
    dots = elements(drawing, "circle")
    assert (dots[0]["cx"], dots[0]["cy"]) == (line["x1"], line["y1"])
    assert (dots[2]["cx"], dots[2]["cy"]) == (line["x2"], line["y2"])


def test_title_and_description_are_given_to_assistive_technology() -> None:
    root = read_drawing(histogram(Bins.of([1.0]), "axis", "title", "description").text)
    assert root.get("aria-labelledby") == "residuals-title residuals-description"
    assert root.findtext("title") == "title"
    assert root.findtext("desc") == "description"


def test_highest_bin_of_a_small_histogram_fills_its_height() -> None:
    heights = [each["height"] for each in elements(small_histogram([1, 4, 2], "title"), "rect")]
    assert heights == ["25%", "100%", "50%"]


def test_histogram_before_is_drawn_as_shares_behind_the_one_now() -> None:
    bins = elements(small_histogram([30, 10], "title", before=[100, 300]), "rect")
    assert [each["height"] for each in bins] == ["33.33%", "100%", "100%", "33.33%"]
    assert [each["width"] for each in bins] == ["50%", "50%", "25%", "25%"]
    assert [each["class"] for each in bins] == ["before", "before", "bin", "bin"]


def test_interval_lies_around_its_value_on_an_axis_with_zero() -> None:
    drawing = interval(0.2, 0.3, 0.6, 0.5, "title")
    zero, whisker = elements(drawing, "line")
    assert (zero["x1"], whisker["x1"], whisker["x2"]) == ("50%", "20%", "60%")
    assert elements(drawing, "circle")[0]["cx"] == "30%"


def test_line_chart_has_its_levels_and_a_dot_where_the_watched_one_is_exceeded() -> None:
    points = [Point(0, 0.1), Point(0.5, 0.3), Point(1, 0.2)]
    drawing = line_chart(points, Levels(0.25, 0.5), "title", "description")
    lines = {each["class"]: each["y1"] for each in elements(drawing, "line")[:2]}
    assert lines == {"watched": "50%", "limit": "3%"}
    assert [(each["class"], each["cx"], each["cy"]) for each in elements(drawing, "circle")] == [
        ("warn", "50%", "40.6%"),
        ("fill", "99%", "59.4%"),
    ]


@pytest.mark.parametrize("points", [[Point(0.5, 0.0)], [Point(0, 0.0), Point(1, -3.0)]])
def test_line_chart_of_nothing_above_its_floor_stays_on_it(points: list[Point]) -> None:
    assert {each["cy"] for each in elements(line_chart(points, Levels(), "title", ""), "circle")} == {"97%"}


def test_bar_is_its_share_and_never_invisible() -> None:
    assert elements(bar(0.25, "title"), "rect")[0]["width"] == "25%"
    assert elements(bar(0.0, "title"), "rect")[0]["width"] == "0.6%"
    assert elements(bar(0.5, "title", mark=0.75), "line")[0]["x1"] == "75%"


def test_span_stays_on_its_axis_and_is_never_invisible() -> None:
    last = elements(span(1.0, 1.0, "good", "title"), "rect")[1]
    assert (last["x"], last["width"]) == ("99.4%", "0.6%")


def test_names_are_escaped_and_what_xml_cannot_hold_is_replaced() -> None:
    drawing = bar(1, "<b>&\"'\x00\ud800")
    assert "<b>" not in drawing.text
    assert read_drawing(drawing.text).findtext("title") == "<b>&\"'\ufffd\ufffd"
