"""Least squares on batches is scikit-learn's on all rows: with dummy columns, years beside salaries, and constants."""

import itertools

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score

from processing.evaluation.least_squares import Moments, held_out_r2
from processing.evaluation.model import Numbers

COLUMNS = 7


def draw(rows: int, seed: int) -> Numbers:
    """Return labels and features: hire years, salaries, three dummy columns of one category, and a constant."""
    generator = np.random.default_rng(seed)
    years, salaries = generator.normal(2_010, 8, rows), generator.normal(60_000, 20_000, rows)
    dummies = np.eye(3)[generator.integers(3, size=rows)]
    labels = -150 * years + 0.1 * salaries + dummies @ [0, 800, 1_500] + generator.normal(0, 1_000, rows)
    return np.column_stack([labels, years, salaries, dummies, np.full(rows, 0.1)])


def moments(rows: Numbers, batches: int = 1) -> Moments:
    found = Moments(COLUMNS)
    for batch in np.array_split(rows, batches):
        found.add(list(batch.T))
    return found


def expected(train: Numbers, test: Numbers, chosen: list[int]) -> float:
    model = LinearRegression().fit(train[:, chosen], train[:, 0])
    r2: float = r2_score(test[:, 0], model.predict(test[:, chosen]))
    return r2


@pytest.mark.parametrize("batches", [1, 13])
def test_r2_on_held_out_rows_is_that_of_scikit_learn_with_any_columns(batches: int) -> None:
    train, test = draw(4_000, seed=1), draw(600, seed=2)
    fitted, tested = moments(train, batches), moments(test, batches)
    for count in (1, 3, 6):
        for columns in itertools.combinations(range(1, COLUMNS), count):
            chosen = list(columns)
            assert held_out_r2(fitted, tested, chosen) == pytest.approx(expected(train, test, chosen), abs=1e-9)


def test_column_that_is_constant_in_training_has_no_say_where_it_is_not_in_the_test_rows() -> None:
    train, test = draw(4_000, seed=1), draw(600, seed=2)
    with_constant = held_out_r2(moments(train, 7), moments(test), range(1, COLUMNS))
    test[:, -1] = np.arange(600)
    assert held_out_r2(moments(train, 7), moments(test), range(1, COLUMNS)) == pytest.approx(with_constant, rel=1e-12)


@pytest.mark.parametrize(("label", "r2"), [(5_000.0, 1.0), (6_000.0, 0.0)])
def test_r2_is_finite_where_all_test_labels_are_equal(label: float, r2: float) -> None:
    train, test = draw(50, seed=1), draw(20, seed=2)
    train[:, 0], test[:, 0] = 5_000.0, label
    assert held_out_r2(moments(train), moments(test), range(1, COLUMNS)) == r2


def test_no_column_predicts_the_mean() -> None:
    train, test = draw(400, seed=1), draw(60, seed=2)
    baseline = r2_score(test[:, 0], np.full(60, train[:, 0].mean()))
    assert held_out_r2(moments(train), moments(test), []) == pytest.approx(baseline)
