"""Metrics are scikit-learn's; deviations shrink as those of means do; no figure speaks of a handful of people."""

import math

import numpy as np
import pyarrow as pa
import pytest

from processing.evaluation.regression_metrics import Numbers, measure, residuals, slices, standard_deviations
from processing.job import JobError


def some_rows(count: int) -> tuple[Numbers, Numbers]:
    generator = np.random.default_rng(count)
    actual = generator.normal(7_000, 3_000, count)
    return actual, actual + generator.normal(100, 1_000, count)


def test_metrics_are_those_of_the_textbook() -> None:
    actual, predicted = some_rows(500)
    errors = predicted - actual
    found = measure(actual, predicted)
    mse = math.fsum(errors**2) / 500
    assert found["mse"] == pytest.approx(mse, rel=1e-12)
    assert found["rmse"] == pytest.approx(math.sqrt(mse), rel=1e-12)
    assert found["mae"] == pytest.approx(math.fsum(abs(errors)) / 500, rel=1e-12)
    assert found["r2"] == pytest.approx(1 - mse / actual.var(), rel=1e-12)


@pytest.mark.parametrize(("offset", "r2"), [(0.0, 1.0), (1.0, 0.0)])
def test_r2_is_finite_where_all_labels_are_equal(offset: float, r2: float) -> None:
    labels = np.full(20, 5_000.0)
    assert measure(labels, labels + offset)["r2"] == r2
    assert standard_deviations(labels, labels + offset, random_state=0)["r2"] == 0


@pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")
def test_metric_that_is_not_finite_is_refused() -> None:
    with pytest.raises(JobError, match=r"^r2 of the test rows is -inf: look for bonuses of a wrong magnitude$"):
        measure(np.array([0.0, 1e-160]), np.array([1e150, 1e150]))


@pytest.mark.parametrize("rows", [400, 40_000])
def test_deviation_of_mse_is_that_of_a_mean_of_squared_errors(rows: int) -> None:
    actual, predicted = some_rows(rows)
    expected = np.std((actual - predicted) ** 2) / math.sqrt(rows)
    assert standard_deviations(actual, predicted, random_state=1)["mse"] == pytest.approx(expected, rel=0.2)


def test_same_seed_gives_the_same_deviations_and_another_seed_others() -> None:
    rows = some_rows(100)
    assert standard_deviations(*rows, random_state=1) == standard_deviations(*rows, random_state=1)
    assert standard_deviations(*rows, random_state=1) != standard_deviations(*rows, random_state=2)


def test_two_rows_have_finite_deviations() -> None:
    deviations = standard_deviations(np.array([1.0, 2.0]), np.array([1.5, 1.5]), random_state=0)
    assert all(map(math.isfinite, deviations.values()))


def test_slices_tell_the_figures_of_each_group() -> None:
    actual, predicted = some_rows(60)
    groups = pa.array(["b", "a", "a"] * 20).dictionary_encode()
    found = slices(groups, actual, predicted)
    assert list(found) == ["a", "b"]
    errors = (actual - predicted)[0::3]
    assert found["b"] == {
        "rows": 20,
        "rmse": pytest.approx(math.sqrt(np.mean(errors**2)), rel=1e-12),
        "mae": pytest.approx(np.mean(abs(errors)), rel=1e-12),
        "mean_error": pytest.approx(np.mean(errors), rel=1e-12),
    }


def test_groups_of_fewer_than_ten_rows_are_taken_together() -> None:
    names = ["large"] * 10 + ["small"] * 9 + ["tiny"]
    actual, predicted = some_rows(20)
    found = slices(pa.array(names).dictionary_encode(), actual, predicted)
    assert {name: each["rows"] for name, each in found.items()} == {"(fewer than 10 rows)": 10, "large": 10}
    assert found["(fewer than 10 rows)"]["mean_error"] == pytest.approx(np.mean((actual - predicted)[10:]))


def test_groups_that_even_together_have_fewer_than_ten_rows_are_left_out() -> None:
    names = ["large"] * 11 + ["small"] * 8 + ["tiny"]
    assert list(slices(pa.array(names).dictionary_encode(), *some_rows(20))) == ["large"]


def test_group_may_have_no_row() -> None:
    groups = pa.DictionaryArray.from_arrays(pa.array([1] * 12, pa.int32()), ["none", "all"])
    assert list(slices(groups, *some_rows(12))) == ["all"]


def test_residuals_are_actual_minus_predicted() -> None:
    actual, predicted = some_rows(1_001)
    errors = np.sort(actual - predicted)
    found = residuals(actual, predicted)
    assert found["mean"] == pytest.approx(errors.mean())
    assert found["standard_deviation"] == pytest.approx(errors.std())
    expected = {"0.01": 10, "0.05": 50, "0.25": 250, "0.5": 500, "0.75": 750, "0.95": 950, "0.99": 990}
    assert found["quantiles"] == {name: pytest.approx(errors[place]) for name, place in expected.items()}
