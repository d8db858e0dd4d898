"""The references of the language, such as `Steps.Train.ModelArtifacts.S3ModelArtifacts`, and how to find them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

EXECUTION_VARIABLES = frozenset(
    {
        "PipelineName",
        "PipelineArn",
        "PipelineExecutionId",
        "PipelineExecutionArn",
        "StartDateTime",
        "CurrentDateTime",
    }
)

EXPRESSIONS = frozenset({"Get", "Std:Join", "Std:JsonGet"})


@dataclass(frozen=True)
class ParameterReference:
    """`Parameters.NAME`."""

    name: str


@dataclass(frozen=True)
class ExecutionReference:
    """`Execution.VARIABLE`."""

    variable: str


@dataclass(frozen=True)
class StepReference:
    """`Steps.NAME.MEMBER...`: a property of what a step made."""

    step: str
    path: tuple[str | int, ...]
    """Members, keys and indexes, outermost first."""

    def __str__(self) -> str:
        return ".".join(["Steps", self.step, *map(str, self.path)])


Reference = ParameterReference | ExecutionReference | StepReference


class MalformedReferenceError(ValueError):
    """A text that is no reference."""


_MEMBER = re.compile(r"\.([A-Za-z0-9_\-]+)|\['([^']*)'\]|\[(\d+)\]")
_STEP = re.compile(r"Steps\.([A-Za-z0-9\-_]+)((?:\.[A-Za-z0-9_\-]+|\['[^']*'\]|\[\d+\])+)")


def parse(text: str) -> Reference:
    """Parse the text of a `Get`; raise `MalformedReferenceError` when it is none."""
    kind, _, name = text.partition(".")
    match = _STEP.fullmatch(text)
    if match:
        tokens = _MEMBER.findall(match[2])
        return StepReference(match[1], tuple(int(index) if index else member or key for member, key, index in tokens))
    if kind == "Parameters" and name:
        return ParameterReference(name)
    if kind == "Execution" and name in EXECUTION_VARIABLES:
        return ExecutionReference(name)
    raise MalformedReferenceError(
        f"{text!r} is no reference: use Parameters.NAME, Execution.VARIABLE or Steps.NAME.PROPERTY"
    )


def is_expression(node: Any) -> bool:
    """Return whether *node* stands for a value that is known only when the pipeline runs."""
    return isinstance(node, dict) and len(node) == 1 and next(iter(node)) in EXPRESSIONS


def find(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the text of every `Get` in *node* with its path.

    >>> list(find({"Arguments": {"RoleArn": {"Get": "Parameters.Role"}}}, "EmpBonusTraining"))
    [('EmpBonusTraining.Arguments.RoleArn', 'Parameters.Role')]
    """
    match node:
        case {"Get": str(text)} if len(node) == 1:
            yield path, text
        case dict():
            for key, value in node.items():
                yield from find(value, f"{path}.{key}")
        case list():
            for index, item in enumerate(node):
                yield from find(item, f"{path}[{index}]")
