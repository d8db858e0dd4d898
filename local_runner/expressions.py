"""Gives the expressions of a definition their values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local_runner.errors import RefusedError, StepFailedError
from pipeline_language.references import (
    ExecutionReference,
    MalformedReferenceError,
    ParameterReference,
    StepReference,
    parse,
)

# Lists in answers of the service that a reference indexes by name, and the member that holds the name.
_NAMES = ("OutputName", "MetricName")


@dataclass
class Scope:
    """What references stand for in one execution."""

    parameters: Mapping[str, Any]
    variables: Mapping[str, str]
    """Execution variables."""
    descriptions: dict[str, Any] = field(default_factory=dict)
    """Step name -> what the service would answer when asked to describe what the step made."""

    def lookup(self, text: str) -> Any:
        """Return the value of the reference *text*; the steps it names have ended."""
        match parse(text):
            case ParameterReference(name):
                return self.parameters[name]
            case ExecutionReference(variable):
                return self.variables[variable]
            case StepReference(step, path):
                value = self.descriptions[step]
                try:
                    for token in path:
                        value = _member(value, token)
                except (KeyError, IndexError, StopIteration) as error:
                    raise StepFailedError(f"ClientError: what step {step} made has no {text}") from error
                return value


def resolve(node: Any, scope: Scope) -> Any:
    """Return *node* with every expression in it replaced by its value in *scope*."""
    match node:
        case {"Get": str(reference)} if len(node) == 1:
            return scope.lookup(reference)
        case {"Std:Join": {"On": str(separator), "Values": list(values)}}:
            return separator.join(str(resolve(value, scope)) for value in values)
        case dict():
            return {key: resolve(value, scope) for key, value in node.items()}
        case list():
            return [resolve(item, scope) for item in node]
        case _:
            return node


def check_supported(node: Any, place: str) -> None:
    """Raise `RefusedError` for the first expression in *node* that `resolve` does not know."""
    match node:
        case {"Get": str(reference)} if len(node) == 1:
            try:
                parse(reference)
            except MalformedReferenceError as error:
                raise RefusedError(f"{place}: {error}") from error
        case dict():
            unknown = [key for key in node if key.startswith("Std:") and key != "Std:Join"]
            if unknown:
                raise RefusedError(f"{place}: cannot evaluate {unknown[0]} here; only Get and Std:Join can run locally")
            for key, value in node.items():
                check_supported(value, f"{place}.{key}")
        case list():
            for index, item in enumerate(node):
                check_supported(item, f"{place}[{index}]")


def _member(value: Any, token: str | int) -> Any:
    if isinstance(value, list) and isinstance(token, str):
        return next(item for item in value if token in [item.get(name) for name in _NAMES])
    return value[token]
