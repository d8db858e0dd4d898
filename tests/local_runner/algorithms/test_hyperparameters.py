"""Hyperparameters arrive as text; each is checked for its type and range, as the managed algorithm does."""

import dataclasses

import pytest

from local_runner.algorithms.linear_learner import CustomerError
from local_runner.algorithms.linear_learner.hyperparameters import Hyperparameters
from settings import STAGES

REQUIRED = {"predictor_type": "regressor", "num_models": "1"}


def test_defaults_are_the_documented_ones() -> None:
    defaults = Hyperparameters.from_strings(REQUIRED)
    assert (defaults.epochs, defaults.mini_batch_size) == (15, 1000)
    assert (defaults.early_stopping_patience, defaults.early_stopping_tolerance) == (3, 0.001)
    assert (defaults.num_point_for_scaler, defaults.init_scale, defaults.init_sigma) == (10_000, 0.07, 0.01)
    assert (defaults.beta_1, defaults.beta_2, defaults.bias_lr_mult, defaults.bias_wd_mult) == (0.9, 0.999, 10, 0)
    assert (defaults.loss, defaults.optimizer) == ("squared_loss", "adam")


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_settings_are_accepted_and_leave_nothing_to_auto(stage: object) -> None:
    training = stage.training  # type: ignore[attr-defined]  # a Stage, which this package must not import
    strings = {"mini_batch_size": str(training.mini_batch_size), **training.hyperparameters}
    assert Hyperparameters.from_strings(strings).mini_batch_size == 32
    assert Hyperparameters.from_strings(strings).epochs == 10
    assert "auto" not in strings.values()


@pytest.mark.parametrize(
    ("name", "refused", "accepted"),
    [
        ("epochs", ["0", "-1", "1.5", "auto", ""], ["1", "10000"]),
        ("mini_batch_size", ["0", "many"], ["1"]),
        ("feature_dim", ["0", "1.0"], ["auto", "18"]),
        ("num_models", ["auto", "32", "0"], ["1"]),
        ("predictor_type", ["binary_classifier", ""], ["regressor"]),
        ("optimizer", ["adagrad"], ["auto", "sgd", "adam", "rmsprop"]),
        ("loss", ["logistic", "hinge_loss"], ["auto", "huber_loss", "quantile_loss"]),
        ("learning_rate", ["0", "-0.1", "nan", "inf"], ["auto", "1e-5", "2"]),
        ("wd", ["-1"], ["auto", "0", "100"]),
        ("l1", ["-1e-9"], ["auto", "0"]),
        ("momentum", ["1", "-0.1"], ["auto", "0", "0.99"]),
        ("beta_1", ["1"], ["auto", "0"]),
        ("beta_2", ["1.0"], ["auto", "0.5"]),
        ("bias_lr_mult", ["0"], ["auto", "10"]),
        ("bias_wd_mult", ["-1"], ["auto", "0"]),
        ("use_bias", ["yes", "1"], ["true", "False"]),
        ("use_lr_scheduler", ["auto"], ["true", "false"]),
        ("lr_scheduler_step", ["0", "1.5"], ["auto", "1"]),
        ("lr_scheduler_factor", ["0", "1"], ["auto", "0.5"]),
        ("lr_scheduler_minimum_lr", ["0"], ["auto", "1e-9"]),
        ("normalize_data", ["auto"], ["true", "false"]),
        ("normalize_label", ["2"], ["auto", "true"]),
        ("unbias_data", ["2"], ["auto", "false"]),
        ("unbias_label", ["2"], ["auto", "false"]),
        ("num_point_for_scaler", ["0"], ["1"]),
        ("num_calibration_samples", ["0"], ["auto", "1"]),
        ("init_method", ["zeros"], ["uniform", "normal"]),
        ("init_scale", ["0"], ["0.07"]),
        ("init_sigma", ["-0.1"], ["0.01"]),
        ("init_bias", ["inf"], ["-3", "0"]),
        ("early_stopping_patience", ["0"], ["1"]),
        ("early_stopping_tolerance", ["0"], ["0.001"]),
        ("huber_delta", ["-1"], ["0", "1"]),
        ("quantile", ["0", "1"], ["0.9"]),
        ("loss_insensitivity", ["0"], ["0.01"]),
    ],
)
def test_every_hyperparameter_has_its_range(name: str, refused: list[str], accepted: list[str]) -> None:
    for text in accepted:
        Hyperparameters.from_strings({**REQUIRED, name: text})
    for text in refused:
        with pytest.raises(CustomerError, match=rf"hyperparameter {name} is '{text}': set "):
            Hyperparameters.from_strings({**REQUIRED, name: text})


def test_table_above_has_every_hyperparameter() -> None:
    mark = test_every_hyperparameter_has_its_range.pytestmark[0]  # type: ignore[attr-defined]  # set by the decorator
    assert {row[0] for row in mark.args[1]} == {each.name for each in dataclasses.fields(Hyperparameters)}


@pytest.mark.parametrize("name", ["learningrate", "num_classes", "target_recall", "sagemaker_program"])
def test_unknown_hyperparameter_is_refused(name: str) -> None:
    with pytest.raises(CustomerError, match=f"hyperparameter {name} is unknown to the regressor: remove it"):
        Hyperparameters.from_strings({**REQUIRED, name: "1"})


@pytest.mark.parametrize("name", REQUIRED)
def test_required_hyperparameter_is_asked_for(name: str) -> None:
    strings = {key: value for key, value in REQUIRED.items() if key != name}
    with pytest.raises(CustomerError, match=f"hyperparameter {name} is missing: set "):
        Hyperparameters.from_strings(strings)
