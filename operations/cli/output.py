"""What a command writes: its result to standard output, and all else to standard error."""

import io
import json
import sys
from collections.abc import Sequence
from typing import Any


def print_json(document: Any) -> None:
    """Print *document*, the one result of a command; times and paths are text."""
    text = json.dumps(document, indent=2, ensure_ascii=False, default=str)
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:  # the locale has no such characters
        text = json.dumps(document, indent=2, default=str)
    print(text)


def show_what_the_locale_lacks() -> None:
    """Have characters that standard output cannot show written as their numbers, in place of failing."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def note(line: str) -> None:
    """Say something that is not the result."""
    print(line, file=sys.stderr)


def format_table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a line for each of *rows*, the cells of a column below each other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
