"""The rule about what is read of property files: a path that a file might lack fails when its step has long run."""

from collections.abc import Iterator, Mapping
from typing import Any

from artefacts.definition.checker.document import Definition
from artefacts.definition.checker.problem import Problem
from artefacts.definition.references import MalformedReferenceError, StepReference, parse

_SCALARS = ("string", "number", "integer", "boolean")


def check_property_paths(definition: Definition) -> Iterator[Problem]:
    """Yield each path that the schema of its property file does not promise, and files that have no schema."""
    for step in definition.steps:
        for path, text, wanted in _find_json_gets(step.document, step.name):
            file = _find_file(definition, text)
            if not definition.schemas or file is None:  # a file that is not declared is another rule's to name
                continue
            if file not in definition.schemas:
                yield Problem(path, f"{file} has no schema: describe it beside {', '.join(definition.schemas)}")
            elif not _promises(definition.schemas[file], wanted):
                yield Problem(path, f"{file} need not have a figure {wanted}: read what its schema requires")


def _find_json_gets(node: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """Yield the path of every `Std:JsonGet` in *node*, its reference, and what it reads."""
    match node:
        case {"Std:JsonGet": {"PropertyFile": {"Get": str(text)}, "Path": str(wanted)}}:
            yield path, text, wanted
        case dict():
            for key, value in node.items():
                yield from _find_json_gets(value, f"{path}.{key}")
        case list():
            for index, item in enumerate(node):
                yield from _find_json_gets(item, f"{path}[{index}]")


def _find_file(definition: Definition, text: str) -> str | None:
    """Return the path of the property file that *text* refers to, in its output."""
    try:
        reference = parse(text)
    except MalformedReferenceError:
        return None
    match reference:
        case StepReference(name, ("PropertyFiles", wanted)) if step := definition.step(name):
            files = step.document.get("PropertyFiles", [])
            return next((file["FilePath"] for file in files if file["PropertyFileName"] == wanted), None)
    return None


def _promises(schema: Mapping[str, Any], wanted: str) -> bool:
    """Return whether every document of *schema* has a text, number or boolean at the path *wanted*."""
    node = schema
    for key in wanted.split("."):
        if key not in node.get("required", ()) or key not in node.get("properties", {}):
            return False
        node = node["properties"][key]
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].removeprefix("#/$defs/")]
    return node.get("type") in _SCALARS
