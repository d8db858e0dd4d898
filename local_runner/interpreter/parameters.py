"""The parameters of one execution: those given, and the defaults of the others."""

import difflib
from collections.abc import Mapping
from typing import Any

from artefacts.definition.values import read_value
from local_runner.errors import RefusedError


def parameter_values(declared: list[dict[str, Any]], given: Mapping[str, str]) -> dict[str, Any]:
    """Return the value of each *declared* parameter; raise `RefusedError` as StartPipelineExecution would."""
    parameters = {parameter["Name"]: parameter for parameter in declared}
    for name in given:
        if name not in parameters:
            near = difflib.get_close_matches(name, parameters, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"choose from {', '.join(parameters)}"
            raise RefusedError(f"parameter {name} does not exist: {remedy}")
    missing = [name for name, each in parameters.items() if name not in given and "DefaultValue" not in each]
    if missing:
        raise RefusedError(f"parameter {missing[0]} has no default: give it a value")
    return {
        name: _read(parameter, given[name]) if name in given else parameter["DefaultValue"]
        for name, parameter in parameters.items()
    }


def _read(parameter: Mapping[str, Any], text: str) -> Any:
    name, kind = parameter["Name"], parameter["Type"]
    try:
        value = read_value(text, kind)
    except ValueError as error:
        raise RefusedError(f"parameter {name} is {text!r}: give a value of type {kind}") from error
    allowed = parameter.get("EnumValues", [value])
    if value not in allowed:
        raise RefusedError(f"parameter {name} is {text!r}: choose from {', '.join(map(str, allowed))}")
    return value
