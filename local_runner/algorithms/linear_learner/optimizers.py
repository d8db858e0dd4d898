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
    """Keeps what it needs of earlier gradients.

    A small mini-batch takes less time than the calls that work on it: so there are few, each into an array that is
    there already and on arrays of one shape. `step` may change the gradient; what it returns is its own.
    """

    def step(self, gradient: Array, learning_rate: float) -> Array:
        """Return what to take off the weights."""
        ...


class Adam:
    """Running means of the gradient and its square, corrected for their start at 0."""

    def __init__(self, size: int, hyperparameters: Hyperparameters) -> None:
        self._beta_1, self._beta_2 = hyperparameters.beta_1, hyperparameters.beta_2
        betas = np.array([self._beta_1, self._beta_2])
        self._kept = betas.astype(np.float32).repeat(size)
        self._added_mean, self._added_square = (1 - betas).astype(np.float32).repeat(size).reshape(2, size)
        self._moments, self._new = np.zeros((2, 2 * size), np.float32)
        self._mean, self._square = self._moments.reshape(2, size)
        self._new_mean, self._new_square = self._new.reshape(2, size)
        self._root, self._change, self._rate = np.empty((3, size), np.float32)
        self._epsilon = np.full(size, EPSILON)
        self._updates = 0

    def step(self, gradient: Array, learning_rate: float) -> Array:
        """Return what to take off the weights."""
        self._updates += 1
        np.multiply(self._moments, self._kept, self._moments)
        np.multiply(self._added_mean, gradient, self._new_mean)
        np.multiply(self._added_square, gradient, self._new_square)
        np.multiply(self._new_square, gradient, self._new_square)
        np.add(self._moments, self._new, self._moments)
        np.sqrt(self._square, self._root)
        np.add(self._root, self._epsilon, self._root)
        rate = learning_rate * math.sqrt(1 - self._beta_2**self._updates) / (1 - self._beta_1**self._updates)
        self._rate.fill(rate)
        np.multiply(self._rate, self._mean, self._change)
        return np.divide(self._change, self._root, self._change)


class Sgd:
    """The gradient itself, with momentum."""

    def __init__(self, size: int, hyperparameters: Hyperparameters) -> None:
        self._momentum = np.full(size, hyperparameters.momentum, np.float32)
        self._velocity = np.zeros(size, np.float32)
        self._rate = np.empty(size, np.float32)

    def step(self, gradient: Array, learning_rate: float) -> Array:
        """Return what to take off the weights."""
        np.multiply(self._velocity, self._momentum, self._velocity)
        self._rate.fill(learning_rate)
        np.multiply(self._rate, gradient, gradient)
        return np.add(self._velocity, gradient, self._velocity)


class RmsProp:
    """The gradient over the root of its running mean square."""

    def __init__(self, size: int, _: Hyperparameters) -> None:
        self._kept = np.full(size, RMSPROP_DECAY)
        self._added = np.full(size, 1 - RMSPROP_DECAY)
        self._epsilon = np.full(size, EPSILON)
        self._square = np.zeros(size, np.float32)
        self._root, self._rate = np.empty((2, size), np.float32)

    def step(self, gradient: Array, learning_rate: float) -> Array:
        """Return what to take off the weights."""
        np.multiply(self._square, self._kept, self._square)
        np.multiply(self._added, gradient, self._root)
        np.multiply(self._root, gradient, self._root)
        np.add(self._square, self._root, self._square)
        np.add(self._square, self._epsilon, self._root)
        np.sqrt(self._root, self._root)
        self._rate.fill(learning_rate)
        np.multiply(self._rate, gradient, gradient)
        return np.divide(gradient, self._root, gradient)


OPTIMIZERS: Mapping[str, type[Adam] | type[Sgd] | type[RmsProp]] = {"adam": Adam, "sgd": Sgd, "rmsprop": RmsProp}
