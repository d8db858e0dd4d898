"""The table of targets says what was measured, and no more."""

import pytest

from benchmarks.targets import TARGETS, Target, Verdict, find_figures, format_table, judge, make_table

TARGET = Target("split", "times polars", "processing", ("sizes", "100", "ratios"), 1.2)
MACHINE = {"ended": "2026-11-27T02:03:04+00:00", "load_average": [0.5, 0.25, 0.1], "cores": 2}


@pytest.mark.parametrize(
    ("figures", "verdict"),
    [
        ([1.3, 1.1, 1.2], Verdict.MET),
        ([1.19, 1.21, 1.3], Verdict.NOT_MET),
        ([1.0, 1.0, 9.0], Verdict.MET),
        (None, Verdict.NOT_MEASURED),
    ],
)
def test_median_is_judged_not_the_best_or_worst_run(figures: list[float] | None, verdict: Verdict) -> None:
    assert judge(figures, limit=1.2) is verdict


def test_figures_of_another_size_are_not_taken_for_those_of_the_target() -> None:
    figures = {"sizes": {"200": {"ratios": [1.0]}}}
    assert find_figures({"processing": {**MACHINE, "figures": figures}}, TARGET) is None
    figures["sizes"]["100"] = {"ratios": [1.1, 1.2]}
    assert find_figures({"processing": {**MACHINE, "figures": figures}}, TARGET) == [1.1, 1.2]


def test_target_without_figures_has_a_line_that_says_so() -> None:
    _, *lines = make_table({})
    assert [line[0] for line in lines] == [target.work for target in TARGETS]
    assert {line[3] for line in lines} == {Verdict.NOT_MEASURED}


def test_line_shows_median_with_range_time_and_load() -> None:
    results = {"training": {**MACHINE, "figures": {"ratios": {"1000": [0.131, 0.12, 0.16]}}}}
    (line,) = (line for line in make_table(results) if line[3] is Verdict.MET)
    assert line[1:] == (
        "0.13 (0.12 to 0.16) times SGDRegressor",
        "<= 0.15",
        Verdict.MET,
        "2026-11-27 02:03",
        "0.2 on 2 cores",
    )


def test_columns_of_the_table_stand_below_each_other() -> None:
    assert format_table([("work", "target"), ("a longer one", "1")]) == "work          target\na longer one  1"
