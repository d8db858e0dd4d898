"""Reads the data contract: what raw data must be like before a model may be trained on it."""

import dataclasses
import datetime
import reprlib
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import resources
from typing import Any, NewType, TypeVar

from processing.contract.format_fields import FIELDS
from processing.job import JobError
from processing.records.columns import COLUMNS, IDENTIFIER, MAXIMUM_NUMBER, MAXIMUM_TEXT, NAMES, Kind, Rule, Rules
from processing.records.columns import Column as RawColumn
from processing.records.format import DEFAULT, Format

FILE_NAME = "data_contract.toml"

MAXIMUM_VALUES = 200
"""Known values of a category: the report counts each."""

Share = NewType("Share", float)
"""From 0 to 1."""

Deviations = NewType("Deviations", float)
"""In standard deviations of the baseline."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """What is asked of a column of any type."""

    type: str
    maximum_missing_share: Share
    maximum_invalid_share: Share

    @property
    def rule(self) -> Rule:
        """What makes a value invalid."""
        return Rule(fault=f"longer than {MAXIMUM_TEXT} characters")


@dataclass(frozen=True, kw_only=True)
class Identifier(Column):
    """A column that tells rows apart."""

    maximum_duplicate_share: Share


@dataclass(frozen=True, kw_only=True)
class Number(Column):
    """A column of numbers."""

    minimum: float
    maximum: float
    maximum_mean_shift: Deviations

    @property
    def rule(self) -> Rule:
        """What makes a value invalid."""
        fault = f"not a number from {self.minimum:,.10g} to {self.maximum:,.10g}"
        return Rule(fault=fault, bounds=(self.minimum, self.maximum))


@dataclass(frozen=True, kw_only=True)
class Category(Column):
    """A column that holds one of a few texts."""

    values: tuple[str, ...]
    maximum_unknown_share: Share
    maximum_share_shift: Share
    """As total variation distance from the baseline's shares."""

    @property
    def rule(self) -> Rule:
        """What makes a value invalid; one that is not known is not."""
        return dataclasses.replace(super().rule, known=self.values)


@dataclass(frozen=True, kw_only=True)
class Date(Column):
    """A column of days."""

    minimum: datetime.date
    maximum: datetime.date

    @property
    def rule(self) -> Rule:
        """What makes a value invalid."""
        return Rule(fault=f"not a date from {self.minimum} to {self.maximum}", bounds=(self.minimum, self.maximum))


@dataclass(frozen=True, kw_only=True)
class Profile(Column):
    """A column of profiles in JSON."""

    @property
    def rule(self) -> Rule:
        """What makes a value invalid."""
        return Rule(fault="not a JSON object whose address is text")


TYPES: Mapping[str, type[Column]] = {
    "identifier": Identifier,
    "number": Number,
    "category": Category,
    "date": Date,
    "profile": Profile,
}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is asked of the data as a whole."""

    minimum_rows: int
    maximum_malformed_share: Share
    maximum_row_loss_share: Share
    """Of the baseline's rows."""


@dataclass(frozen=True)
class Contract:
    """All that is asked of raw data."""

    limits: Limits
    columns: Mapping[str, Column]
    """By name, in the order of the raw data's columns."""
    format: Format = DEFAULT
    """How the raw files are written."""

    @property
    def rules(self) -> Rules:
        """What makes a value of each column invalid: the same for every job that reads raw data."""
        return {name: column.rule for name, column in self.columns.items()}

    def format_without(self, column: str) -> Format:
        """Return how files are written that need not have *column*, as rows to predict need no label."""
        return dataclasses.replace(self.format, columns={**self.format.columns, column: ""})


def read_text() -> str:
    """Return the text of the contract that lies beside this module, in a folder as in an archive."""
    return resources.files(__package__).joinpath(FILE_NAME).read_text(encoding="utf-8")


def read_contract() -> Contract:
    """Read the contract that lies beside this module."""
    return parse(read_text())


def parse(text: str) -> Contract:
    """Return the contract that *text*, in TOML, states; raise `JobError` for the first mistake in it."""
    try:
        document = tomllib.loads(text.removeprefix("\ufeff"))  # a byte order mark, as Windows editors write it
    except tomllib.TOMLDecodeError as error:
        raise JobError(f"{FILE_NAME} is not TOML: {error}: correct it there") from error
    columns = _table(document.pop("columns", {}), "columns")
    written = _format(document.pop("format", {}))
    limits = _read(Limits, document, "the top of the file")
    _check_names(set(columns), set(NAMES), "columns")
    return Contract(limits, {each.source: _column(each, columns[each.source]) for each in COLUMNS}, written)


def _format(value: object) -> Format:
    table = _table(value, "format")
    unknown = table.keys() - FIELDS.keys()
    if unknown:
        raise _unknown(unknown, FIELDS.keys(), "format")
    try:
        return Format(**{name: _field(FIELDS[name], table[name], f"format.{name}") for name in table})
    except ValueError as error:
        raise JobError(f"{FILE_NAME}: format.{error}") from error


def _column(raw: RawColumn, value: object) -> Column:
    path = f"columns.{raw.source}"
    table, wanted = _table(value, path), _type_of(raw)
    if table.get("type") != wanted:
        raise _mistake(f"{path}.type", table.get("type"), f'write "{wanted}"')
    column = _read(TYPES[wanted], table, path)
    if "minimum" in table and not table["minimum"] < table["maximum"]:
        raise _mistake(f"{path}.maximum", table["maximum"], "write more than the minimum")
    return column


def _type_of(raw: RawColumn) -> str:
    """Return the type of the column *raw*: whatever reads it reads it as that."""
    return "identifier" if raw.source == IDENTIFIER else _TYPES[raw.read]


_TYPES = {Kind.TEXT: "category", Kind.NUMBER: "number", Kind.DATE: "date", Kind.ADDRESS_LENGTH: "profile"}


def _table(value: object, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _mistake(path, value, f"write a table, [{path}]")
    return value


_Kind = TypeVar("_Kind", Limits, Column)


def _read(kind: type[_Kind], table: Mapping[str, object], path: str) -> _Kind:
    """Return *table* as a *kind*, which has a field for each of its keys and for no other."""
    fields = {field.name: field.type for field in dataclasses.fields(kind)}
    _check_names(set(table), set(fields), path)
    values: dict[str, Any] = {}
    for name, form in fields.items():
        prefix = f"{path}." if kind is not Limits else ""
        values[name] = _field(_READERS[form], table[name], f"{prefix}{name}")
    return kind(**values)


def _field(read: Callable[[Any], Any], value: object, path: str) -> Any:
    try:
        return read(value)
    except ValueError as error:
        raise _mistake(path, value, str(error)) from error


def _check_names(found: set[str], wanted: set[str], path: str) -> None:
    if found - wanted:
        raise _unknown(found - wanted, wanted, path)
    if wanted - found:
        raise JobError(f"{FILE_NAME}: {path} lacks {', '.join(sorted(wanted - found))}: add it")


def _unknown(found: Collection[str], known: Collection[str], path: str) -> JobError:
    names = ", ".join(sorted(found))
    return JobError(f"{FILE_NAME}: {path} has {names}: delete it, or write one of {', '.join(sorted(known))}")


def _mistake(path: str, found: object, remedy: str) -> JobError:
    return JobError(f"{FILE_NAME}: {path} is {_shown(found)}: {remedy}")


def _shown(value: object) -> str:
    """Return *value* about as the file has it, shortened."""
    return "missing" if value is None else str(value) if isinstance(value, datetime.date) else reprlib.repr(value)


def _count(value: Any) -> int:
    if type(value) is int and value >= 1:
        return value
    raise ValueError("write a whole number of at least 1")


def _number(minimum: float, maximum: float, remedy: str, value: Any) -> float:
    if type(value) in (int, float) and minimum <= value <= maximum:
        return float(value)
    raise ValueError(remedy)


def _date(value: Any) -> datetime.date:
    if type(value) is datetime.date:
        return value
    raise ValueError("write a date like 2020-12-31, without quotation marks")


def _values(value: Any) -> tuple[str, ...]:
    texts = isinstance(value, list) and all(isinstance(each, str) and each and each == each.strip() for each in value)
    if texts and 1 <= len(value) == len(set(value)) <= MAXIMUM_VALUES:
        return tuple(value)
    raise ValueError(f"write 1 to {MAXIMUM_VALUES} different texts in brackets, without spaces around them")


_READERS: Mapping[Any, Callable[[Any], object]] = {
    str: str,
    int: _count,
    float: partial(_number, -MAXIMUM_NUMBER, MAXIMUM_NUMBER, "write a number"),
    Share: partial(_number, 0, 1, "write a share from 0 to 1"),
    Deviations: partial(_number, 0, MAXIMUM_NUMBER, "write a number of standard deviations, at least 0"),
    datetime.date: _date,
    tuple[str, ...]: _values,
}
"""By the type of the field; each returns the value, or raises `ValueError` with the remedy."""
