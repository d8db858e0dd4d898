"""Patterns with `*` and `?`: texts that they match, and texts that two of them match."""

import functools

OTHER = "\N{SECTION SIGN}"
"""A character that no name has: what a `*` matches beside all that is named."""


def examples(pattern: str) -> tuple[str, ...]:
    """Return texts that *pattern* matches: any other pattern that matches them all matches whatever it does.

    >>> examples("models/*")
    ('models/§§', 'models/')
    """
    filled = pattern.replace("*", OTHER * 2).replace("?", OTHER)
    empty = pattern.replace("*", "").replace("?", OTHER)
    return tuple(dict.fromkeys((filled, empty)))


@functools.cache
def intersect(one: str, other: str) -> str | None:
    """Return a text that both patterns match, or None.

    >>> intersect("data/*/x", "data/raw*")
    'data/raw/x'
    """
    if not one or not other:
        return "" if not (one + other).strip("*") else None
    if "*" in (one[0], other[0]):
        return _through_star(one, other)
    if one[0] != other[0] and "?" not in (one[0], other[0]):
        return None
    rest = intersect(one[1:], other[1:])
    character = other[0] if one[0] == "?" else one[0]
    return None if rest is None else (OTHER if character == "?" else character) + rest


def _through_star(one: str, other: str) -> str | None:
    if one[0] == other[0]:
        rest = intersect(one[1:], other[1:])
        if rest is not None:
            return OTHER + rest
    star, against = (one, other) if one[0] == "*" else (other, one)
    skipped = intersect(star[1:], against)
    if skipped is not None:
        return skipped
    taken = intersect(star, against[1:])
    if taken is None:
        return None
    return taken if against[0] == "*" else (OTHER if against[0] == "?" else against[0]) + taken
