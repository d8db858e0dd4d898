"""The table of hyperparameters and that of the stand-in, which imports no settings, are of one algorithm."""

import dataclasses

import pytest

from local_runner.algorithms.linear_learner import CustomerError
from local_runner.algorithms.linear_learner.hyperparameters import Hyperparameters
from settings.checks.linear_learner import HYPERPARAMETERS

REQUIRED = {"predictor_type": "regressor", "num_models": "1"}
ELSEWHERE = {"mini_batch_size", "feature_dim"}
"""The pipeline sets these by itself."""
VALUES = (
    *("", "auto", "true", "False", "yes", "0", "1", "-1", "2", "10", "1.5", "0.5", "0.999", "-1e-9", "1e-7", "1e5"),
    *("nan", "inf", "regressor", "binary_classifier", "adam", "sgd", "adagrad", "uniform", "normal", "zeros"),
    *("squared_loss", "huber_loss", "quantile_loss", "hinge_loss", "mse"),
)


def is_taken(name: str, value: str) -> bool:
    try:
        Hyperparameters.from_strings({**REQUIRED, name: value})
    except CustomerError:
        return False
    return True


def test_tables_have_the_same_hyperparameters() -> None:
    assert {each.name for each in dataclasses.fields(Hyperparameters)} == HYPERPARAMETERS.keys() | ELSEWHERE


@pytest.mark.parametrize("name", HYPERPARAMETERS)
def test_tables_take_the_same_values(name: str) -> None:
    # The stand-in trains one model; the service trains as many as it is told.
    values = [value for value in VALUES if name != "num_models" or value not in ("auto", "2", "10")]
    assert {value: HYPERPARAMETERS[name].accepts(value) for value in values} == {
        value: is_taken(name, value) for value in values
    }
