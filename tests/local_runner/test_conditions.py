"""Conditions are decided as the language means them."""

from typing import Any

import pytest

from local_runner.errors import StepFailedError
from local_runner.interpreter.conditions import is_met


def compare(kind: str, left: Any, right: Any) -> dict[str, Any]:
    return {"Type": kind, "LeftValue": left, "RightValue": right}


YES, NO = compare("Equals", 1, 1), compare("Equals", 1, 2)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (compare("Equals", "a", "a"), True),
        (compare("Equals", 1, 1.0), True),
        (compare("GreaterThan", 2, 2), False),
        (compare("GreaterThanOrEqualTo", 2, 2), True),
        (compare("LessThan", 1.9, 2), True),
        (compare("LessThanOrEqualTo", 2.1, 2), False),
        ({"Type": "Not", "Expression": NO}, True),
        ({"Type": "Or", "Conditions": [NO, YES]}, True),
        ({"Type": "Or", "Conditions": [NO, NO]}, False),
        ({"Type": "In", "QueryValue": "b", "Values": ["a", "b"]}, True),
        ({"Type": "In", "QueryValue": "c", "Values": ["a", "b"]}, False),
        ({"Type": "Not", "Expression": {"Type": "Or", "Conditions": [NO, YES]}}, False),
    ],
)
def test_condition_is_decided(condition: dict[str, Any], expected: bool) -> None:
    assert is_met(condition) is expected


def test_values_that_cannot_be_compared_fail_the_step() -> None:
    with pytest.raises(StepFailedError, match="ClientError: cannot compare 'many' with 3 by LessThan"):
        is_met(compare("LessThan", "many", 3))


def test_malformed_condition_fails_the_step() -> None:
    with pytest.raises(StepFailedError, match="is no condition of the language"):
        is_met({"Type": "Xor"})
