"""MXNet's optimizers, each a step from the gradient of one mini-batch to the change of the weights."""

import math
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from local_runner.algorithms.linear_learner.hyperparameters import Hyperparameters

Array = npt.NDArray[np.floating[Any]]

EPSILON = np.float32(1e-8)
RMSPROP_DECAY = np.float32(0.9)


class Optimizer(Protocol):
    """Keeps what it needs of earlier gradients."""

    def step(self, gradient: Array, learning_rate: float) -> Array:
        """Return what to take off the weights."""
        ...


class Adam:
    """Running means of the gradient and its square, corrected for their start at 0."""

    def __init__(self, size: int, hyperparameters: Hyperparameters) -> None:
        self._beta_1, self._beta_2 = hyperparameters.beta_1, hyperparameters.beta_2
        self._mean = np.zeros(size, np.float32)
        self._square = np.zeros(size, np.float32)
        self._updates = 0

    def step(self, gradient: Array, learning_rate: float) -> Array:
        """Return what to take off the weights."""
        self._updates += 1
        self._mean *= np.float32(self._beta_1)
        self._mean += np.float32(1 - self._beta_1) * gradient
        self._square *= np.float32(self._beta_2)
        self._square += np.float32(1 - self._beta_2) * gradient * gradient
        rate = learning_rate * math.sqrt(1 - self._beta_2**self._updates) / (1 - self._beta_1**self._updates)
        return np.float32(rate) * self._mean / (np.sqrt(self._square) + EPSILON)


class Sgd:
    """The gradient itself, with momentum."""

    def __init__(self, size: int, hyperparameters: Hyperparameters) -> None:
        self._momentum = np.float32(hyperparameters.momentum)
        self._velocity = np.zeros(size, np.float32)

    def step(self, gradient: Array, learning_rate: float) -> Array:
        """Return what to take off the weights."""
        self._velocity *= self._momentum
        self._velocity += np.float32(learning_rate) * gradient
        return self._velocity


class RmsProp:
    """The gradient over the root of its running mean square."""

    def __init__(self, size: int, _: Hyperparameters) -> None:
        self._square = np.zeros(size, np.float32)

    def step(self, gradient: Array, learning_rate: float) -> Array:
        """Return what to take off the weights."""
        self._square *= RMSPROP_DECAY
        self._square += (1 - RMSPROP_DECAY) * gradient * gradient
        change: Array = np.float32(learning_rate) * gradient / np.sqrt(self._square + EPSILON)
        return change


OPTIMIZERS: Mapping[str, type[Adam] | type[Sgd] | type[RmsProp]] = {"adam": Adam, "sgd": Sgd, "rmsprop": RmsProp}
