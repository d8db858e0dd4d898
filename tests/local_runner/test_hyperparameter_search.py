"""A search stays in its ranges, can be repeated, and finds good values."""

import functools
import math
from typing import Any

import pytest

from local_runner.steps.hyperparameter_search import Search

RANGES: dict[str, Any] = {
    "ContinuousParameterRanges": [
        {"Name": "rate", "MinValue": "0.001", "MaxValue": "0.1", "ScalingType": "Logarithmic"},
        {"Name": "share", "MinValue": "-1", "MaxValue": "1", "ScalingType": "Linear"},
    ],
    "IntegerParameterRanges": [{"Name": "batch", "MinValue": "32", "MaxValue": "512", "ScalingType": "Logarithmic"}],
}


def run(strategy: str, *, seed: int = 1, rounds: int = 10, parallel: int = 2) -> list[tuple[dict[str, str], float]]:
    """Minimize a bowl whose least value, 1, is at rate 0.01 and share 0.5."""
    search = Search(RANGES, strategy=strategy, random_state=seed)
    found = []
    for _ in range(rounds):
        for point in search.propose(parallel):
            values = search.values(point)
            distance = math.log10(float(values["rate"]) / 0.01) ** 2 + (float(values["share"]) - 0.5) ** 2
            search.learn(point, 1 + distance)
            found.append((values, 1 + distance))
    return found


@functools.cache
def tried(strategy: str, seed: int = 1) -> list[tuple[dict[str, str], float]]:
    """Return what a search has tried, whichever test asked for it first."""
    return run(strategy, seed=seed)


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
def test_every_value_lies_in_its_range_and_is_whole_where_it_must_be(strategy: str) -> None:
    for values, _ in tried(strategy):
        assert 0.001 <= float(values["rate"]) <= 0.1
        assert -1 <= float(values["share"]) <= 1
        assert 32 <= int(values["batch"]) <= 512


@pytest.mark.slow
@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
def test_same_seed_tries_the_same_values_and_another_one_others(strategy: str) -> None:
    assert run(strategy) == tried(strategy)
    assert tried(strategy, seed=2) != tried(strategy)


def test_logarithmic_ranges_are_searched_evenly_in_orders_of_magnitude() -> None:
    rates = [float(values["rate"]) for values, _ in run("Random", rounds=100)]
    assert 0.4 < sum(rate < 0.01 for rate in rates) / len(rates) < 0.6


def test_reverse_logarithmic_ranges_are_searched_evenly_in_orders_of_magnitude_below_one() -> None:
    tried = {"Name": "share", "MinValue": "0", "MaxValue": "0.99", "ScalingType": "ReverseLogarithmic"}
    search = Search({"ContinuousParameterRanges": [tried]}, strategy="Random", random_state=1)
    shares = [float(search.values(point)["share"]) for point in search.propose(200)]
    assert 0 <= min(shares) <= max(shares) <= 0.99
    assert 0.4 < sum(share < 0.9 for share in shares) / len(shares) < 0.6


@pytest.mark.slow
def test_bayesian_search_comes_closer_than_a_random_one() -> None:
    def best(strategy: str) -> float:
        return sum(min(objective for _, objective in tried(strategy, seed=seed)) for seed in range(3))

    assert best("Bayesian") < min(best("Random"), 3 * 1.01)
