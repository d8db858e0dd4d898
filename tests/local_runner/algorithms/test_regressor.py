"""The regressor learns what least squares learns, and obeys its hyperparameters."""

import dataclasses

import numpy as np
import pytest

from local_runner.algorithms.linear_learner import CustomerError
from local_runner.algorithms.linear_learner.hyperparameters import Hyperparameters
from local_runner.algorithms.linear_learner.losses import LOSSES, SLOPES
from local_runner.algorithms.linear_learner.regressor import Data, Epoch, LinearRegressor

DEFAULTS = Hyperparameters(epochs=10, mini_batch_size=32, learning_rate=0.02)


def line(rows: int = 2_000, noise: float = 0.1, seed: int = 0) -> Data:
    """Return rows of y = 3 a - 200 b + 5000 with columns of very different scale."""
    generator = np.random.default_rng(seed)
    features = np.column_stack([generator.normal(1_000, 300, rows), generator.normal(2, 0.5, rows)])
    labels = 3 * features[:, 0] - 200 * features[:, 1] + 5_000 + noise * generator.normal(size=rows)
    return Data(np.column_stack([features, labels]).astype(np.float32))


def fit(data: Data, validation: Data | None = None, **changes: object) -> LinearRegressor:
    hyperparameters = dataclasses.replace(DEFAULTS, **changes)  # type: ignore[arg-type]  # names and types vary
    return LinearRegressor(hyperparameters, random_state=0).fit(data.copy(), validation)


def epochs_of(data: Data, validation: Data | None, **changes: object) -> list[Epoch]:
    epochs: list[Epoch] = []
    hyperparameters = dataclasses.replace(DEFAULTS, **changes)  # type: ignore[arg-type]  # names and types vary
    LinearRegressor(hyperparameters, random_state=0).fit(data, validation, epochs.append)
    return epochs


@pytest.mark.parametrize("optimizer", ["adam", "sgd", "rmsprop"])
def test_every_optimizer_finds_the_line_in_the_units_of_the_data(optimizer: str) -> None:
    rate = {"adam": 0.02, "sgd": 0.1, "rmsprop": 0.002}[optimizer]
    changes = {"lr_scheduler_factor": 0.93, "lr_scheduler_minimum_lr": 1e-3, "epochs": 20, "wd": 0.0}
    model = fit(line(), line(seed=1), optimizer=optimizer, learning_rate=rate, bias_lr_mult=1.0, **changes)
    assert model.coef_ == pytest.approx([3, -200], rel=0.01)
    assert model.intercept_ == pytest.approx(5_000, rel=0.01)


@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_every_loss_leads_to_the_line(loss: str) -> None:
    model = fit(line(), line(seed=1), loss=loss, lr_scheduler_factor=0.95, epochs=20)
    assert model.predict(line(seed=2).features) == pytest.approx(line(seed=2).labels, rel=0.05)


@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_slope_is_the_derivative_of_its_loss(loss: str) -> None:
    residuals = np.array([-2.3, -0.4, 0.3, 1.7], np.float32)
    step = np.float32(1e-3)
    rise = LOSSES[loss](residuals + step, DEFAULTS) - LOSSES[loss](residuals - step, DEFAULTS)
    factor = 2 if "squared" in loss else 1
    assert factor * SLOPES[loss](residuals, DEFAULTS) == pytest.approx(rise / (2 * step), abs=2e-3)


def test_quantile_loss_finds_a_quantile() -> None:
    data = line(noise=100)
    model = fit(data, line(noise=100, seed=1), loss="quantile_loss", quantile=0.9, lr_scheduler_factor=0.95, epochs=30)
    below = np.mean(data.labels < model.predict(data.features))
    assert below == pytest.approx(0.9, abs=0.03)


def test_same_data_gives_the_same_model() -> None:
    one, other = fit(line()), fit(line())
    assert one.coef_.tobytes() == other.coef_.tobytes()
    assert one.intercept_ == other.intercept_


def test_batch_larger_than_the_training_set_is_refused() -> None:
    with pytest.raises(CustomerError, match="mini_batch_size 32 is larger than the 31 rows of the train channel"):
        fit(line(rows=31))


def test_last_incomplete_batch_is_left_out() -> None:
    data = line(rows=40)
    spoilt = data.copy()
    spoilt.labels[32:] = 1e9
    assert fit(data, line(seed=1)).coef_.tobytes() == fit(spoilt, line(seed=1)).coef_.tobytes()


def test_epoch_that_does_best_on_the_validation_rows_is_kept() -> None:
    epochs = epochs_of(line(noise=50), line(noise=50, seed=1), learning_rate=0.3, use_lr_scheduler=False)
    model = fit(line(noise=50), line(noise=50, seed=1), learning_rate=0.3, use_lr_scheduler=False)
    best = min(epochs, key=lambda epoch: epoch.criterion)
    residuals = model.predict(line(noise=50, seed=1).features) - line(noise=50, seed=1).labels
    assert np.mean(residuals**2) == pytest.approx(best.criterion)
    assert best is not epochs[-1], "the test shows nothing when the last epoch is the best"
    assert [epoch for epoch in epochs if epoch.is_best][-1] is best


def test_last_epoch_before_training_diverges_is_kept() -> None:
    changes = {"optimizer": "sgd", "learning_rate": 0.25, "use_lr_scheduler": False, "epochs": 6}
    epochs = epochs_of(line(), line(seed=1), **changes)
    assert not np.isfinite(epochs[-1].criterion), "the test shows nothing when training does not diverge"
    assert np.isfinite(fit(line(), line(seed=1), **changes).coef_).all()


def test_training_stops_after_more_epochs_without_progress_than_the_patience() -> None:
    changes = {"epochs": 50, "early_stopping_patience": 2, "early_stopping_tolerance": 0.5}
    epochs = epochs_of(line(noise=50), line(noise=50, seed=1), **changes)
    assert len(epochs) < 50
    assert [epoch.epochs_without_progress for epoch in epochs[-4:]] == [0, 1, 2, 3]


def test_without_validation_rows_the_training_rows_decide() -> None:
    assert fit(line()).predict(line(seed=2).features) == pytest.approx(line(seed=2).labels, rel=0.02)


def test_weight_decay_and_l1_shrink_the_weights() -> None:
    free = np.abs(fit(line(), line(seed=1), wd=0.0).coef_)
    assert (np.abs(fit(line(), line(seed=1), wd=1.0).coef_) < 0.7 * free).all()
    assert (np.abs(fit(line(), line(seed=1), l1=0.2).coef_) < free).all()


def test_without_a_bias_a_row_of_zeros_predicts_zero() -> None:
    model = fit(line(), use_bias=False)
    assert model.predict(np.zeros((1, 2), np.float32)) == pytest.approx([0])


def test_constant_feature_does_no_harm() -> None:
    data = line()
    model = fit(Data(np.insert(data.rows, 2, 7, axis=1)), lr_scheduler_factor=0.93)
    assert np.isfinite(model.coef_).all()
    assert model.coef_[:2] == pytest.approx([3, -200], rel=0.05)


def test_initial_weights_can_be_normal() -> None:
    one, other = fit(line(), epochs=1), fit(line(), epochs=1, init_method="normal")
    assert one.coef_.tobytes() != other.coef_.tobytes()
