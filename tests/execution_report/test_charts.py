"""Where marks, bins and bars lie."""

import pytest

from execution_report.charts.bars import bar, span
from execution_report.charts.histogram import Bins, histogram, small_histogram
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
