"""Gives the expressions of a definition their values."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from artefacts.definition.graph import Step
from artefacts.definition.references import (
    ExecutionReference,
    MalformedReferenceError,
    ParameterReference,
    StepReference,
    is_expression,
    parse,
)
from local_runner.errors import RefusedError, StepFailedError

# Lists in answers of the service that a reference indexes by name, and the member that holds the name.
_NAMES = ("OutputName", "MetricName")

_JSON_PATH = re.compile(r"\w+(\.\w+|\[\d+\])*")
_JSON_KEY = re.compile(r"(\w+)|\[(\d+)\]")


class PropertyFile(NamedTuple):
    """A JSON file of a step's output that others read figures from."""

    output: str
    path: str


def property_files(steps: Mapping[str, Step]) -> dict[tuple[str, str], PropertyFile]:
    """Return the property files of *steps*, by step and name."""
    return {
        (step.name, file["PropertyFileName"]): PropertyFile(file["OutputName"], file["FilePath"])
        for step in steps.values()
        for file in step.document.get("PropertyFiles", [])
    }


def _no_files(uri: str) -> str:
    raise StepFailedError(f"ClientError: there is no object {uri}")


@dataclass
class Scope:
    """What references stand for in one execution."""

    parameters: Mapping[str, Any]
    variables: Mapping[str, str]
    """Execution variables."""
    descriptions: dict[str, Any] = field(default_factory=dict)
    """Step name -> what the service would answer when asked to describe what the step made."""
    property_files: Mapping[tuple[str, str], PropertyFile] = field(default_factory=dict)
    """By step and name."""
    read: Callable[[str], str] = _no_files
    """Returns the text of an S3 object."""

    def lookup(self, text: str) -> Any:
        """Return the value of the reference *text*; the steps it names have ended."""
        match parse(text):
            case ParameterReference(name):
                return self.parameters[name]
            case ExecutionReference(variable):
                return self.variables[variable]
            case StepReference(step, path):
                return _follow(self.descriptions[step], path, f"what step {step} made has no {text}")

    def json_get(self, text: str, path: str) -> Any:
        """Return the value at *path* of the property file that the reference *text* names."""
        reference = parse(text)
        assert isinstance(reference, StepReference)  # noqa: S101  the checker has seen to it
        file = self.property_files[reference.step, str(reference.path[1])]
        folder = self.lookup(f"Steps.{reference.step}.ProcessingOutputConfig.Outputs['{file.output}'].S3Output.S3Uri")
        keys = [int(index) if index else key for key, index in _JSON_KEY.findall(path)]
        return _follow(json.loads(self.read(f"{folder}/{file.path}")), keys, f"{file.path} has no {path}")


def resolve(node: Any, scope: Scope) -> Any:
    """Return *node* with every expression in it replaced by its value in *scope*."""
    match node:
        case {"Get": str(reference)} if len(node) == 1:
            return scope.lookup(reference)
        case {"Std:Join": {"On": str(separator), "Values": list(values)}}:
            return separator.join(str(resolve(value, scope)) for value in values)
        case {"Std:JsonGet": {"PropertyFile": {"Get": str(reference)}, "Path": str(path)}}:
            return scope.json_get(reference, path)
        case dict():
            return {key: resolve(value, scope) for key, value in node.items()}
        case list():
            return [resolve(item, scope) for item in node]
        case _:
            return node


def check_supported(node: Any, position: str) -> None:
    """Raise `RefusedError` for the first expression in *node* that `resolve` does not know."""
    match node:
        case {"Get": str(reference)} if len(node) == 1:
            try:
                parse(reference)
            except MalformedReferenceError as error:
                raise RefusedError(f"{position}: {error}") from error
        case {"Std:JsonGet": {"Path": str(path)}} if not _JSON_PATH.fullmatch(path):
            raise RefusedError(f"{position}: cannot follow {path!r} here; write it as a.b[0].c")
        case dict():
            unknown = [key for key in node if key.startswith("Std:") and not is_expression(node)]
            if unknown:
                raise RefusedError(f"{position}: cannot evaluate {unknown[0]} here; use Get, Std:Join or Std:JsonGet")
            for key, value in node.items():
                check_supported(value, f"{position}.{key}")
        case list():
            for index, item in enumerate(node):
                check_supported(item, f"{position}[{index}]")


def _follow(value: Any, path: Iterable[str | int], complaint: str) -> Any:
    try:
        for token in path:
            value = _member(value, token)
    except (KeyError, IndexError, TypeError, StopIteration) as error:
        raise StepFailedError(f"ClientError: {complaint}") from error
    return value


def _member(value: Any, token: str | int) -> Any:
    if isinstance(value, list) and isinstance(token, str):
        return next(item for item in value if token in [item.get(name) for name in _NAMES])
    return value[token]
