"""How numbers, times and names are written on the page."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from artefacts.documents import as_number

ABSENT = "\N{EN DASH}"
"""Stands where there is no value."""
MINUS = "\N{MINUS SIGN}"

_DECIMALS = ((1_000, 0), (100, 1), (1, 2), (0.001, 3))
"""From which size on a number is written with how many decimals: about four digits that say something."""
_SECONDS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_WORDS = {"standard_deviation": "std. dev.", "minimum": "min.", "maximum": "max."}

Write = Callable[[float | None], str]
"""A way to write numbers."""


def number(value: float | None) -> str:
    """Write *value*; a whole number in full, any other with about four digits."""
    if value is None:
        return ABSENT
    decimals = 0 if isinstance(value, int) or value == 0 else _decimals(value)
    return _grouped(value, decimals) if decimals is not None else f"{value:.2g}".replace("-", MINUS)


def shortened(value: float | None) -> str:
    """Write *value* as a mark of a scale: without decimals where it is whole."""
    return number(round(value) if value is not None and value == round(value) else value)


def alike(values: Iterable[float | None]) -> Write:
    """Return a way to write *values* below each other: all with the decimals that suit the largest."""
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    decimals = _decimals(largest)
    return number if decimals is None else lambda value: ABSENT if value is None else _grouped(value, decimals)


def signed(value: float | None, write: Write = number) -> str:
    """Write *value* with a plus before what is above zero, and not written as zero."""
    written = write(value)
    return f"+{written}" if value is not None and value > 0 and _is_nonzero(written) else written


def between(low: float | None, high: float | None, write: Write = number) -> str:
    """Write from where to where an interval goes."""
    return ABSENT if low is None or high is None else f"{write(low)} to {write(high)}"


def _decimals(value: float) -> int | None:
    """Return how many decimals suit *value*; None when it is too small for any."""
    return next((decimals for size, decimals in _DECIMALS if abs(value) >= size), None)


def _grouped(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}"
    # What rounds to zero has no sign.
    return text.replace("-", MINUS if _is_nonzero(text) else "")


def _is_nonzero(written: str) -> bool:
    return any(digit in written for digit in "123456789")


def share(value: float | None) -> str:
    """Write a share of one as a percentage; one that is small, and not nothing, does not look like nothing."""
    if value is None:
        return ABSENT
    text = f"{value:,.1%}" if value == 0 or abs(value) >= 0.0005 else f"{100 * value:.1g}%"
    return text.replace("-", MINUS).replace("%", "\N{NO-BREAK SPACE}%")


def anything(value: Any, write: Write = number) -> str:
    """Write a value whose type only the document knows; *write* is for fractions."""
    if value is None or value == "":
        return ABSENT
    figure = as_number(value)
    if figure is None:
        return str(value)
    return number(figure) if isinstance(figure, int) else write(figure)


def words(name: str) -> str:
    """Write the name of a field as words."""
    return _WORDS.get(name, name.replace("_", " "))


def counted(count: float | None, thing: str) -> str:
    """Write how many there are of a thing."""
    return f"{number(count)} {thing if count == 1 else thing + 's'}"


def date_and_time(time: datetime | None) -> str:
    """Write *time* to the minute, in UTC."""
    if time is None:
        return ABSENT
    there = time.astimezone(UTC)
    return f"{there.day} {there:%B %Y, %H:%M} UTC"


def day(time: datetime) -> str:
    """Write the day of *time*, in UTC, in short."""
    there = time.astimezone(UTC)
    return f"{there.day} {there:%b %Y}"


def duration(seconds: float | None) -> str:
    """Write *seconds* in the two largest units that matter."""
    if seconds is None:
        return ABSENT
    if seconds < 10:
        return f"{seconds:.1f} s" if seconds >= 0.05 else "0 s"
    rest = round(seconds)
    parts: list[str] = []
    for size, unit in _SECONDS:
        count, rest = divmod(rest, size)
        if count or parts:
            parts.append(f"{count} {unit}")
    return " ".join(part for part in parts[:2] if not part.startswith("0 "))


def sentence(text: str) -> str:
    """Write *text* as a sentence."""
    return f"{text[:1].upper()}{text[1:]}." if text else ""
