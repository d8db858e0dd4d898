"""A comparison says what differs, and calls a difference one only when another test set would not have made it."""

import dataclasses
import random
from typing import Any

import pytest

from execution_report.sources import Prediction
from operations.comparison.compare import compare
from operations.comparison.contestant import Contestant
from operations.comparison.noise import Verdict, compare_metrics
from operations.registry.assessment import Metric


def contestant(**more: Any) -> Contestant:
    """Return a contestant of which little is known."""
    nothing: dict[str, Any] = {each.name: {} for each in dataclasses.fields(Contestant)}
    return Contestant(**{**nothing, "name": "version 1", "test_rows": None, "predictions": (), "unread": (), **more})


def measured(errors: list[float], actual: list[float]) -> Contestant:
    """Return a contestant that is wrong by *errors*, with the deviations that one test set would give."""
    predictions = tuple(Prediction(a, a - error) for a, error in zip(actual, errors, strict=True))
    rows = len(errors)
    rmse = (sum(error**2 for error in errors) / rows) ** 0.5
    mae = sum(map(abs, errors)) / rows
    return contestant(
        metrics={"rmse": Metric(rmse, rmse / rows**0.5), "mae": Metric(mae, mae / rows**0.5)},
        predictions=predictions,
        test_rows=rows,
    )


def verdict(before: Contestant, after: Contestant, name: str = "rmse") -> Verdict:
    return next(each.verdict for each in compare_metrics(before, after) if each.name == name)


def of_one_metric(name: str, value: float, deviation: float | None) -> Contestant:
    return contestant(metrics={name: Metric(value, deviation)})


@pytest.mark.parametrize(
    ("name", "before", "after", "expected"),
    [
        ("rmse", (100, 3), (109, 4), Verdict.NOISE),  # 1.8 deviations of 5
        ("rmse", (100, 3), (111, 4), Verdict.WORSE),  # 2.2
        ("rmse", (111, 4), (100, 3), Verdict.BETTER),
        ("r2", (0.80, 0.01), (0.90, 0.01), Verdict.BETTER),
        ("r2", (0.90, 0.01), (0.80, 0.01), Verdict.WORSE),
        ("rmse", (100, 3), (100, 3), Verdict.EQUAL),
        ("rmse", (100, None), (200, 3), Verdict.UNKNOWN),
    ],
)
def test_difference_counts_beyond_two_deviations(
    name: str, before: tuple[float, float], after: tuple[float, float], expected: Verdict
) -> None:
    assert verdict(of_one_metric(name, *before), of_one_metric(name, *after), name) == expected


def test_same_rows_show_a_difference_that_other_rows_would_hide() -> None:
    draw = random.Random(7)
    actual = [draw.uniform(1_000, 20_000) for _ in range(200)]
    errors = [draw.gauss(0, 1_000) for _ in actual]
    before, after = measured(errors, actual), measured([0.97 * each for each in errors], actual)
    assert verdict(before, after) == verdict(before, after, "mae") == Verdict.BETTER
    elsewhere = dataclasses.replace(after, predictions=after.predictions[::-1])
    assert verdict(before, elsewhere) == Verdict.NOISE


def test_verdict_on_the_same_rows_is_wrong_as_seldom_as_it_says() -> None:
    """Two models that are equally good: of 400 test sets, about 5 % call one better or worse."""
    draw = random.Random(11)
    wrong = 0
    for _ in range(400):
        actual = [draw.uniform(1_000, 20_000) for _ in range(60)]
        shared = [draw.gauss(0, 900) for _ in actual]
        first, second = ([each + draw.gauss(0, 400) for each in shared] for _ in range(2))
        wrong += verdict(measured(first, actual), measured(second, actual)) != Verdict.NOISE
    assert 8 <= wrong <= 36


def test_metric_that_one_lacks_cannot_be_judged() -> None:
    assert verdict(of_one_metric("rmse", 100, 1), contestant()) == Verdict.UNKNOWN


def test_areas_say_what_differs_and_how_much_does_not() -> None:
    before = contestant(parameters={"A": "1", "B": "2", "C": "3"}, code={"Split": "a.zip"})
    after = contestant(name="version 2", parameters={"A": "1", "B": "5", "D": "4"}, code={"Split": "a.zip"})
    areas = {each.name: each for each in compare(before, after).areas}
    found = [(each.name, each.before, each.after) for each in areas["parameters"].differences]
    assert found == [("B", "2", "5"), ("C", "3", None), ("D", None, "4")]
    assert (areas["parameters"].equal, areas["code"].equal) == (1, 1)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [([1.0, 2.0], [1.0, 2.0], True), ([1.0, 2.0], [1.0, 3.0], False), ([1.0], [], None)],
)
def test_whether_test_rows_are_the_same_is_said_or_not_known(
    before: list[float], after: list[float], expected: bool | None
) -> None:
    sides = [contestant(predictions=tuple(Prediction(each, 0.0) for each in actual)) for actual in (before, after)]
    assert compare(*sides).same_test_rows is expected


def test_what_could_not_be_read_of_either_is_said_once() -> None:
    comparison = compare(contestant(unread=("a", "b")), contestant(unread=("b", "c")))
    assert comparison.unread == ("a", "b", "c")
