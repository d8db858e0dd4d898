"""The rule of the limits that a model must keep."""

from collections.abc import Iterator, Mapping
from typing import Any

from settings.checks.problem import Problem
from settings.checks.rules import entries, number, suggest
from settings.limits import LIMITS

_AT_MOST_ONE = ("regression_metrics.r2.value", "champion.improvement.value")
"""Figures that no model has more than 1 of."""
_AT_LEAST_ZERO = ("fairness.largest_difference.value",)
"""Figures that no model has less than 0 of."""


def check_limits(name: str, value: Any) -> Iterator[Problem]:
    """Yield defaults of limits that there are not, or that no model can keep."""
    if not isinstance(value, Mapping):
        yield from entries(number())(name, value)
        return
    limits = {limit.name: limit for limit in LIMITS}
    for each in value:
        if each not in limits:
            yield Problem(f"{name}.{each}", f"is no limit: {suggest(each, limits, LIMITS[0].name)}")
    for limit in LIMITS:
        if limit.name in value or limit.default is not None:
            most = 1 if limit.comparison == "at_least" and limit.figure in _AT_MOST_ONE else float("inf")
            least = 0 if limit.comparison == "at_most" and limit.figure in _AT_LEAST_ZERO else float("-inf")
            yield from number(least, most)(f"{name}.{limit.name}", value.get(limit.name, limit.default))
