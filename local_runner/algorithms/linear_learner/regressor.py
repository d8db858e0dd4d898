"""A linear regressor trained as managed Linear Learner trains one model, in numpy.

What is rebuilt, and from what:
- scaling by the mean and population deviation of the first full mini-batches (job log);
- weight decay as part of the gradient, and a bias that learns `bias_lr_mult` times as fast (MXNet, artefacts);
- no reshuffling, and the last, incomplete mini-batch of an epoch left out (fits a job log's loss curve);
- the epoch with the least validation loss kept, its scaling folded into the weights (artefacts).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from local_runner.algorithms.linear_learner import CustomerError
from local_runner.algorithms.linear_learner.hyperparameters import Hyperparameters
from local_runner.algorithms.linear_learner.losses import LOSSES, SLOPES
from local_runner.algorithms.linear_learner.optimizers import OPTIMIZERS

Array = npt.NDArray[np.floating[Any]]

BLOCK_ROWS = 4_096


@dataclass(frozen=True)
class Data:
    """The rows of one channel."""

    rows: Array
    """In each its features, and last its label."""

    @property
    def features(self) -> Array:
        """Rows by features."""
        return self.rows[:, :-1]

    @property
    def labels(self) -> Array:
        """One per row."""
        return self.rows[:, -1]

    def first(self, rows: int) -> "Data":
        """Return the first *rows* rows."""
        return Data(self.rows[:rows])

    def copy(self) -> "Data":
        """Return rows that may be changed."""
        return Data(self.rows.copy())


@dataclass(frozen=True)
class Epoch:
    """What one pass over the training rows came to."""

    index: int
    train_loss: float
    """Mean loss while training, in units of the normalized label."""
    criterion: float
    """Mean loss on the validation rows, in units of the label."""
    is_best: bool
    epochs_without_progress: int


class LinearRegressor:
    """`fit` finds `coef_` (one weight per feature) and `intercept_`, both in the units of the data."""

    coef_: npt.NDArray[np.float64]
    intercept_: float

    def __init__(self, hyperparameters: Hyperparameters, *, random_state: int) -> None:
        self.hyperparameters = hyperparameters
        self.random_state = random_state

    @np.errstate(over="ignore", invalid="ignore")  # a loss that is no number is told as such
    def fit(self, train: Data, validation: Data | None, report: Callable[[Epoch], None] = lambda _: None) -> Self:
        """Train; the best epoch is chosen on *validation*, or without it on training rows.

        The rows of *train* are scaled where they are: there is no room for a second copy of large data.
        Raises `CustomerError` when *train* has fewer rows than a mini-batch, or when training diverges in every epoch.
        """
        h = self.hyperparameters
        batches = len(train.labels) // h.mini_batch_size
        if not batches:
            raise CustomerError(
                f"mini_batch_size {h.mini_batch_size} is larger than the {len(train.labels)} rows of the train channel:"
                " set a smaller one or give more rows"
            )
        judge = validation or train.first(h.num_calibration_samples).copy()
        scaler = _Scaler(train.first(batches * h.mini_batch_size), h)
        labels = scaler.scale(train)
        weights = self._initial_weights(train.features.shape[1])
        trainer = _Trainer(h, weights)
        best, waited, reference = np.inf, 0, np.inf
        self.coef_, self.intercept_ = np.full(train.features.shape[1], np.nan), np.nan
        for index in range(h.epochs):
            train_loss = trainer.run_epoch(train.rows, labels)
            coef, intercept = scaler.fold(weights)
            criterion = mean_loss(judge, coef, intercept, h)
            waited = 0 if criterion < reference * (1 - h.early_stopping_tolerance) else waited + 1
            reference = criterion if not waited else reference
            is_best = criterion < best
            if is_best:
                best, self.coef_, self.intercept_ = criterion, coef, intercept
            report(Epoch(index, train_loss, criterion, is_best, waited))
            if waited > h.early_stopping_patience:
                break
        if not np.isfinite(np.append(self.coef_, self.intercept_).astype(np.float32)).all():
            # What the managed algorithm does is not known: that it keeps the best epoch, or fails without one, and
            # these words are our guess.
            raise CustomerError(
                f"training diverges with optimizer {h.optimizer}, learning_rate {h.learning_rate:g} and wd {h.wd:g}:"
                " set a smaller learning_rate"
            )
        return self

    def predict(self, features: Array) -> npt.NDArray[np.float64]:
        """Return one prediction per row of *features*."""
        return features @ self.coef_ + self.intercept_

    def _initial_weights(self, features: int) -> Array:
        h = self.hyperparameters
        generator = np.random.default_rng(self.random_state)
        if h.init_method == "uniform":
            drawn = generator.uniform(-h.init_scale, h.init_scale, features)
        else:
            drawn = generator.normal(0, h.init_sigma, features)
        return np.append(drawn, h.init_bias if h.use_bias else 0).astype(np.float32)


def mean_loss(data: Data, coef: npt.NDArray[np.float64], intercept: float, hyperparameters: Hyperparameters) -> float:
    """Return the mean loss of a model on *data*, in the units of the label."""
    residuals = np.empty(len(data.labels))
    for rows, block in _blocks(data.features):
        found = residuals[rows]
        np.dot(block, coef, found)
        found += intercept
        found -= data.labels[rows]
    return float(np.mean(LOSSES[hyperparameters.loss](residuals, hyperparameters), dtype=np.float64))


def _blocks(values: Array) -> Iterator[tuple[slice, npt.NDArray[np.float64]]]:
    """Yield *values*, rows by columns, in blocks of twice the precision that stay in the processor's cache.

    Each is overwritten by the next.
    """
    wide = np.empty((min(BLOCK_ROWS, len(values)), values.shape[1]))
    for start in range(0, len(values), BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        block = wide[: len(values) - start]
        block[:] = values[rows]
        yield rows, block


class _Scaler:
    """Means and deviations of the training data, taken off before training and folded back in after."""

    def __init__(self, train: Data, h: Hyperparameters) -> None:
        sample = train.first(max(h.num_point_for_scaler // h.mini_batch_size, 1) * h.mini_batch_size)
        centred = h.use_bias and h.unbias_data
        self._x_mean = sample.features.mean(0, dtype=np.float64) * centred
        self._x_scale = _deviation(sample.features) if h.normalize_data else np.ones(train.features.shape[1])
        self._y_mean = float(sample.labels.mean(dtype=np.float64)) * (h.use_bias and h.unbias_label)
        self._y_scale = float(_deviation(sample.labels)) if h.normalize_label else 1.0

    def scale(self, data: Data) -> Array:
        """Scale the features of *data*, put a 1 that carries the bias in the place of labels; return these, scaled."""
        labels = ((data.labels - self._y_mean) / self._y_scale).astype(np.float32)
        for rows, block in _blocks(data.features):
            block -= self._x_mean
            block /= self._x_scale
            data.features[rows] = block
        data.labels[:] = 1
        return labels

    def fold(self, weights: Array) -> tuple[npt.NDArray[np.float64], float]:
        """Return weights and intercept for unscaled data."""
        coef = weights[:-1].astype(np.float64) * self._y_scale / self._x_scale
        return coef, float(self._y_mean + self._y_scale * float(weights[-1]) - coef @ self._x_mean)


def _deviation(values: Array) -> npt.NDArray[np.float64]:
    """Return the population standard deviation of each column; 1 where a column never changes."""
    deviation = values.std(0, dtype=np.float64)
    return np.where(deviation == 0, 1.0, deviation)


class _Trainer:
    """Updates *weights* in place, mini-batch by mini-batch. The last weight is the bias."""

    def __init__(self, h: Hyperparameters, weights: Array) -> None:
        self._h = h
        self._weights = weights
        self._optimizer = OPTIMIZERS[h.optimizer](len(weights), h)
        self._updates = 0
        self._learning_rate = h.learning_rate
        self._rate = np.ones_like(weights)
        self._rate[-1] = h.bias_lr_mult * h.use_bias
        self._decay = np.full_like(weights, h.wd)
        self._decay[-1] *= h.bias_wd_mult
        self._l1 = np.full_like(weights, h.l1)
        self._l1[-1] = 0
        self._size = np.full_like(weights, h.mini_batch_size)
        self._gradient, self._change = np.empty((2, len(weights)), weights.dtype)

    def run_epoch(self, features: Array, labels: Array) -> float:
        """Pass once over the full mini-batches of scaled rows; return the mean loss before each update."""
        size = self._h.mini_batch_size
        batches = len(labels) // size
        loss, slope = LOSSES[self._h.loss], SLOPES[self._h.loss]
        targets = labels[: batches * size].reshape(batches, size)
        residuals = np.empty_like(targets)
        for batch, target, residual in zip(
            features[: batches * size].reshape(batches, size, -1), targets, residuals, strict=True
        ):
            np.subtract(batch.dot(self._weights, residual), target, residual)
            self._update(slope(residual, self._h).dot(batch, self._gradient))
        return sum(map(float, loss(residuals, self._h).sum(1))) / (batches * size)

    def _update(self, gradient: Array) -> None:
        change = self._change
        if self._h.use_lr_scheduler and self._updates % self._h.lr_scheduler_step == 0:
            self._learning_rate = self._schedule()
        np.divide(gradient, self._size, gradient)
        np.add(gradient, np.multiply(self._decay, self._weights, change), gradient)
        if self._h.l1:
            np.add(gradient, np.multiply(self._l1, np.sign(self._weights, change), change), gradient)
        np.multiply(self._rate, self._optimizer.step(gradient, self._learning_rate), change)
        np.subtract(self._weights, change, self._weights)
        self._updates += 1

    def _schedule(self) -> float:
        h = self._h
        steps = self._updates // h.lr_scheduler_step
        return max(h.learning_rate * h.lr_scheduler_factor**steps, h.lr_scheduler_minimum_lr)
