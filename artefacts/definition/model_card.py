"""The model card that a definition registers: JSON text, joined of what it says itself and of what a step has found."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from artefacts.definition.graph import all_steps

MAXIMUM_CHARACTERS = 100_000
"""Source: ModelPackageModelCard in the API reference, ModelCardContent."""


def read_card(definition: Mapping[str, Any], found: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the card of *definition* with *found*, the content of its property file; None where it has none.

    Raises `ValueError` where together they are no JSON object.
    """
    for step in all_steps(definition["Steps"]):
        if step.type == "RegisterModel" and "ModelCard" in step.arguments:
            return parse_content(fill_content(step.arguments["ModelCard"].get("ModelCardContent", "{}"), found))
    return None


def fill_content(content: Any, found: Mapping[str, str]) -> str:
    """Return the text of *content* with what *found* has for each path that it reads, and null for all else."""
    match content:
        case str():
            return content
        case {"Std:Join": {"On": str(separator), "Values": list(values)}}:
            return separator.join(fill_content(value, found) for value in values)
        case {"Std:JsonGet": {"Path": str(path)}}:
            return found.get(path, "null")
        case _:
            return "null"


def find_paths(content: Any) -> list[str]:
    """Return what *content* reads of its property file."""
    match content:
        case {"Std:Join": {"Values": list(values)}}:
            return [path for value in values for path in find_paths(value)]
        case {"Std:JsonGet": {"Path": str(path)}}:
            return [path]
        case _:
            return []


def parse_content(text: str) -> dict[str, Any]:
    """Return the card that *text* holds; raise `ValueError` where it is no JSON object."""
    card = json.loads(text, parse_constant=_refuse)
    if not isinstance(card, dict):
        raise ValueError(f"but of type {type(card).__name__}")  # noqa: TRY004  the text is wrong, as where it is no JSON
    return card


def find_content_faults(text: str) -> Iterator[str]:
    """Yield what the service would have against *text*, a whole content."""
    if len(text) > MAXIMUM_CHARACTERS:
        yield f"{len(text):,} characters: give at most {MAXIMUM_CHARACTERS:,}"
    try:
        parse_content(text)
    except ValueError as error:
        yield f"it is no JSON object, {error}: write one"


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")
