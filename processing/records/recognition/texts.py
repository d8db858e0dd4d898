"""Recognises texts that mean a missing value, and texts that only look like a known one."""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from processing.records.format import INVISIBLE
from processing.records.recognition.words import Form

MARKERS_SHOWN = 5

_WORD_MARKS = re.compile("[\\s\0.,;:'\"`\u00b4\u2018\u2019\u201c-\u201e\u00ab\u00bb*_\u2010-\u2014-]+")

_AS_LATIN = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408"
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf",
    "ABEKMHOPCTYXSIJ" + "aeopcyxsij" + "ABEZHIKMNOPTYXo",
)
"""Cyrillic and Greek letters, as Latin ones that look the same."""

_MARKER_LIST = """
n/a na n.a. n.a #n/a #na <na> #n/v null (null) <null> nan -nan none (none) nil nat missing (missing) (blank) blank
empty (empty) - -- --- . .. ... ? ?? ??? * x xx xxx _ \u2013 \u2014 #null! #value! #ref! #div/0! #num! #name? \\n k.a.
s/o undefined unavailable tbd tba 0000-00-00 00/00/0000 unknown (unknown) undef void n.v. n/v n/d n.d. [null]
'' / // ~ ** \u2205 \u00f8 1.#qnan -1.#ind withheld redacted unbekannt inconnu desconocido sconosciuto onbekend
"""
MISSING_MARKERS = frozenset(
    [
        *(*_MARKER_LIST.split(), "not available", "not applicable", "not specified", "not known", "no data", "n / a"),
        *("not provided", "not disclosed", "no value", "#n/a n/a", "k. a.", "keine angabe", "sin datos"),
    ]
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
    """Return what people see of a text: neither case, accents, spaces and marks of its words, nor what is invisible."""
    return _words(_bare(_latin(_visible(_normal(_unescaped(text)))))).casefold()


def _difference(text: str, meant: str) -> str:
    kinds: Mapping[str, Callable[[str], str]] = {
        "capital letters": str.casefold,
        "white space": _one_space,
        "marks of its words": _words,
        "invisible characters": _visible,
        "the normal form of Unicode": _normal,
        "accents": _bare,
        "letters of another alphabet": _latin,
        "an HTML entity": lambda each: _one_space(_unescaped(each)),
    }
    same = (name for name, simplify in kinds.items() if simplify(text) == simplify(meant))
    return next(same, "several of capital letters, white space, marks, accents and invisible characters")


def _one_space(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _words(text: str) -> str:
    return _WORD_MARKS.sub(" ", text).strip()


def _visible(text: str) -> str:
    return INVISIBLE.sub("", text)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _bare(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


def _latin(text: str) -> str:
    return text.translate(_AS_LATIN)


def _unescaped(text: str) -> str:
    return html.unescape(text)
