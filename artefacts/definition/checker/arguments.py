"""Checks every step's Arguments against the service's own model of the request that they become."""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from artefacts.definition.checker.combinations import combination_faults
from artefacts.definition.checker.document import Definition
from artefacts.definition.checker.expressions import beginning, type_of
from artefacts.definition.checker.problem import Problem
from artefacts.definition.checker.service_model import OPERATIONS, faults, request_shape
from artefacts.definition.references import is_expression

# Which types of expressions a shape takes. "Any" is a value in a JSON file, which is not known before it runs.
_ACCEPTED = {
    "string": {"String", "Any"},
    "integer": {"Integer", "Any"},
    "long": {"Integer", "Any"},
    "float": {"Float", "Integer", "Any"},
    "double": {"Float", "Integer", "Any"},
    "boolean": {"Boolean", "Any"},
}


def check_arguments(definition: Definition) -> Iterator[Problem]:
    """Yield what the service would refuse in the Arguments of each job and registration step."""
    for step in definition.steps:
        if step.type in OPERATIONS:
            yield from _Walk(definition, step.type).check_request(step.arguments, f"{step.name}.Arguments")


def check_request(step_type: str, arguments: Mapping[str, Any]) -> list[Problem]:
    """Return what the service would refuse in a request in which every expression has its value."""
    if step_type not in OPERATIONS:
        return []
    return list(_Walk(Definition({}, (), ()), step_type).check_request(arguments, "Arguments"))


class _Walk:
    """Follows the Arguments of one step along the shape of its request."""

    def __init__(self, definition: Definition, step_type: str) -> None:
        self._definition = definition
        self._step_type = step_type

    def check_request(self, arguments: Mapping[str, Any], path: str) -> Iterator[Problem]:
        yield from self._check(arguments, request_shape(self._step_type), path)
        for name in OPERATIONS[self._step_type].needed:
            if name not in arguments:
                yield Problem(path, f"{name} is missing: a {self._step_type} step needs it")

    def _check(self, value: Any, shape: Shape, path: str) -> Iterator[Problem]:
        if is_expression(value):
            yield from self._check_expression(value, shape, path)
            return
        match shape:
            case StructureShape():
                yield from self._check_structure(value, shape, path)
            case ListShape():
                yield from self._check_list(value, shape, path)
            case MapShape():
                yield from self._check_map(value, shape, path)
            case _:
                yield from (Problem(path, fault) for fault in faults(value, shape))

    def _check_structure(self, value: Any, shape: StructureShape, path: str) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield Problem(path, f"{value!r} is not a structure: write the members of {shape.name}")
            return
        for name in value:
            if name not in shape.members:
                yield Problem(f"{path}.{name}", f"{name} is not a member of {shape.name}: remove or rename it")
            else:
                yield from self._check(value[name], shape.members[name], f"{path}.{name}")
        for name in shape.required_members:
            if name not in value and name != OPERATIONS[self._step_type].job_name:
                yield Problem(path, f"{name} is missing: {shape.name} needs it")
        yield from (Problem(path, fault) for fault in combination_faults(shape.name, value))

    def _check_list(self, value: Any, shape: ListShape, path: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(path, f"{value!r} is not a list: write one")
            return
        yield from self._check_size(len(value), shape, path)
        for index, item in enumerate(value):
            yield from self._check(item, shape.member, f"{path}[{index}]")

    def _check_map(self, value: Any, shape: MapShape, path: str) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield Problem(path, f"{value!r} is not a map: write one")
            return
        yield from self._check_size(len(value), shape, path)
        for key, item in value.items():
            yield from (Problem(f"{path}.{key}", fault) for fault in faults(key, shape.key))
            yield from self._check(item, shape.value, f"{path}.{key}")

    def _check_size(self, size: int, shape: Shape, path: str) -> Iterator[Problem]:
        most, least = shape.metadata.get("max", size), shape.metadata.get("min", 0)
        if not least <= size <= most:
            yield Problem(path, f"{size} items: give {least} to {most}, as {shape.name} takes them")

    def _check_expression(self, value: dict[str, Any], shape: Shape, path: str) -> Iterator[Problem]:
        """Check that what *value* will become is of the shape's type; its references are checked elsewhere."""
        kind = type_of(value, self._definition)
        if kind and kind not in _ACCEPTED.get(shape.type_name, set()):
            yield Problem(path, f"found a {kind}, {shape.name} is of type {shape.type_name}: refer to one that is")
        elif "Get" in value:
            yield from self._check_parameter_values(value["Get"], shape, path)
        elif "Std:Join" in value and shape.name == "S3Uri" and not "s3://".startswith(beginning(value)[:5]):
            yield Problem(path, f"{beginning(value)!r} does not begin an S3 URI: begin with s3://")

    def _check_parameter_values(self, text: str, shape: Shape, path: str) -> Iterator[Problem]:
        """Check the values that are known of a parameter: its default and those that it allows."""
        parameter = self._definition.parameters.get(text.removeprefix("Parameters."), {})
        if not text.startswith("Parameters."):
            return
        known = [parameter["DefaultValue"]] if "DefaultValue" in parameter else []
        for value in dict.fromkeys([*known, *parameter.get("EnumValues", [])]):
            yield from (Problem(path, f"{text}: {fault}") for fault in faults(value, shape))
