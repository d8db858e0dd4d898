"""Parameters are typed, and refused as the service refuses them."""

from typing import Any

import pytest

from local_runner.errors import RefusedError
from local_runner.interpreter.parameters import parameter_values

DECLARED: list[dict[str, Any]] = [
    {"Name": "Data", "Type": "String"},
    {"Name": "Count", "Type": "Integer", "DefaultValue": 1},
    {"Name": "Rate", "Type": "Float", "DefaultValue": 0.5},
    {"Name": "Fast", "Type": "Boolean", "DefaultValue": False},
    {"Name": "Status", "Type": "String", "DefaultValue": "No", "EnumValues": ["No", "Yes"]},
]


def test_parameters_are_typed_and_the_others_have_their_defaults() -> None:
    given = {"Data": "x", "Count": "3", "Fast": "true", "Status": "Yes"}
    expected = {"Data": "x", "Count": 3, "Rate": 0.5, "Fast": True, "Status": "Yes"}
    assert parameter_values(DECLARED, given) == expected


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "parameter Data has no default: give it a value"),
        ({"Data": "x", "Cout": "3"}, "parameter Cout does not exist: did you mean Count?"),
        ({"Data": "x", "Count": "three"}, "parameter Count is 'three': give a value of type Integer"),
        ({"Data": "x", "Fast": "yes"}, "parameter Fast is 'yes': give a value of type Boolean"),
        ({"Data": "x", "Status": "Maybe"}, "parameter Status is 'Maybe': choose from No, Yes"),
    ],
)
def test_parameter_that_the_service_would_refuse_is_refused(given: dict[str, str], message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        parameter_values(DECLARED, given)
