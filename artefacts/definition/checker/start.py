"""Checks the parameters with which an EventBridge rule starts a pipeline against the pipeline's own."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from artefacts.definition.checker.arguments import check_arguments
from artefacts.definition.checker.check import DefinitionError
from artefacts.definition.checker.document import Definition
from artefacts.definition.checker.problem import Problem
from artefacts.definition.checker.service_model import faults, service
from artefacts.definition.values import read_value

# Every event has these. A value that is such a path is replaced as a whole by what the event has there.
_ENVELOPE = ("version", "id", "detail-type", "source", "account", "time", "region", "resources")


class StartError(DefinitionError):
    """A start that the pipeline would refuse, or that EventBridge would not deliver; one problem a line."""


def check_start(body: str, parameters: Mapping[str, str], *, rule: str, event_has_detail: bool) -> None:
    """Raise `StartError` with everything that is wrong in the *parameters* with which *rule* starts *body*.

    A scheduled event has no detail that a value could be taken from.
    """
    definition = Definition.of(json.loads(body))
    problems = [*_rule_problems(parameters, rule), *_missing(definition, parameters, rule)]
    for name, value in parameters.items():
        path = f"{rule}.{name}"
        if name not in definition.parameters:
            known = ", ".join(definition.parameters)
            problems.append(Problem(path, f"the pipeline has no such parameter: name one of {known}"))
        elif "$." in value:
            problems += [Problem(path, fault) for fault in _path_faults(value, event_has_detail)]
        else:
            problems += [Problem(path, fault) for fault in _value_faults(value, name, definition)]
    if problems:
        raise StartError("\n".join(map(str, problems)))


def _rule_problems(parameters: Mapping[str, str], rule: str) -> Iterator[Problem]:
    """Yield what EventBridge itself would refuse."""
    events = service("events")
    most = events.shape_for("SageMakerPipelineParameterList").metadata["max"]
    if len(parameters) > most:
        yield Problem(rule, f"{len(parameters)} parameters: pass at most {most}")
    for name, value in parameters.items():
        for fault in faults(name, events.shape_for("SageMakerPipelineParameterName")):
            yield Problem(f"{rule}.{name}", fault)
        for fault in faults(value, events.shape_for("SageMakerPipelineParameterValue")):
            yield Problem(f"{rule}.{name}", fault)


def _missing(definition: Definition, parameters: Mapping[str, str], rule: str) -> Iterator[Problem]:
    for name, parameter in definition.parameters.items():
        if "DefaultValue" not in parameter and name not in parameters:
            yield Problem(f"{rule}.{name}", "the parameter has no default: pass a value")


def _path_faults(value: str, event_has_detail: bool) -> Iterator[str]:
    begins, *_ = value.removeprefix("$.").split(".")
    if not value.startswith("$."):
        yield f"{value!r}: EventBridge replaces whole values only; begin with $."
    elif begins not in _ENVELOPE and not (event_has_detail and begins == "detail"):
        yield f"{value!r} is not in the event: name {', '.join(_ENVELOPE)}"


def _value_faults(value: str, name: str, definition: Definition) -> Iterator[str]:
    """EventBridge passes text; say whether it is a value of the parameter, and what the steps have against it."""
    parameter: Mapping[str, Any] = definition.parameters[name]
    try:
        typed = read_value(value, parameter["Type"])
    except ValueError:
        yield f"{value!r} is not of type {parameter['Type']}: write one that is"
        return
    if typed not in parameter.get("EnumValues", [typed]):
        yield f"{value!r} is not allowed: choose {', '.join(map(str, parameter['EnumValues']))}"
        return
    passed = {**definition.parameters, name: {**parameter, "DefaultValue": typed, "EnumValues": [typed]}}
    found = check_arguments(replace(definition, parameters=passed))
    said = f"Parameters.{name}: "
    yield from dict.fromkeys(problem.text.removeprefix(said) for problem in found if problem.text.startswith(said))
