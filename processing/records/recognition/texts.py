"""Recognises texts that mean a missing value, and texts that only look like a known one."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from processing.records.format import INVISIBLE
from processing.records.recognition.words import Form

MARKERS_SHOWN = 5

_MARKER_LIST = """
n/a na n.a. n.a #n/a #na <na> #n/v null (null) <null> nan -nan none (none) nil nat missing (missing) (blank) blank
empty (empty) - -- --- . .. ... ? ?? ??? * x xx xxx _ \u2013 \u2014 #null! #value! #ref! #div/0! #num! #name? \\n k.a.
s/o undefined unavailable tbd tba 0000-00-00 00/00/0000
"""
MISSING_MARKERS = frozenset(
    [*_MARKER_LIST.split(), "not available", "not applicable", "not specified", "not known", "no data"]
)
"""In lower case."""


def is_missing_marker(text: str) -> bool:
    """Return whether *text*, in any case, is one that systems write where a value is missing."""
    return text.strip().lower() in MISSING_MARKERS


def recognize_marker(text: str) -> Form | None:
    """Return the form of *text* where it is a missing marker; it may be shown."""
    return Form(f"'{text}', an undeclared missing marker", {"missing": [text]}) if is_missing_marker(text) else None


def join_markers(forms: Sequence[Form]) -> Form:
    """Return several markers as one form."""
    markers = [marker for form in forms for marker in form.settings["missing"]]
    names = " or ".join(f"'{marker}'" for marker in markers[:MARKERS_SHOWN])
    return Form(
        f"{names}, {'undeclared missing markers' if markers[1:] else 'an undeclared missing marker'}",
        {"missing": markers},
    )


def recognize_look_alike(text: str, known: Mapping[str, str]) -> Form | None:
    """Return the form of *text* where people would take it for one of *known*, a value by its `look_alike_key`."""
    meant = known.get(look_alike_key(text))
    if meant is None:
        return None
    remedy = "write it so in the data, or add the other spelling to its values in the data contract"
    return Form(f"like '{meant}' but for {_difference(text, meant)}", remedy=remedy)


def look_alike_key(text: str) -> str:
    """Return what people see of a text: neither case, nor spaces, nor what is invisible."""
    return _one_space(_visible(_normal(text))).casefold()


def _difference(text: str, meant: str) -> str:
    kinds = {
        "capital letters": str.casefold,
        "white space": _one_space,
        "invisible characters": _visible,
        "the normal form of Unicode": _normal,
    }
    same = (name for name, simplify in kinds.items() if simplify(text) == simplify(meant))
    return next(same, "capital letters, white space and invisible characters")


def _one_space(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _visible(text: str) -> str:
    return INVISIBLE.sub("", text)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
