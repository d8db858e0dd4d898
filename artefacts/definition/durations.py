"""ISO 8601 durations, such as P30D, in which the step cache counts."""

import re
from datetime import timedelta

_DURATION = re.compile(
    r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.IGNORECASE
)
_UNITS = (
    timedelta(days=365),
    timedelta(days=30),
    timedelta(weeks=1),
    timedelta(days=1),
    timedelta(hours=1),
    timedelta(minutes=1),
    timedelta(seconds=1),
)


def read_duration(text: str) -> timedelta:
    """Return the length of a duration; raise `ValueError` for other text. Years and months are 365 and 30 days."""
    match = _DURATION.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not an ISO 8601 duration: write one, such as P30D")
    counts = zip(match.groups(default="0"), _UNITS, strict=True)
    return sum((int(count) * unit for count, unit in counts), timedelta())
