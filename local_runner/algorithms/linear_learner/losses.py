"""The regressor's losses: the loss of each residual (prediction minus label), and its slope."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from local_runner.algorithms.linear_learner.hyperparameters import Hyperparameters

Array = npt.NDArray[np.floating[Any]]
Loss = Callable[[Array, Hyperparameters], Array]


def _outside(residuals: Array, width: float) -> Array:
    """Shrink residuals towards 0 by *width*; those within it become 0."""
    return np.sign(residuals) * np.maximum(np.abs(residuals) - np.float32(width), np.float32(0))


def _huber(residuals: Array, delta: float) -> Array:
    size = np.abs(residuals)
    return np.where(size <= delta, 0.5 * residuals**2, delta * (size - 0.5 * delta)).astype(residuals.dtype)


def _quantile_slope(residuals: Array, quantile: float) -> Array:
    return np.where(residuals >= 0, 1 - quantile, -quantile).astype(residuals.dtype)


LOSSES: dict[str, Loss] = {
    "squared_loss": lambda r, _: r * r,
    "absolute_loss": lambda r, _: np.abs(r),
    "eps_insensitive_squared_loss": lambda r, h: _outside(r, h.loss_insensitivity) ** 2,
    "eps_insensitive_absolute_loss": lambda r, h: np.abs(_outside(r, h.loss_insensitivity)),
    "quantile_loss": lambda r, h: r * _quantile_slope(r, h.quantile),
    "huber_loss": lambda r, h: _huber(r, h.huber_delta),
}

# The slope of the squared losses is without the factor 2, as MXNet's regression output has it: it is part of the
# meaning of `learning_rate` and `wd`.
SLOPES: dict[str, Loss] = {
    "squared_loss": lambda r, _: r,
    "absolute_loss": lambda r, _: np.sign(r),
    "eps_insensitive_squared_loss": lambda r, h: _outside(r, h.loss_insensitivity),
    "eps_insensitive_absolute_loss": lambda r, h: np.sign(_outside(r, h.loss_insensitivity)),
    "quantile_loss": lambda r, h: _quantile_slope(r, h.quantile),
    "huber_loss": lambda r, h: np.clip(r, -h.huber_delta, h.huber_delta),
}

OBJECTIVE_NAMES = {name: "mse_objective" if name == "squared_loss" else f"{name}_objective" for name in LOSSES}
"""What a job's log calls each loss."""
