"""What one option can be: rules, made of what they accept and of the remedy for anything else."""

import difflib
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from settings.checks.problem import Problem
from settings.checks.service_model import choices_of, limits_of

Rule = Callable[[str, Any], Iterator[Problem]]
"""Yields what is wrong with the option of this name and value."""


def accept(accepts: Callable[[Any], bool], remedy: str) -> Rule:
    """Return the rule that refuses what *accepts* does not."""

    def check(name: str, value: Any) -> Iterator[Problem]:
        if not accepts(value):
            yield Problem(name, f"is {value!r}: {remedy}")

    return check


def whole(least: int, most: int | None = None) -> Rule:
    """Return the rule of a whole number."""
    remedy = f"give a whole number {_between(least, most)}"
    return accept(lambda value: is_whole(value) and least <= value <= (math.inf if most is None else most), remedy)


def number(least: float = -math.inf, most: float = math.inf) -> Rule:
    """Return the rule of a finite number, whole or not."""
    remedy = f"give a finite number {_between(least, most)}".rstrip()
    return accept(lambda value: is_number(value) and least <= value <= most, remedy)


def text(pattern: str, remedy: str) -> Rule:
    """Return the rule of text that matches *pattern* as a whole."""
    return accept(lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None, remedy)


def words(most: int) -> Rule:
    """Return the rule of a text for people, of at most so many characters, that may have several lines."""

    def check(name: str, value: Any) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(name, f"is {value!r}: give text")
        elif not 1 <= len(value) <= most:
            yield Problem(name, f"has {len(value):,} characters: give 1 to {most:,}")
        elif found := re.search(r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\U0010ffff]|\$\{", value):
            yield Problem(name, f"has {found[0]!r} at position {found.start()}: leave out ${{ and control characters")

    return check


def one_of(choices: Iterable[str]) -> Rule:
    """Return the rule of one of a few *choices*."""
    known = tuple(choices)
    return accept(lambda value: value in known, f"choose {' or '.join(map(repr, known))}")


def whole_as(shape: str, service: str = "sagemaker") -> Rule:
    """Return the rule of a whole number that *shape* of a service's model takes."""
    return lambda name, value: whole(*limits_of(shape, service))(name, value)


def choice_as(shape: str, likely: str) -> Rule:
    """Return the rule of a value of *shape*, an enumeration; the remedy names the nearest, or one that is *likely*."""

    def check(name: str, value: Any) -> Iterator[Problem]:
        known = choices_of(shape)
        if value not in known:
            yield Problem(name, f"is {value!r}, no {shape} of SageMaker: {suggest(value, known, likely)}")

    return check


def suggest(value: Any, known: Iterable[str], likely: str) -> str:
    """Return the remedy for a *value* that is none of those *known*: the nearest of them, or one that is *likely*."""
    by_letters = {each.casefold(): each for each in known}
    nearest = difflib.get_close_matches(str(value).casefold(), by_letters, 1)
    return f"did you mean {by_letters[nearest[0]]!r}?" if nearest else f"choose another, such as {likely!r}"


def items(rule: Rule, what: str, least: int = 0, most: int | None = None) -> Rule:
    """Return the rule of a tuple of different items that each keep *rule*."""

    def check(name: str, value: Any) -> Iterator[Problem]:
        if not isinstance(value, tuple | list):
            yield Problem(name, f"is {value!r}: write a tuple of {what}, with a comma after a single one")
            return
        if not least <= len(value) <= (len(value) if most is None else most):
            yield Problem(name, f"has {len(value)} {what}: give a number {_between(least, most)}")
        for index, item in enumerate(value):
            yield from rule(f"{name}[{index}]", item)
        for item, count in Counter(str(item).casefold() for item in value).items():
            if count > 1:
                yield Problem(name, f"has {item!r} {count} times: give it once")

    return check


def entries(rule: Rule) -> Rule:
    """Return the rule of a mapping of names to values that each keep *rule*."""

    def check(name: str, value: Any) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield Problem(name, f"is {value!r}: write a mapping of names to values")
            return
        for key, item in value.items():
            if not isinstance(key, str):
                yield Problem(name, f"has the name {key!r}: write names as text")
            else:
                yield from rule(f"{name}.{key}", item)

    return check


def _between(least: float, most: float | None) -> str:
    most = math.inf if most is None else most
    if math.isfinite(least) and math.isfinite(most):
        return f"from {least:,} to {most:,}"
    if math.isfinite(least):
        return f"of at least {least:,}"
    return f"of at most {most:,}" if math.isfinite(most) else ""


def is_whole(value: Any) -> bool:
    """Return whether *value* is a whole number; True and False are none, though Python counts them as such."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: Any) -> bool:
    """Return whether *value* is a finite number."""
    return is_whole(value) or (isinstance(value, float) and math.isfinite(value))


FLAG = accept(lambda value: isinstance(value, bool), "give True or False")
TEXT = accept(lambda value: isinstance(value, str), "give text")

_BY_TYPE: Mapping[Any, Rule] = {
    bool: FLAG,
    int: whole(0),
    float: number(),
    str: TEXT,
    tuple[str, ...]: items(TEXT, "texts"),
    Mapping[str, str]: entries(accept(lambda value: isinstance(value, str), "write it as text, in quotes")),
}


def rule_for(type_: Any) -> Rule:
    """Return the rule of an option of which nothing but its *type_* is known."""
    if get_origin(type_) is Literal:
        return one_of(get_args(type_))
    return _BY_TYPE[type_]


def optional(rule: Rule) -> Rule:
    """Return the rule of an option that may be None, too."""
    return lambda name, value: iter(()) if value is None else rule(name, value)
