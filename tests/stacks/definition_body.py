"""Reads the definition in a template, and folds it for golden files, which hold it in a file of its own."""

from typing import Any

from stacks.training.definition_body import join_lines
from tests import golden_files

Body = dict[str, Any]


def read(body: Body) -> tuple[str, dict[str, Any]]:
    """Return the definition, and the value of each placeholder, which is the same in all lines."""
    separator, lines = body["Fn::Join"]
    texts: list[str] = []
    values: dict[str, Any] = {}
    for line in lines:
        text, bound = line["Fn::Sub"] if isinstance(line, dict) else (line, {})
        texts.append(text)
        for name, value in bound.items():
            assert values.setdefault(f"${{{name}}}", value) == value, f"{name} has two values"
    return separator.join(texts), values


def fold(body: Body) -> Body:
    """Return *body* with each value once, for a golden file; nothing is lost if `join_lines` made *body*."""
    definition, values = read(body)
    assert body == join_lines(definition, values)
    return {"Fn::Join": ["\n", "see definition.json", values]}


def unfold(body: Body, stage: str) -> Body:
    """Return what `fold` was given."""
    definition = golden_files.read(f"{stage}/definition.json").removesuffix("\n")
    return join_lines(definition, body["Fn::Join"][2])
