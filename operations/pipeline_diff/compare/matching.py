"""Finds what belongs together on two sides."""

from collections.abc import Mapping


def match_names(
    base: Mapping[str, frozenset[str]], head: Mapping[str, frozenset[str]], *, alone: bool = False
) -> list[tuple[str | None, str | None]]:
    """Pair the names of both sides: equal ones, then those that share at least half of what they hold.

    With *alone*, the only one of each side is paired with that of the other, whatever they hold.

    >>> match_names({"a": frozenset("12"), "b": frozenset("3")}, {"b": frozenset("3"), "c": frozenset("12")})
    [('b', 'b'), ('a', 'c')]
    """
    if alone and len(base) == len(head) == 1:
        return [(next(iter(base)), next(iter(head)))]
    pairs: list[tuple[str | None, str | None]] = [(name, name) for name in base if name in head]
    old = [name for name in base if name not in head]
    new = [name for name in head if name not in base]
    for name in old:
        found = max(new, key=lambda other: _share(base[name], head[other]), default=None)
        if found is not None and _share(base[name], head[found]) >= 0.5:
            new.remove(found)
            pairs.append((name, found))
        else:
            pairs.append((name, None))
    return pairs + [(None, name) for name in new]


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one | other), 1)
