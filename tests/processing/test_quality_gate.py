"""The quality gate: a limit may be met exactly, and what breaks one is said with both figures."""

from typing import Any

import pytest

from processing.evaluation.quality_gate import judge, parse_limits
from tests.processing.jobs import LIMITS

GOOD = {"r2": 0.5, "rmse": 3_000.0, "improvement": 0.01}


def judged(figures: dict[str, float]) -> dict[str, Any]:
    report = {
        "regression_metrics": {name: {"value": figures[name]} for name in ("r2", "rmse")},
        "champion": {"improvement": {"value": figures["improvement"]}},
    }
    return judge(report, parse_limits([name, *described] for name, described in LIMITS.items()))


def test_figures_that_just_meet_their_limits_pass() -> None:
    verdict = judged(GOOD)
    assert (verdict["passed"], verdict["failed"]) == (True, "none")
    assert [each["kept"] for each in verdict["limits"].values()] == [True, True, True]


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        ({"r2": 0.1234}, "r2 0.1234 is less than MinimumR2 0.5000"),
        ({"rmse": 3_345.67891}, "rmse 3345.6789 is more than MaximumRmse 3000.0000"),
        ({"improvement": 0.0}, "improvement 0.0000 is less than MinimumImprovement 0.0100"),
        ({"improvement": -1e6}, "improvement -1000000.0000 is less than MinimumImprovement 0.0100"),
        (
            {"r2": -0.5, "rmse": 4e3, "improvement": -0.2},
            "r2 -0.5000 is less than MinimumR2 0.5000; rmse 4000.0000 is more than MaximumRmse 3000.0000;"
            " improvement -0.2000 is less than MinimumImprovement 0.0100",
        ),
    ],
)
def test_each_limit_that_is_broken_is_named_with_both_figures(figures: dict[str, float], text: str) -> None:
    verdict = judged(GOOD | figures)
    assert (verdict["passed"], verdict["failed"]) == (False, text)


def test_figures_that_would_look_the_same_are_written_out() -> None:
    text = judged(GOOD | {"r2": 0.49999999999999994})["failed"]
    assert text == "r2 0.49999999999999994 is less than MinimumR2 0.5"
