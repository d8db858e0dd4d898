"""How numbers, money and values are written in a difference."""

from collections.abc import Sequence
from itertools import takewhile

from operations.pipeline_diff.change import Cost

WIDTH = 140
"""Characters of a value that are shown; what two values have in common at both ends is cut first."""
_KEPT = 24


def join(words: Sequence[str], most: int = 6) -> str:
    """Return the words with commas; of more than *most*, how many are left out."""
    shown = ", ".join(words[:most])
    return f"{shown} and {len(words) - most:,} more" if len(words) > most else shown


def money(usd: float) -> str:
    """Return dollars with two decimals, or two digits where less than one dollar."""
    sign = "-" if usd < 0 else ""
    return f"{sign}${abs(usd):,.2f}" if abs(usd) >= 1 else f"{sign}${abs(usd):.2g}"


def cost_change(before: Cost | None, after: Cost | None) -> str:
    """Return what something costs now and cost before, or nothing where neither is known or nothing changes."""
    if before == after or (before is None and after is None):
        return ""
    if before is None or after is None:
        return f"costs {_price(after)} instead of {_price(before)}"
    change = f"costs {_price(after)} instead of {_price(before)}"
    if before.unknown or after.unknown:
        return change
    difference = after.usd - before.usd
    return f"{change} ({'+' if difference >= 0 else ''}{money(difference)})"


def on_one_line(text: str) -> str:
    """Return *text* as a line that shows what it has: no colours, no directions, no commands to a job's log."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in " ".join(text.split()))


def shorten(before: str | None, after: str | None) -> tuple[str | None, str | None]:
    """Return both values on one line each, without the beginning and end that long ones share."""
    one, other = (None if each is None else on_one_line(each) for each in (before, after))
    if one and other and max(len(one), len(other)) > WIDTH:
        start = max(0, _shared(one, other) - _KEPT)
        end = max(0, _shared(one[start:][::-1], other[start:][::-1]) - _KEPT)
        one, other = (_cut(each, start, end) for each in (one, other))
    return one and clip(one, WIDTH), other and clip(other, WIDTH)


def clip(text: str, most: int = 300) -> str:
    """Return at most *most* characters, with an ellipsis where something is cut."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _price(cost: Cost | None) -> str:
    if cost is None:
        return "nothing"
    return money(cost.usd) + (f" (plus {join(cost.unknown, 3)}, of unknown price)" if cost.unknown else "")


def _shared(one: str, other: str) -> int:
    """Return how many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _cut(text: str, start: int, end: int) -> str:
    return ("…" if start else "") + text[start : len(text) - end] + ("…" if end else "")
