"""Checks that expressions are well formed, and finds the types of their values in the service's own model."""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from artefacts.definition.checker.document import Definition
from artefacts.definition.checker.problem import Problem
from artefacts.definition.checker.service_model import OPERATIONS, answer_shapes
from artefacts.definition.graph import Step
from artefacts.definition.references import (
    ExecutionReference,
    MalformedReferenceError,
    ParameterReference,
    StepReference,
    is_expression,
    parse,
)

_FORMS = {
    "Get": '{"Get": TEXT}',
    "Std:Join": '{"Std:Join": {"On": TEXT, "Values": LIST}}',
    "Std:JsonGet": '{"Std:JsonGet": {"PropertyFile": {"Get": TEXT}, "Path": TEXT}}',
}

_LANGUAGE_TYPES = {
    "string": "String",
    "timestamp": "String",
    "integer": "Integer",
    "long": "Integer",
    "float": "Float",
    "double": "Float",
    "boolean": "Boolean",
}
_SCALARS = {*_LANGUAGE_TYPES.values(), "Any", ""}


def check_expressions(definition: Definition) -> Iterator[Problem]:
    """Yield expressions that are not well formed, and joins of what is no text or number."""
    for step in definition.steps:
        yield from _check(definition, step.document, step.name)


def _check(definition: Definition, node: Any, path: str) -> Iterator[Problem]:
    match node:
        case {"Get": str()} if len(node) == 1:
            pass
        case {"Std:Join": {"On": str(), "Values": list(values), **more}} if len(node) == 1 and not more:
            for index, value in enumerate(values):
                if not _is_scalar(value, definition):
                    yield Problem(f"{path}.Std:Join.Values[{index}]", "not a text or a number: join one that is")
                yield from _check(definition, value, f"{path}.Std:Join.Values[{index}]")
        case {"Std:JsonGet": {"PropertyFile": {"Get": str()}, "Path": str(), **more}} if len(node) == 1 and not more:
            pass
        case dict() if is_expression(node):
            (name,) = node
            yield Problem(path, f"{name} is not well formed: write {_FORMS[name]}")
        case dict():
            for key, value in node.items():
                yield from _check(definition, value, f"{path}.{key}")
        case list():
            for index, value in enumerate(node):
                yield from _check(definition, value, f"{path}[{index}]")


def type_of(expression: Mapping[str, Any], definition: Definition) -> str:
    """Return the type of an expression's value, empty where a faulty reference hides it."""
    if "Std:Join" in expression:
        return "String"
    if "Std:JsonGet" in expression:
        return "Any"
    try:
        reference = parse(expression["Get"])
    except MalformedReferenceError:
        return ""
    match reference:
        case ParameterReference(name):
            return str(definition.parameters.get(name, {}).get("Type", ""))
        case ExecutionReference():
            return "String"
        case StepReference(name):
            return _type_of_property(definition.step(name), reference)


def _type_of_property(step: Step | None, reference: StepReference) -> str:
    if step and step.type == "Lambda":
        return lambda_outputs(step).get(reference.path, "")
    shape = property_shape(step, reference)
    return _LANGUAGE_TYPES.get(shape.type_name, shape.type_name) if shape else ""


def lambda_outputs(step: Step) -> dict[tuple[str | int, ...], str]:
    """Return the types of what a Lambda step answers, by the paths that references to it have."""
    outputs = step.document.get("OutputParameters", [])
    return {("OutputParameters", output["OutputName"]): output["OutputType"] for output in outputs}


def _is_scalar(value: Any, definition: Definition) -> bool:
    if is_expression(value):
        return type_of(value, definition) in _SCALARS
    return not isinstance(value, dict | list)


def beginning(join: Mapping[str, Any]) -> str:
    """Return the part of a join that is known: its text before the first expression."""
    body = join["Std:Join"]
    text = ""
    for index, value in enumerate(body.get("Values", [])):
        text += str(body.get("On", "")) if index else ""
        if is_expression(value):
            return text
        text += str(value)
    return text


def property_shape(step: Step | None, reference: StepReference) -> Shape | None:
    """Return the shape of the property of *step* that *reference* names, or None when it has no such property."""
    if step is None or step.type not in OPERATIONS:
        return None
    found = (_follow(shape, reference, step) for shape in answer_shapes(step.type))
    return next((shape for shape in found if shape), None)


def _follow(shape: Shape | None, reference: StepReference, step: Step) -> Shape | None:
    for token in reference.path:
        shape = _member(shape, token, step) if shape else None
    return shape


def _member(shape: Shape, token: str | int, step: Step) -> Shape | None:
    match shape:
        case StructureShape():
            return shape.members.get(str(token))
        case MapShape():
            return shape.value
        case ListShape():
            return shape.member if token in _items(shape, token, step) else None
        case _:
            return None


def _items(shape: Shape, token: str | int, step: Step) -> list[str | int]:
    """Return what can be named of a list: a job's outputs and metrics have names, other items are numbered."""
    match shape.name:
        case "ProcessingOutputs":
            outputs = step.arguments.get("ProcessingOutputConfig", {}).get("Outputs", [])
            return [output.get("OutputName", "") for output in outputs]
        case "FinalMetricDataList":
            return [token] if isinstance(token, str) else []
        case _:
            return [token] if isinstance(token, int) else []
