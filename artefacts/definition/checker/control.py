"""Rules about steps that start no job: what a condition compares, what a message is, what a Lambda answers."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from artefacts.definition.checker.document import Definition
from artefacts.definition.checker.expressions import type_of
from artefacts.definition.checker.problem import Problem
from artefacts.definition.checker.service_model import faults, service
from artefacts.definition.graph import Step
from artefacts.definition.references import is_expression

_NUMBERS = {"Integer", "Float"}
_LITERALS = {str: "String", bool: "Boolean", int: "Integer", float: "Float"}


def check_conditions(definition: Definition) -> Iterator[Problem]:
    """Yield comparisons of values that can never be compared."""
    for step in definition.steps:
        for index, condition in enumerate(step.arguments.get("Conditions", [])):
            yield from _check_condition(definition, condition, f"{step.name}.Arguments.Conditions[{index}]")


def _check_condition(definition: Definition, condition: Mapping[str, Any], path: str) -> Iterator[Problem]:
    for index, inner in enumerate(condition.get("Conditions", [])):
        yield from _check_condition(definition, inner, f"{path}.Conditions[{index}]")
    if "Expression" in condition:
        yield from _check_condition(definition, condition["Expression"], f"{path}.Expression")
    if "LeftValue" not in condition:
        return
    left, right = (_type(condition[side], definition) for side in ("LeftValue", "RightValue"))
    known = {left, right} - {"Any", ""}
    if len(known) > 1 and not known <= _NUMBERS:
        yield Problem(path, f"{left} is compared with {right}: compare values of one type")
    elif condition["Type"] != "Equals" and not known <= _NUMBERS:
        yield Problem(path, f"{condition['Type']} of {left} and {right}: compare numbers, or use Equals")


def _type(value: Any, definition: Definition) -> str:
    return type_of(value, definition) if is_expression(value) else _LITERALS.get(type(value), "structure")


def check_messages(definition: Definition) -> Iterator[Problem]:
    """Yield messages of Fail steps that are no text."""
    for step in definition.steps:
        if step.type == "Fail" and _type(step.arguments["ErrorMessage"], definition) not in ("String", "Any", ""):
            yield Problem(f"{step.name}.Arguments.ErrorMessage", "not a text: write one, or join it with Std:Join")


def check_lambdas(definition: Definition) -> Iterator[Problem]:
    """Yield Lambda steps whose function, answers or members the service refuses."""
    for step in definition.steps:
        if step.type == "Lambda":
            yield from _check_lambda(step)
        else:
            for name in ("FunctionArn", "OutputParameters"):
                if name in step.document:
                    yield Problem(f"{step.name}.{name}", f"a {step.type} step calls no function: remove it")


def _check_lambda(step: Step) -> Iterator[Problem]:
    arn = service("lambda").shape_for("FunctionArn")
    yield from (Problem(f"{step.name}.FunctionArn", fault) for fault in faults(step.document["FunctionArn"], arn))
    names = [output["OutputName"] for output in step.document.get("OutputParameters", [])]
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(f"{step.name}.OutputParameters", f"{name} appears {count} times: keep one")
