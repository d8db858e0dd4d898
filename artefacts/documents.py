"""Takes values out of JSON documents that may lack them: what is not there, or of another type, is None or empty."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def value_at(document: Any, *path: str) -> Any:
    """Return what lies at *path* in *document*."""
    for name in path:
        document = document.get(name) if isinstance(document, Mapping) else None
    return document


def as_number(value: Any) -> float | None:
    """Return *value* if it is a finite number; an int stays one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:  # an int of more than 308 digits
        return None


def number_at(document: Any, *path: str) -> float | None:
    """Return the finite number at *path*."""
    return as_number(value_at(document, *path))


def estimate_at(document: Any, *path: str) -> tuple[float | None, float | None, float | None]:
    """Return the estimate at *path*: its value, and the low and the high end of its interval."""
    value, low, high = (number_at(document, *path, name) for name in ("value", "low", "high"))
    return value, low, high


def text_at(document: Any, *path: str) -> str:
    """Return the text at *path*."""
    value = value_at(document, *path)
    return value if isinstance(value, str) else ""


def mapping_at(document: Any, *path: str) -> Mapping[str, Any]:
    """Return the object at *path*."""
    value = value_at(document, *path)
    return value if isinstance(value, Mapping) else {}


def list_at(document: Any, *path: str) -> list[Any]:
    """Return the list at *path*."""
    value = value_at(document, *path)
    return value if isinstance(value, list) else []


def numbers_at(document: Any, *path: str) -> list[float]:
    """Return the list of finite numbers at *path*; one that holds anything else is empty."""
    numbers = [as_number(value) for value in list_at(document, *path)]
    found = [number for number in numbers if number is not None]
    return found if len(found) == len(numbers) else []


def time_at(document: Any, *path: str) -> datetime | None:
    """Return the time at *path*."""
    return read_instant(text_at(document, *path))


def read_instant(text: str) -> datetime | None:
    """Read a time in ISO 8601; one with no zone is in UTC."""
    try:
        time = datetime.fromisoformat(text)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):  # in UTC, the first hours of year 1 may lie before it
        return None
