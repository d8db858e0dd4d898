"""Checks the parameters with which an EventBridge rule starts a pipeline against the pipeline's own."""

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from artefacts.definition.checker.arguments import check_arguments
from artefacts.definition.checker.check import DefinitionError
from artefacts.definition.checker.document import Definition
from artefacts.definition.checker.problem import Problem
from artefacts.definition.checker.service_model import faults, service
from artefacts.definition.values import read_value

# What an event has: a value that is such a path is replaced as a whole by what the event has there, a text but for one.
# Sources: "EventBridge events", and "EventBridge event message structure" in the S3 user guide.
SCHEDULED_EVENT: Mapping[str, str] = {
    f"$.{name}": "String" for name in ("version", "id", "detail-type", "source", "account", "time", "region")
}
"""The paths into an event of a schedule, whose detail is empty, with the types of what is there."""
OBJECT_CREATED: Mapping[str, str] = {
    **SCHEDULED_EVENT,
    **{
        f"$.detail.{name}": "String"
        for name in (
            *("version", "bucket.name", "object.key", "object.etag", "object.version-id", "object.sequencer"),
            *("request-id", "requester", "source-ip-address", "reason"),
        )
    },
    "$.detail.object.size": "Integer",
}
"""Those into an event of a new object."""


class StartError(DefinitionError):
    """A start that the pipeline would refuse, or that EventBridge would not deliver; one problem a line."""


def check_start(body: str, parameters: Mapping[str, str], *, option: str, event: Mapping[str, str]) -> None:
    """Raise `StartError` with everything that is wrong in the *parameters* with which a rule starts *body*.

    They are called as the *option* that sets them; *event* has the paths that a value could be taken from.
    """
    definition = Definition.of(json.loads(body))
    problems = [*_rule_problems(parameters, option), *_missing(definition, parameters, option)]
    for name, value in parameters.items():
        if name not in definition.parameters:
            faults_ = [f"the pipeline has no such parameter: {_suggest(name, definition.parameters)}"]
        elif "$." in value:
            faults_ = list(_path_faults(value, definition.parameters[name], event))
        else:
            faults_ = list(_value_faults(value, name, definition))
        problems += [Problem(f"{option}.{name}", fault) for fault in faults_]
    if problems:
        raise StartError("\n".join(map(str, problems)))


def _rule_problems(parameters: Mapping[str, str], option: str) -> Iterator[Problem]:
    """Yield what EventBridge itself would refuse."""
    events = service("events")
    most = events.shape_for("SageMakerPipelineParameterList").metadata["max"]
    if len(parameters) > most:
        yield Problem(option, f"{len(parameters)} parameters: pass at most {most}")
    for name, value in parameters.items():
        for fault in faults(name, events.shape_for("SageMakerPipelineParameterName")):
            yield Problem(f"{option}.{name}", fault)
        for fault in faults(value, events.shape_for("SageMakerPipelineParameterValue")):
            yield Problem(f"{option}.{name}", fault)


def _missing(definition: Definition, parameters: Mapping[str, str], option: str) -> Iterator[Problem]:
    for name, parameter in definition.parameters.items():
        if "DefaultValue" not in parameter and name not in parameters:
            yield Problem(f"{option}.{name}", "the parameter has no default: pass a value, such as '$.time'")


def _path_faults(value: str, parameter: Mapping[str, Any], event: Mapping[str, str]) -> Iterator[str]:
    kind = parameter["Type"]
    if not value.startswith("$."):
        yield f"{value!r}: EventBridge replaces whole values only; begin with $."
    elif value not in event:
        yield f"{value!r} is not in the event: {_suggest(value, event, cutoff=0.8)}"
    elif event[value] != kind and kind != "String":
        yield f"{value!r} is a {event[value]} in the event, and the parameter is of type {kind}: write a value"
    elif str(parameter.get("DefaultValue", "")).startswith("s3://"):
        yield f"{value!r} is no S3 URI, which the parameter is: write one, or leave the parameter out"


def _suggest(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return the remedy for a *name* that is none of those *known*: the nearest, or all of them."""
    nearest = difflib.get_close_matches(name, known := list(known), n=1, cutoff=cutoff)
    return f"did you mean {nearest[0]}?" if nearest else f"name one of {', '.join(known)}"


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
