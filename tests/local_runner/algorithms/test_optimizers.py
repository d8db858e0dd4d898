"""Optimizers that reuse their arrays take the steps of those that are written as they are defined, to the bit."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from local_runner.algorithms.linear_learner.hyperparameters import Hyperparameters
from local_runner.algorithms.linear_learner.optimizers import OPTIMIZERS

Array = npt.NDArray[np.floating[Any]]
Definition = Callable[[list[Array], list[float]], Iterator[Array]]

H = Hyperparameters(beta_1=0.8, beta_2=0.99, momentum=0.7)


def adam(gradients: list[Array], rates: list[float]) -> Iterator[Array]:
    mean: Array = np.zeros(7, np.float32)
    square: Array = np.zeros(7, np.float32)
    for updates, (gradient, rate) in enumerate(zip(gradients, rates, strict=True), start=1):
        mean = mean * np.float32(0.8) + np.float32(1 - 0.8) * gradient
        square = square * np.float32(0.99) + np.float32(1 - 0.99) * gradient * gradient
        corrected = rate * math.sqrt(1 - 0.99**updates) / (1 - 0.8**updates)
        yield np.float32(corrected) * mean / (np.sqrt(square) + np.float32(1e-8))


def sgd(gradients: list[Array], rates: list[float]) -> Iterator[Array]:
    velocity: Array = np.zeros(7, np.float32)
    for gradient, rate in zip(gradients, rates, strict=True):
        velocity = velocity * np.float32(0.7) + np.float32(rate) * gradient
        yield velocity


def rmsprop(gradients: list[Array], rates: list[float]) -> Iterator[Array]:
    square: Array = np.zeros(7, np.float32)
    for gradient, rate in zip(gradients, rates, strict=True):
        square = square * np.float32(0.9) + (1 - np.float32(0.9)) * gradient * gradient
        yield np.float32(rate) * gradient / np.sqrt(square + np.float32(1e-8))


@pytest.mark.parametrize(("name", "define"), [("adam", adam), ("sgd", sgd), ("rmsprop", rmsprop)])
def test_steps_are_those_of_the_definition(name: str, define: Definition) -> None:
    gradients = list(np.random.default_rng(0).normal(size=(50, 7)).astype(np.float32))
    rates = [0.1 * 0.9 ** (number // 10) for number in range(50)]
    optimizer = OPTIMIZERS[name](7, H)
    steps = [optimizer.step(each.copy(), rate).copy() for each, rate in zip(gradients, rates, strict=True)]
    assert np.array_equal(steps, list(define(gradients, rates)))
