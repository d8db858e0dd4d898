"""Checks what the data contract declares in [format], key by key."""

import codecs
import re
from collections.abc import Callable, Mapping
from typing import Any

from processing.records.columns import COLUMNS, NAMES
from processing.records.format import DATE_CODES, EXCEL, HEADER_MATCHES


def _encoding(value: Any) -> str:
    try:
        "a".encode(value)
        return codecs.lookup(value).name
    except (LookupError, TypeError) as error:
        raise ValueError('write an encoding of Python, such as "utf-8", "utf-16" or "windows-1252"') from error


def _delimiter(value: Any) -> str:
    if isinstance(value, str) and len(value) == 1 and value.isascii() and not value.isalnum() and value not in '"\r\n':
        return value
    raise ValueError('write one character, such as ";", or "\\t" for a tab')


def _header_row(value: Any) -> int:
    if type(value) is int and value >= 1:
        return value
    raise ValueError("write the row that the column names stand in, 1 or more")


def _decimal_mark(value: Any) -> str:
    if value in (".", ","):
        return str(value)
    raise ValueError('write "." or ","')


def _thousands_mark(value: Any) -> str:
    if value in ("", ".", ",", "'", " "):
        return str(value)
    raise ValueError("""write "", ",", ".", "'" or " ", which is for spaces of every width""")


def _drop(value: Any) -> tuple[str, ...]:
    signs = _texts(value)
    if all(sign == sign.strip() and not re.search(r"[\d.,-]|^[eE]$", sign) for sign in signs):
        return signs
    raise ValueError('write signs and units in brackets, such as ["$", "EUR"], without digits, marks and spaces around')


def _date_format(value: Any) -> str:
    if value == EXCEL:
        return EXCEL
    codes = re.findall("%-?.?", value) if isinstance(value, str) else []
    kinds = sorted(code[-1].lower().replace("b", "m") for code in codes if code[-1] in "YymbBd")
    if set(codes) <= DATE_CODES.keys() and kinds == ["d", "m", "y"]:
        return str(value)
    raise ValueError(
        f'write "{EXCEL}", or day, month and year once each, such as "%d/%m/%Y", of {" ".join(sorted(DATE_CODES))}'
    )


def _missing(value: Any) -> tuple[str, ...]:
    markers = _texts(value)
    if all(marker == marker.strip() for marker in markers):
        return markers
    raise ValueError('write texts in brackets, such as ["N/A", "-"], without spaces around them')


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(each, str) and each for each in value):
        return tuple(value)
    raise ValueError('write texts in brackets, such as ["N/A", "-"]')


def _header_match(value: Any) -> str:
    if value in HEADER_MATCHES:
        return str(value)
    raise ValueError(f"write {' or '.join(HEADER_MATCHES)}")


def _columns(value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value.values()):
        raise ValueError('write a table, [format.columns], with lines like salary = "Annual Salary"')
    unknown = sorted(value.keys() - set(NAMES))
    if unknown:
        raise ValueError(f"{unknown[0]} is none of {', '.join(NAMES)}: write our name first, then that of the header")
    absent = [column.source for column in COLUMNS if value.get(column.source) == ""]
    needed = [column.source for column in COLUMNS if not column.may_be_absent]
    if set(absent) & set(needed):
        raise ValueError(
            f"only {', '.join(name for name in NAMES if name not in needed)} may be empty: give the others"
        )
    names = list(value.values())
    if any(name and names.count(name) > 1 for name in names):
        raise ValueError("two columns have the same name: give each its own")
    return dict(value)


FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "encoding": _encoding,
    "delimiter": _delimiter,
    "header_row": _header_row,
    "decimal_mark": _decimal_mark,
    "thousands_mark": _thousands_mark,
    "drop": _drop,
    "date_format": _date_format,
    "missing": _missing,
    "header_match": _header_match,
    "columns": _columns,
}
"""By the key of [format]; each returns a field of `Format` of what TOML has, or raises `ValueError` with the remedy."""
