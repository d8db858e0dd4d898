"""A champion has worsened where its rmse is above the registered one by more than both vary; what is unknown is 0."""

import json
import logging
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from processing.evaluation import predictions
from processing.evaluation.comparison import compare
from processing.evaluation.worsening import Uncertain, read_registered_rmse

UNKNOWN = {"value": 0.0, "low": 0.0, "high": 0.0, "significant": 0}


def worsening(rows: int, registered: Uncertain | None, *, seed: int = 1, present: bool = True) -> dict[str, Any]:
    """Return what is said of a champion that errs by 1,200 on so many rows, and by far more on one that trained it."""
    generator = np.random.default_rng(seed)
    actual = generator.normal(7_000, 3_000, rows + 1)
    champion = actual + generator.normal(0, 1_200, rows + 1)
    champion[0] = 1e6
    test_set = predictions.TestSet(
        predictions.Predictions(actual, actual), {}, champion if present else None, np.arange(rows + 1) > 0
    )
    found = compare(test_set, champion="arn:aws:1", label_mean=7e3, registered=registered, random_state=0)
    worsening: dict[str, Any] = found["worsening"]
    return worsening


@pytest.mark.parametrize(("distance", "significant"), [(0.8, 0), (1.2, 1), (-1.2, 0)])
def test_champion_has_worsened_by_what_is_more_than_both_vary(distance: float, significant: int) -> None:
    rows, deviation = 2_000, 25.0
    # The deviation of a normal error's rmse is rmse / sqrt(2 rows).
    reach = 1.959964 * math.hypot(deviation, 1_200 / math.sqrt(2 * rows))
    registered = 1_200 - distance * reach
    found = worsening(rows, Uncertain(registered, deviation))
    assert found["significant"] == significant
    assert found["value"] == pytest.approx(distance * reach, abs=0.15 * reach)
    assert found["high"] - found["value"] == pytest.approx(found["value"] - found["low"])
    assert found["high"] - found["value"] == pytest.approx(reach, rel=0.1)


def test_champion_that_is_as_good_as_ever_seldom_seems_worse() -> None:
    # Its registered rmse varies as well.
    registered = 1_200 * (1 + np.random.default_rng(0).normal(0, 1 / math.sqrt(2 * 300), 100))
    found = [worsening(300, Uncertain(each, 1_200 / math.sqrt(600)), seed=n) for n, each in enumerate(registered)]
    assert sum(each["significant"] for each in found) <= 5


@pytest.mark.parametrize(
    ("rows", "registered", "present"),
    [(2_000, None, True), (29, Uncertain(1.0, 0.1), True), (2_000, Uncertain(1.0, 0.1), False)],
)
def test_without_a_registered_rmse_enough_rows_and_a_champion_nothing_is_known(
    rows: int, registered: Uncertain | None, present: bool
) -> None:
    assert worsening(rows, registered, present=present) == UNKNOWN


def write(folder: Path, text: str) -> Path:
    (folder / "evaluation.json").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("version", [2, 3])
def test_registered_rmse_is_read_of_every_report_that_tells_it(tmp_path: Path, version: int) -> None:
    rmse = {"value": 1_204.37, "standard_deviation": 59.1}
    report = {"schema_version": version, "regression_metrics": {"rmse": rmse}}
    assert read_registered_rmse(write(tmp_path, json.dumps(report))) == Uncertain(1_204.37, 59.1)


def test_file_that_says_there_is_no_champion_tells_no_rmse(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "1f2e.no_champion.json").write_text("{}")
    assert read_registered_rmse(tmp_path) is None
    assert caplog.text == ""


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"regression_metrics": {"rmse": 1200}}',
        '{"regression_metrics": {"rmse": {"value": 1200}}}',
        '{"regression_metrics": {"rmse": {"value": NaN, "standard_deviation": 1}}}',
        '{"regression_metrics": {"rmse": {"value": 1, "standard_deviation": -1}}}',
        '{"regression_metrics": {"rmse": {"value": "much", "standard_deviation": 1}}}',
    ],
)
def test_report_that_tells_no_rmse_is_said_and_not_in_the_way(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    with caplog.at_level(logging.WARNING):
        assert read_registered_rmse(write(tmp_path, text)) is None
    assert "the champion's evaluation.json tells no rmse: whether it has worsened is unknown" in caplog.text
