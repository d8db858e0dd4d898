"""The gate: every limit may be met exactly, and what breaks one is said with both figures."""

import pytest

from processing.evaluation.quality_gate import failed_conditions

LIMITS = {"MinimumR2": 0.5, "MaximumRmse": 2_000.0, "MinimumImprovement": 0.01}
GOOD = {"r2": 0.5, "rmse": 2_000.0, "improvement": 0.01}


def test_figures_that_just_meet_their_limits_pass() -> None:
    assert failed_conditions(GOOD, LIMITS) == "none"


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        ({"r2": 0.1234}, "r2 0.1234 is less than MinimumR2 0.5000"),
        ({"rmse": 2_345.67891}, "rmse 2345.6789 is more than MaximumRmse 2000.0000"),
        ({"improvement": 0.0}, "improvement 0.0000 is less than MinimumImprovement 0.0100"),
        ({"improvement": -1e6}, "improvement -1000000.0000 is less than MinimumImprovement 0.0100"),
        (
            {"r2": -0.5, "rmse": 3e3, "improvement": -0.2},
            "r2 -0.5000 is less than MinimumR2 0.5000; rmse 3000.0000 is more than MaximumRmse 2000.0000;"
            " improvement -0.2000 is less than MinimumImprovement 0.0100",
        ),
    ],
)
def test_each_limit_that_is_broken_is_named_with_both_figures(figures: dict[str, float], text: str) -> None:
    assert failed_conditions(GOOD | figures, LIMITS) == text


def test_figures_that_would_look_the_same_are_written_out() -> None:
    text = failed_conditions(GOOD | {"r2": 0.49999999999999994}, LIMITS)
    assert text == "r2 0.49999999999999994 is less than MinimumR2 0.5"
