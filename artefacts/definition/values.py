"""The types of the language's parameters, and how their values are written as text."""

import re
from collections.abc import Callable, Mapping
from typing import Any

TYPES: Mapping[str, tuple[type, ...]] = {
    "String": (str,),
    "Integer": (int,),
    "Float": (int, float),
    "Boolean": (bool,),
}

_INTEGER = re.compile(r"-?[0-9]+")
_FLOAT = re.compile(r"-?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")


def is_a(value: Any, kind: str) -> bool:
    """Return whether *value* is of the type *kind*."""
    return isinstance(value, TYPES[kind]) and (kind == "Boolean" or not isinstance(value, bool))


def read_value(text: str, kind: str) -> Any:
    """Return the value of type *kind* that *text* stands for; raise `ValueError` when it stands for none."""
    return _READERS[kind](text)


def _read(pattern: re.Pattern[str], convert: Callable[[str], Any]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if not pattern.fullmatch(text):
            raise ValueError(text)
        return convert(text)

    return read


_READERS: Mapping[str, Callable[[str], Any]] = {
    "String": str,
    "Integer": _read(_INTEGER, int),
    "Float": _read(_FLOAT, float),
    "Boolean": _read(re.compile("true|false", re.IGNORECASE), lambda text: text.lower() == "true"),
}
