"""Definitions in templates: the text, with a placeholder for each value that only a deployment knows."""

import json
import re
from collections.abc import Mapping
from typing import Any

VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")


def flatten(body: Any) -> tuple[str, dict[str, Any]]:
    """Return the text that CloudFormation's functions in *body* make, and the value of each placeholder in it.

    >>> flatten({"Fn::Join": ["", ["a ", {"Fn::Sub": ["${Role}", {"Role": {"Ref": "JobRole"}}]}]]})
    ('a ${Role}', {'Role': {'Ref': 'JobRole'}})
    """
    values: dict[str, Any] = {}
    return _flatten(body, values), values


def _flatten(node: Any, values: dict[str, Any]) -> str:
    match node:
        case str():
            return node
        case {"Fn::Join": [str(separator), list(items)]}:
            return separator.join(_flatten(item, values) for item in items)
        case {"Fn::Sub": [str(text), dict(bound)]}:
            return VARIABLE.sub(lambda match: _place(match[1], bound.get(match[1], _named(match[1])), values), text)
        case {"Fn::Sub": str(text)}:
            return VARIABLE.sub(lambda match: _place(match[1], _named(match[1]), values), text)
        case {"Ref": str(name)}:
            return _place(name, node, values)
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return _place(f"{name}.{attribute}", node, values)
        case {"Fn::ImportValue": str(name)}:
            return _place(name, node, values)
        case _:
            return _place(re.sub(r"[^\w.:-]+", " ", json.dumps(node)).strip(), node, values)


def _place(name: str, value: Any, values: dict[str, Any]) -> str:
    """Return the placeholder *name*, or another name where that stands for another value already."""
    free = name
    while values.setdefault(free, value) != value:
        free += "'"
    return f"${{{free}}}"


def _named(name: str) -> dict[str, Any]:
    """Return the function that `${name}` of an `Fn::Sub` is short for."""
    resource, _, attribute = name.partition(".")
    return {"Fn::GetAtt": [resource, attribute]} if attribute else {"Ref": name}


def bind(node: Any, values: Mapping[str, str]) -> Any:
    """Return *node* with its placeholders replaced where *values* has them."""
    match node:
        case str():
            return VARIABLE.sub(lambda match: values.get(match[1], match[0]), node)
        case dict():
            return {key: bind(value, values) for key, value in node.items()}
        case list():
            return [bind(item, values) for item in node]
        case _:
            return node


def find_placeholders(node: Any) -> set[str]:
    """Return the names of the placeholders in *node*."""
    return set(VARIABLE.findall(json.dumps(node)))
