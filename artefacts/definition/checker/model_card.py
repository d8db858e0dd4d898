"""The rule about model cards: a request has them as a text, which the service reads when everything else is done."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from artefacts.definition.checker.document import Definition, Schemas
from artefacts.definition.checker.problem import Problem
from artefacts.definition.model_card import (
    MAXIMUM_CHARACTERS,
    fill_content,
    find_content_faults,
    find_paths,
    parse_content,
)

_FILE, _CONTENT = "model_card.json", "model_card_content.json"


def check_model_card(definition: Definition) -> Iterator[Problem]:
    """Yield cards that are no JSON, or not as their schema says, or could become too long, whatever a step adds."""
    for step in definition.steps:
        if step.type == "RegisterModel" and "ModelCard" in step.arguments:
            content = step.arguments["ModelCard"].get("ModelCardContent", "{}")
            path = f"{step.name}.Arguments.ModelCard.ModelCardContent"
            faults = list(find_content_faults(fill_content(content, {}))) or _check(content, definition.schemas)
            yield from (Problem(path, fault) for fault in faults)


def _check(content: Any, schemas: Schemas) -> Iterator[str]:
    if not {_FILE, _CONTENT} <= schemas.keys():
        return
    paths = find_paths(content)
    own = len(fill_content(content, dict.fromkeys(paths, "")))
    added = sum(schemas[_FILE]["properties"].get(path, {}).get("maxLength", 0) for path in paths)
    if own + added > MAXIMUM_CHARACTERS:
        yield f"{own:,} characters, and up to {added:,} are added: write at most {MAXIMUM_CHARACTERS - added:,}"
    card = parse_content(fill_content(content, {}))
    for error in Draft202012Validator(schemas[_CONTENT]).iter_errors(card):
        if not _is_added(error, card):
            yield f"{error.json_path} {_describe(error)}"


def _is_added(error: ValidationError, card: Mapping[str, Any]) -> bool:
    """Return whether it is about what a step adds, for which there is a null here."""
    return bool(error.absolute_path) and card[str(error.absolute_path[0])] is None


def _describe(error: ValidationError) -> str:
    if error.validator == "maxLength":
        return f"has {len(str(error.instance)):,} characters: write at most {error.validator_value:,}"
    return f"is not as its schema says, {error.message}: correct it"
