"""EventBridge, as far as our rules use it: what a pattern matches, and what a template makes of an event.

Sources: EventBridge user guide, "Comparison operators for use in event patterns" and "Input transformation". What our
rules do not use raises instead of guessing.
"""

import re
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

_ABSENT = object()


class UnknownOperatorError(NotImplementedError):
    """Something in a pattern that is not done here."""


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Return whether *pattern* matches *event*: every field of it does."""
    return all(
        any(matches(each, event) for each in wanted) if field == "$or" else _field_matches(wanted, event, field)
        for field, wanted in pattern.items()
    )


def _field_matches(wanted: Any, event: Mapping[str, Any], field: str) -> bool:
    found = event.get(field, _ABSENT)
    match wanted:
        case dict():
            return isinstance(found, Mapping) and matches(wanted, found)
        case list():
            return any(_value_matches(each, found) for each in wanted)
        case _:
            raise UnknownOperatorError(f"{field}: {wanted!r} is neither a list of values nor an object")


def _value_matches(wanted: Any, found: Any) -> bool:
    if wanted == {"exists": False}:
        return found is _ABSENT
    if found is _ABSENT:
        return False
    if not isinstance(found, str):
        raise UnknownOperatorError(f"{found!r}: only strings are compared here")
    match wanted:
        case str():
            return found == wanted
        case {"wildcard": str(text), **others} if not others:
            return re.fullmatch(".*".join(map(re.escape, text.split("*"))), found, re.DOTALL) is not None
        case {"anything-but": {"wildcard": list(texts), **others}} if not others:
            return not any(_value_matches({"wildcard": each}, found) for each in texts)
        case {"anything-but": list(values), **others} if not others:
            return found not in values
        case {"anything-but": dict(operator), **others} if not others:
            return not _value_matches(operator, found)
        case _:
            raise UnknownOperatorError(f"{wanted!r} is not done here")


def render(transformer: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    """Return what is sent: each variable's value as it is; one whose path finds nothing does not appear."""
    paths = transformer["InputPathsMap"]
    return re.sub(r"<([^>]+)>", lambda name: _find(paths[name[1]], event), transformer["InputTemplate"])


def _find(path: str, event: Mapping[str, Any]) -> str:
    root, *fields = path.split(".")
    if root != "$":
        raise UnknownOperatorError(f"{path} is not done here")
    value: Any = event
    for field in fields:
        value = value.get(field, {})
    return value or ""
