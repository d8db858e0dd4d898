"""Decides the conditions of the language, once their values are known."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from local_runner.errors import StepFailedError

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "GreaterThan": operator.gt,
    "GreaterThanOrEqualTo": operator.ge,
    "LessThan": operator.lt,
    "LessThanOrEqualTo": operator.le,
}


def is_met(condition: Mapping[str, Any]) -> bool:
    """Return whether *condition*, in which every expression has its value, is met."""
    match condition:
        case {"Type": "Not", "Expression": dict(inner)}:
            return not is_met(inner)
        case {"Type": "Or", "Conditions": list(inner)}:
            return any(is_met(each) for each in inner)
        case {"Type": "In", "QueryValue": value, "Values": list(values)}:
            return value in values
        case {"Type": str(kind), "LeftValue": left, "RightValue": right}:
            return _compare(kind, left, right)
        case _:
            raise StepFailedError(f"ClientError: {condition} is no condition of the language")


def _compare(kind: str, left: Any, right: Any) -> bool:
    try:
        return _COMPARISONS[kind](left, right)
    except TypeError as error:
        raise StepFailedError(f"ClientError: cannot compare {left!r} with {right!r} by {kind}") from error
