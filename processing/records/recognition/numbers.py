"""Recognises numbers with signs, units and marks that are not declared."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from processing.records.columns import Kind
from processing.records.format import SAME_MARKS, Format
from processing.records.recognition.words import MAXIMUM_LENGTH, Form, join, recognize_characters

WRITTEN = "written with "
ALL_COLUMNS = "if all columns of numbers are so, else write this one as the others"

_SIGN_LIST = """
$ € £ ¥ ₹ ₽ ₩ ₺ ₪ ฿ ₫ ₴ ₦ ¢ US$ A$ C$ R$ zł kr kr. Kč Ft Fr. Fr CHF EUR USD GBP JPY INR AUD CAD NZD SEK NOK DKK PLN CZK
HUF BRL ZAR CNY SGD HKD MXN TRY RUB AED SAR THB IDR MYR PHP RON UAH COP CLP RM Rp S/
SFr. Euro euro euros Rs Rs. % years year yrs yr y y.o. Jahre ans años p.a. /year /yr + = " '
"""
_SIGNS = frozenset(_SIGN_LIST.split())
"""Signs and units that may be shown and declared: they tell nothing of a person."""

_THOUSANDS = ("Tsd.", "TEUR", "T\u20ac")
_NO_CENTS = Form("a dash in place of cents", remedy="write the number without it")

_UNDECLARABLE: Mapping[str, Form] = {
    "(": Form("parentheses (a negative number of accountants)", remedy="write a minus sign before it"),
    "-": Form("a minus sign behind it", remedy="write the minus sign before it"),
    **{f"{mark}{dashes}": _NO_CENTS for mark in ",." for dashes in ("-", "--", "\u2013", "\u2014")},
    "k": Form("'k' for thousands", remedy="write the number out"),
    "m": Form("'m' for millions", remedy="write the number out"),
    **{each.lower(): Form(f"'{each}' for thousands", remedy="write the number out") for each in _THOUSANDS},
    "lakh": Form("'lakh' for hundreds of thousands", remedy="write the number out"),
    "<": Form("'<' (a bound)", remedy="give the number itself"),
    ">": Form("'>' (a bound)", remedy="give the number itself"),
    "\u2212": Form("a minus sign of typography, U+2212", remedy="write a hyphen, -"),
    "\uff0d": Form("a minus sign of full width, U+FF0D", remedy="write a hyphen, -"),
}

_PIECES = sorted([*_SIGNS, *_UNDECLARABLE, *_THOUSANDS, *")KM"], key=len, reverse=True)

_MARKS: Mapping[str, str] = {",": "commas", ".": "points", "'": "apostrophes", " ": "spaces"}

_PAIRS = ((".", ""), (".", ","), (",", ""), (",", "."), (".", " "), (",", " "), (".", "'"), (",", "'"))
"""Marks of decimals and of thousands; the first that reads the most numbers is what is meant."""

_BODY = rf"\d[\d.,'\u2019{SAME_MARKS[' ']}]*\d|[.,]?\d+|\d+[.,]"
_NUMBER = re.compile(
    rf"(?P<before>\D*[^\W\d]\.|[^\d.,]*?)-?(?P<before_sign>[^\d.,-]*)(?P<body>{_BODY})"
    r"(?P<exponent>(?:[eE][+-]?\d+)?)(?P<behind>\D*)"
)
_NOTATIONS: Mapping[str, Form] = {
    r"\d+\s*(?:-|\u2013|\u2014|to|bis|a|à)\s*\d+": Form("a range of numbers", remedy="give one number"),
    r"[+-]?\d[xX][0-9a-fA-F]+": Form("written in hexadecimal", remedy="write decimal numbers"),
    r"[+-]?\d[oO]\d+": Form("written in octal", remedy="write decimal numbers"),
    r"[+-]?\d[bB]\d+": Form("written in binary", remedy="write decimal numbers"),
    r"[+-]?\d+(_+\d+)+(\.\d*)?": Form("written with an underscore in it", remedy="write the number without it"),
}
"""What is no single decimal number, by its pattern."""

_THREE_DECIMALS = re.compile(r"\d{1,3}\.\d{3}")


def recognize_number(text: str, declared: Format) -> Form | None:
    """Return what is about a number that is not as declared; None for what is no number.

    All digits of *text* may have been replaced by others.
    """
    if len(text) > MAXIMUM_LENGTH:
        return None
    if form := recognize_characters(text):
        return form
    if re.fullmatch(r"[+-]?inf(inity)?", text, re.IGNORECASE):
        return Form("infinity", remedy="leave the cell empty")
    if form := _recognize_notation(text):
        return form
    parts = _NUMBER.fullmatch(text)
    if not parts:
        return None
    body = parts["body"]
    marks = [Form(f"{name} in it") for mark, name in _MARKS.items() if _has_mark(body, mark, declared)]
    if not marks and declared.decimal_mark == "." and _THREE_DECIMALS.fullmatch(body):
        marks = [Form("three digits behind a point")]
    if not marks and declared.plain(Kind.NUMBER, pa.array([body])).null_count:
        marks = [Form("other marks for decimals or thousands")]
    return join([*_recognize_affixes(_affixes(parts), declared), *marks], WRITTEN)


def _recognize_notation(text: str) -> Form | None:
    return next((form for pattern, form in _NOTATIONS.items() if re.fullmatch(pattern, text)), None)


def resolve_numbers(texts: Sequence[str], declared: Format, bounds: tuple[float, float] | None) -> Form | None:
    """Return what most of *texts*, numbers that cannot be used, have in common, and how to declare it."""
    plain = (text for text in texts if not _recognize_notation(text) and not recognize_characters(text))
    numbers = [parts for text in plain if (parts := _NUMBER.fullmatch(text))]
    affixes = Counter(affix for parts in numbers for affix in dict.fromkeys(_affixes(parts)))
    forms = _recognize_affixes([affix for affix, _ in affixes.most_common()], declared)
    decimal, thousands = _find_marks([parts["body"] + parts["exponent"] for parts in numbers], declared, bounds)
    if decimal != declared.decimal_mark:
        name = f"a decimal {'comma' if decimal == ',' else 'point'}"
        forms.append(Form(name, {"decimal_mark": decimal}, condition=ALL_COLUMNS))
    if thousands != declared.thousands_mark:
        name = f"{_MARKS[thousands]} for thousands" if thousands else "no mark for thousands"
        forms.append(Form(name, {"thousands_mark": thousands}, condition=ALL_COLUMNS))
    if forms:
        return join(forms, WRITTEN)
    others = Counter(form for text in texts if (form := recognize_number(text, declared)))
    if not others:
        return None
    (form, _), *further = others.most_common()
    return replace(form, name=f"{form.name} and in other forms") if further else form


def _affixes(parts: re.Match[str]) -> list[str]:
    """Return the signs before and behind a number; what is none that is known comes in one piece."""
    found = []
    for affix in (parts["before"].strip(), parts["before_sign"].strip(), parts["behind"].strip()):
        rest = affix
        while rest:
            piece = next((each for each in _PIECES if _begins_with(rest, each)), rest)
            found.append(piece)
            rest = rest.removeprefix(piece).lstrip()
    return found


def _begins_with(text: str, piece: str) -> bool:
    """Return whether *text* begins with *piece*, and where that ends with a letter, not with a longer word."""
    return text.startswith(piece) and not (piece[-1].isalpha() and text[len(piece) : len(piece) + 1].isalpha())


def _recognize_affixes(affixes: Iterable[str], declared: Format) -> list[Form]:
    forms = []
    for affix in affixes:
        if affix.lower() in _UNDECLARABLE:
            forms.append(_UNDECLARABLE[affix.lower()])
        elif affix in _SIGNS and affix not in declared.drop:
            forms.append(Form("an apostrophe" if affix == "'" else f"'{affix}'", {"drop": [affix]}))
        elif affix != ")" and affix not in declared.drop:
            forms.append(Form("text beside it", remedy="write the unit into drop in [format]"))
    return forms


def _has_mark(body: str, mark: str, declared: Format) -> bool:
    """Return whether *body* has *mark* without its being declared; a single point is that of decimals, as a rule."""
    if mark in (declared.decimal_mark, declared.thousands_mark):
        return mark == "." != declared.thousands_mark and body.count(".") > 1
    return any(each in body for each in SAME_MARKS.get(mark, mark))


def _find_marks(bodies: Sequence[str], declared: Format, bounds: tuple[float, float] | None) -> tuple[str, str]:
    """Return the marks of decimals and of thousands with which the most of *bodies* are numbers within *bounds*.

    Where others read no more than those *declared*, they are what is meant.
    """
    low, high = bounds or (float("-inf"), float("inf"))

    def count(pair: tuple[str, str]) -> int:
        plain = Format(decimal_mark=pair[0], thousands_mark=pair[1]).plain(Kind.NUMBER, pa.array(bodies, pa.string()))
        read = plain.filter(pc.match_substring_regex(plain, r"^(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$")).cast(pa.float64())
        return pc.sum(pc.and_(pc.greater_equal(read, low), pc.less_equal(read, high))).as_py() or 0

    return max([(declared.decimal_mark, declared.thousands_mark), *_PAIRS], key=count)
