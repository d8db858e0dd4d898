"""Writes a data contract as TOML, with a comment on each line."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

MANY_DIGITS = 1e10
"""From here on a number is written with an exponent."""

Value = str | float | int | datetime.date | Sequence[str]


@dataclass(frozen=True)
class Line:
    """A key, what it is set to, and why."""

    key: str
    value: Value
    comment: str = ""


@dataclass(frozen=True)
class Choices:
    """A key whose value is a list of texts, each with what is to be said of it."""

    key: str
    values: Mapping[str, str]
    comment: str = ""


@dataclass(frozen=True)
class Table:
    """A table of TOML; that without a name is the top of the file."""

    name: str
    lines: Sequence[Line | Choices]
    comment: str = ""


def to_toml(head: Sequence[str], tables: Sequence[Table]) -> str:
    """Return the text of a file that begins with the comments *head*."""
    return "\n".join(["\n".join(_comments(head)), *("\n".join(_table(table)) for table in tables if table.lines)])


def _comments(lines: Sequence[str]) -> list[str]:
    return [_comment(line).strip() or "#" for line in lines] + [""]


def _table(table: Table) -> Iterator[str]:
    if table.name:
        yield f"[{table.name}]{_comment(table.comment)}"
    for line in table.lines:
        match line:
            case Choices():
                yield f"{line.key} = [{_comment(line.comment)}"
                yield from (f"    {_text(value)},{_comment(comment)}" for value, comment in line.values.items())
                yield "]"
            case Line():
                yield f"{line.key} = {_value(line.value)}{_comment(line.comment)}"
    yield ""


def _comment(text: str) -> str:
    shown = "".join(each if each.isprintable() else " " for each in text)
    return f" # {' '.join(shown.split())}" if text else ""


def _value(value: Value) -> str:
    match value:
        case str():
            return _text(value)
        case datetime.date():
            return value.isoformat()
        case int() | float():
            return f"{value:_.10g}" if abs(value) < MANY_DIGITS else f"{value:.10g}"
        case _:
            return f"[{', '.join(map(_text, value))}]"


def _text(text: str) -> str:
    """Return *text* in quotation marks; what cannot be seen is escaped."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    return "\\t" if character == "\t" else f"\\U{ord(character):08x}"
