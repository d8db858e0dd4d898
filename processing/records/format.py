"""How raw files are written, as the data contract declares it: encoding, layout, numbers, dates, missing values."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

import pyarrow as pa
import pyarrow.compute as pc

from processing.records.columns import Kind

EXCEL = "excel"
"""The date format of Excel's serial day numbers, as a cell has that was never formatted as a date."""

EXCEL_DAYS = (61, 2_958_465)
"""1 March 1900, before which Excel's calendar has a day too many, to 31 December 9999."""

_UNIX_EPOCH = 25_569
"""1 January 1970 as a serial day number."""

LOOSE = "loose"
HEADER_MATCHES = ("exact", LOOSE)

SAME_MARKS = {" ": " \u00a0\u2009\u202f", "'": "'\u2019"}
"""Marks that nobody can tell apart: one stands for all of them."""

INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_NOT_COUNTED = re.compile(r"[\s_-]+")

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL_MONTHS = "january february march april may june july august september october november december"

DATE_CODES: Mapping[str, str] = {
    "%Y": r"(?P<year>\d{4})",
    "%y": r"(?P<short_year>\d{2})",
    "%m": r"(?P<month>\d{1,2})",
    "%d": r"(?P<day>\d{1,2})",
    "%-m": r"(?P<month>\d{1,2})",
    "%-d": r"(?P<day>\d{1,2})",
    "%b": r"(?P<month_name>(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))",
    "%B": rf"(?P<month_name>(?i:{_FULL_MONTHS.replace(' ', '|')}))",
    # Times of day are read over.
    "%H": r"\d{1,2}",
    "%I": r"\d{1,2}",
    "%M": r"\d{1,2}",
    "%S": r"\d{1,2}",
    "%f": r"\d{1,9}",
    "%p": r"(?i:[ap]m)",
    "%z": r"(?:[+-]\d{2}:?\d{2}|Z)",
    "%%": "%",
}
"""Of C's strptime, each with what it reads; month names are English, and one digit is enough for a day or a month.

But for the default format, which is strict: `%Y-%-m-%-d` reads it without leading zeros.
"""


@dataclass(frozen=True, kw_only=True)
class Format:
    """A dialect; the default is the strict form, `Format(delimiter=";", decimal_mark=",")` an office's in Europe."""

    encoding: str = "utf-8"
    delimiter: str = ","
    header_row: int = 1
    """The row of the column names; what stands above it is passed over."""
    decimal_mark: str = "."
    thousands_mark: str = ""
    drop: tuple[str, ...] = ()
    """Signs and units that may stand before or behind a number."""
    date_format: str = "%Y-%m-%d"
    """`DATE_CODES` and what stands between them, or `EXCEL`."""
    missing: tuple[str, ...] = ()
    """Texts that mean a missing value, to the letter."""
    header_match: str = "exact"
    """Whether case, spaces, hyphens, underscores and invisible characters of column names count."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """The header's name of a column that it calls otherwise than we do; empty where it has none."""

    def __post_init__(self) -> None:
        """Raise `ValueError`, with the remedy, for two settings that contradict each other."""
        if self.decimal_mark == self.thousands_mark:
            raise ValueError(f"thousands_mark is {self.thousands_mark!r}, as decimal_mark is: write two different ones")

    @property
    def absent(self) -> tuple[str, ...]:
        """Our names of the columns that the header does not have."""
        return tuple(column for column, name in self.columns.items() if not name)

    def header_name(self, column: str) -> str:
        """Return what the header calls *column*, as declared; empty where it does not have it."""
        return self.columns.get(column, column)

    def header_key(self, name: str) -> str:
        """Return what of a column's name counts."""
        return loose_key(name) if self.header_match == LOOSE else name

    def blank_missing(self, trimmed: pa.StringArray) -> pa.StringArray:
        """Return texts without white space around them, empty where they are declared to mean a missing value."""
        if not self.missing:
            return trimmed
        return pc.if_else(pc.is_in(trimmed, value_set=pa.array(self.missing, pa.string())), "", trimmed)

    def plain(self, kind: Kind, trimmed: pa.StringArray) -> pa.StringArray:
        """Return texts of this format in the default one, which is `numbers` and `dates` of `validation` to read.

        Null where a text is not of this format; in the default format, the texts themselves. Missing values first go
        through `blank_missing`.
        """
        match kind:
            case Kind.NUMBER if self._number_pattern:
                return self._plain_numbers(trimmed)
            case Kind.DATE if self.date_format == EXCEL:
                return _from_excel(trimmed)
            case Kind.DATE if self.date_format != Format.date_format:
                return self._plain_dates(trimmed)
            case _:
                return trimmed

    @cached_property
    def _number_pattern(self) -> str:
        """What a number looks like; empty where it is as by default."""
        if (self.decimal_mark, self.thousands_mark, self.drop) == (".", "", ()):
            return ""
        space = f"[{SAME_MARKS[' ']}]*"
        signs = sorted(self.drop, key=len, reverse=True)
        dropped = f"(?:(?:{'|'.join(map(re.escape, signs))}){space})*" if signs else ""
        mark = f"[{re.escape(SAME_MARKS.get(self.thousands_mark, self.thousands_mark))}]"
        # In threes from the right or, as in India, in twos but for the last three.
        groups = (
            rf"\d{{1,3}}(?:{mark}\d{{3}})+|\d{{1,2}}(?:{mark}\d{{2}})+{mark}\d{{3}}|" if self.thousands_mark else ""
        )
        whole, fraction = rf"(?P<whole>{groups}\d*)", rf"(?:{re.escape(self.decimal_mark)}(?P<fraction>\d*))?"
        exponent = r"(?P<exponent>(?:[eE][+-]?\d+)?)"
        behind = dropped and f"{space}{dropped}"
        return f"^(?P<sign>-?){dropped}(?P<inner_sign>-?){whole}{fraction}{exponent}{behind}$"

    def _plain_numbers(self, trimmed: pa.StringArray) -> pa.StringArray:
        parts = pc.extract_regex(trimmed, self._number_pattern)
        whole = pc.struct_field(parts, "whole")
        for mark in SAME_MARKS.get(self.thousands_mark, self.thousands_mark):
            whole = pc.replace_substring(whole, mark, "")
        sign, inner, fraction, exponent = (
            pc.struct_field(parts, name) for name in ("sign", "inner_sign", "fraction", "exponent")
        )
        return pc.binary_join_element_wise(sign, inner, whole, ".", fraction, exponent, "")

    @cached_property
    def _date_pattern(self) -> str:
        pieces = re.split("(%-?.)", self.date_format)
        return f"^{''.join(DATE_CODES.get(piece) or re.escape(piece) for piece in pieces)}$"

    def _plain_dates(self, trimmed: pa.StringArray) -> pa.StringArray:
        parts = pc.extract_regex(trimmed, self._date_pattern)
        names = {each.name for each in parts.type}
        part = partial(pc.struct_field, parts)
        year = part("year") if "year" in names else _full_year(part("short_year"))
        month = part("month") if "month" in names else _month_number(part("month_name"))
        day = part("day")
        return pc.binary_join_element_wise(year, pc.utf8_lpad(month, 2, "0"), pc.utf8_lpad(day, 2, "0"), "-")


DEFAULT = Format()


def toml_line(key: str, value: object) -> str:
    """Return the line of [format] that sets *key*, as in `delimiter = ";"`."""
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"


def to_declare(settings: Mapping[str, object]) -> str:
    """Return what to do for *settings* to be declared."""
    lines = " and ".join(toml_line(key, value) for key, value in settings.items())
    return f"write {lines} into [format] of the data contract"


def loose_key(name: str) -> str:
    """Return *name* without what people do not see in it or write now this way and now that."""
    return _NOT_COUNTED.sub("", INVISIBLE.sub("", name)).casefold()


def _full_year(two_digits: pa.StringArray) -> pa.StringArray:
    """Return years as C's strptime understands two digits: 69 and more are of the last century."""
    century = pc.if_else(pc.greater_equal(two_digits, "69"), "19", "20")
    return pc.binary_join_element_wise(century, two_digits, "")


def _month_number(names: pa.StringArray) -> pa.StringArray:
    months = pc.index_in(pc.utf8_slice_codeunits(pc.utf8_lower(names), 0, 3), pa.array(_MONTHS))
    return pc.add(months, 1).cast(pa.string())


def _from_excel(trimmed: pa.StringArray) -> pa.StringArray:
    """Return serial day numbers as dates; a time of day, which stands behind the point, is passed over."""
    serials = pc.struct_field(pc.extract_regex(trimmed, r"^(?P<day>\d{1,7})(?:\.\d*)?$"), "day").cast(pa.int32())
    first, last = EXCEL_DAYS
    known = pc.and_(pc.greater_equal(serials, first), pc.less_equal(serials, last))
    days = pc.subtract(pc.if_else(known, serials, pa.scalar(None, pa.int32())), pa.scalar(_UNIX_EPOCH, pa.int32()))
    return days.cast(pa.date32()).cast(pa.string())
