"""Searches ranges of hyperparameters for the values with the least objective, reproducibly."""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Values = dict[str, str]
Point = npt.NDArray[np.float64]

STRATEGIES = ("Bayesian", "Random")
CANDIDATES = 2_000
"""Points among which the next is chosen."""

OPTIMISM = 1.0
"""Standard deviations below its mean at which an objective is hoped for."""


@dataclass(frozen=True)
class _Range:
    name: str
    minimum: float
    maximum: float
    scaling: str
    is_whole: bool

    def value(self, share: float) -> str:
        """Return the value that lies at *share* of the range, from 0 to 1, as the API writes it."""
        low, high = self.minimum, self.maximum
        match self.scaling:
            case "Logarithmic":
                found = math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
            case "ReverseLogarithmic":
                found = 1 - math.exp(math.log(1 - low) + share * (math.log(1 - high) - math.log(1 - low)))
            case _:
                found = low + share * (high - low)
        found = min(max(found, low), high)
        return str(round(found)) if self.is_whole else repr(found)


class Search:
    """Proposes points and learns from their objectives; the same seed and objectives give the same proposals.

    Random draws points evenly. Bayesian does so for the first few, and then takes those whose optimistic estimate by a
    Gaussian process is the least; the service does the like in its own way.
    """

    def __init__(self, ranges: Mapping[str, Sequence[Mapping[str, str]]], *, strategy: str, random_state: int) -> None:
        self._ranges = [
            _Range(
                each["Name"],
                float(each["MinValue"]),
                float(each["MaxValue"]),
                each.get("ScalingType", "Auto"),
                kind == "IntegerParameterRanges",
            )
            for kind in ("ContinuousParameterRanges", "IntegerParameterRanges")
            for each in ranges.get(kind, [])
        ]
        self._is_bayesian = strategy == "Bayesian"
        self._random_state = random_state
        self._generator = np.random.default_rng(random_state)
        self._points: list[Point] = []
        self._objectives: list[float] = []

    def propose(self, count: int) -> list[Point]:
        """Return *count* points, each a share of every range."""
        if not self._is_bayesian or len(self._points) < 2 * len(self._ranges):
            return list(self._generator.random((count, len(self._ranges))))
        return self._promising(count)

    def values(self, point: Point) -> Values:
        """Return the hyperparameters that *point* stands for."""
        return {each.name: each.value(float(share)) for each, share in zip(self._ranges, point, strict=True)}

    def learn(self, point: Point, objective: float) -> None:
        """Take notice of the *objective* at *point*."""
        self._points.append(point)
        self._objectives.append(objective)

    def _promising(self, count: int) -> list[Point]:
        points, objectives = list(self._points), list(self._objectives)
        for _ in range(count):
            # Losses differ by orders of magnitude; arcsinh is a logarithm that takes negative objectives, too.
            model = _gaussian_process(np.array(points), np.arcsinh(objectives), self._random_state)
            candidates = self._generator.random((CANDIDATES, len(self._ranges)))
            mean, deviation = model.predict(candidates, return_std=True)
            best = int(np.argmin(mean - OPTIMISM * deviation))
            points.append(candidates[best])
            # Until its job has ended, what is expected stands for its objective, and the next point lies elsewhere.
            objectives.append(math.sinh(float(mean[best])))
        return points[-count:]


def _gaussian_process(points: npt.NDArray[np.float64], objectives: npt.NDArray[np.float64], random_state: int) -> Any:
    # Takes a second to import, and only a search needs it.
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import Matern

    kernel = Matern(length_scale=np.full(points.shape[1], 0.5), length_scale_bounds=(0.05, 20.0), nu=2.5)
    model = GaussianProcessRegressor(kernel, alpha=1e-4, normalize_y=True, random_state=random_state)
    with warnings.catch_warnings():
        # A hyperparameter that does not matter has no length scale; the fit says so, and is none the worse for it.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(points, objectives)
