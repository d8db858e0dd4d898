"""Requests that tell two versions of a policy apart.

Whatever they decide differently is about a statement that only one of them has. Its patterns, met with those of the
other statements, and its conditions, met and missed in turn, part all requests into kinds; one of each kind is asked.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from artefacts.iam import Statement
from artefacts.iam.conditions import Condition
from artefacts.iam.patterns import matches
from operations.pipeline_diff.judge.globs import OTHER, examples, intersect
from operations.pipeline_diff.judge.known_actions import expand

Context = Mapping[str, str]

_FEW = 150
"""Contexts, of which every combination is asked."""
_ALIKE = 5
"""Actions that are answered alike, of which so many are told."""
_MOST = 20_000
"""Questions about one statement: more than any of ours takes, and some seconds of work."""


class TooManyQuestionsError(ValueError):
    """A statement with more kinds of requests than are asked."""


class Question(NamedTuple):
    """A request, and who makes it."""

    principal: tuple[str, str]
    """Type and name; nothing for a role's own policies."""
    action: str
    resource: str
    context: tuple[tuple[str, str], ...]


def ask_about(statement: Statement, all_statements: Sequence[Statement], owner: str) -> Iterator[Question]:
    """Yield the requests that *statement* may be about, of each kind that *all_statements* tell apart."""
    others = [each for each in all_statements if each is not statement and _meet(statement, each)]
    combinations = product(
        sorted(statement.principals or {("", "")}),
        _actions(statement, others),
        _resources(statement, others, owner),
        _contexts(statement, others),
    )
    for number, (principal, action, resource, context) in enumerate(combinations):
        if number == _MOST:
            raise TooManyQuestionsError(f"{statement.name} has more than {_MOST} kinds of requests")
        yield Question(principal, action, resource, tuple(sorted(context.items())))


def _meet(one: Statement, other: Statement) -> bool:
    """Return whether a request may be about both."""
    actions = one.not_actions or other.not_actions or _any_met(one.actions, other.actions, ignore_case=True)
    free = one.not_resources or other.not_resources or not (one.resources and other.resources)
    if _are_other_services(one, other):
        return False
    return bool(actions) and bool(free or _any_met(one.resources, other.resources))


def _are_other_services(one: Statement, other: Statement) -> bool:
    """Return whether both name services only, and none that the other names."""
    ones, others = (each.principals or frozenset() for each in (one, other))
    return bool(ones and others) and {kind for kind, _ in ones | others} == {"Service"} and not ones & others


def _any_met(ones: Iterable[str], others: Iterable[str], *, ignore_case: bool = False) -> bool:
    pairs = product(ones, others)
    return any(intersect(*(map(str.lower, pair) if ignore_case else pair)) is not None for pair in pairs)


def _actions(statement: Statement, others: Iterable[Statement]) -> list[str]:
    patterns = [pattern for each in others for pattern in (*each.actions, *each.not_actions)]
    if statement.not_actions:
        found = [f"{OTHER}:{OTHER}", *(text for each in patterns for text in _named(each))]
        return [each for each in dict.fromkeys(found) if not _matched(statement.not_actions, each, ignore_case=True)]
    found = [text for each in statement.actions for text in _named(each)]
    for mine, theirs in product(statement.actions, patterns):
        met = intersect(mine.lower(), theirs.lower())
        if met is not None and not (expand(mine) or expand(theirs)):
            found.append(met)
        found += [text for text in _named(theirs) if _matched((mine,), text, ignore_case=True)]
    distinct = {each.lower(): each for each in reversed(found)}.values()
    return _some_of_each(distinct, (*statement.actions, *patterns))


def _some_of_each(actions: Iterable[str], patterns: Sequence[str]) -> list[str]:
    """Return some of *actions* that the same *patterns* match: all others are answered alike."""
    kinds: dict[tuple[bool, ...], list[str]] = {}
    for action in actions:
        kind = tuple(matches(pattern, action, ignore_case=True) for pattern in patterns)
        kinds.setdefault(kind, []).append(action)
    return [action for alike in kinds.values() for action in sorted(alike)[:_ALIKE]]


def _named(pattern: str) -> tuple[str, ...]:
    """Return actions that *pattern* matches: the known ones, or else made-up ones."""
    return tuple(sorted(expand(pattern))) or tuple(
        each for each in examples(pattern) if each and not each.endswith(":")
    )


def _resources(statement: Statement, others: Iterable[Statement], owner: str) -> list[str]:
    patterns = [pattern for each in others for pattern in (*each.resources, *each.not_resources)]
    if statement.not_resources:
        found = [f"arn:aws:{OTHER}:{OTHER}:{OTHER}:{OTHER}", *(text for each in patterns for text in examples(each))]
        return [each for each in dict.fromkeys(found) if not _matched(statement.not_resources, each)]
    own = statement.resources or (owner,)
    met = [intersect(mine, theirs) for mine, theirs in product(own, patterns)]
    return list(dict.fromkeys((*(text for each in own for text in examples(each)), *(each for each in met if each))))


def _matched(patterns: Iterable[str], text: str, *, ignore_case: bool = False) -> bool:
    return any(matches(pattern, text, ignore_case=ignore_case) for pattern in patterns)


def _contexts(statement: Statement, others: Iterable[Statement]) -> list[dict[str, str]]:
    """Return contexts that meet and miss each condition: all that there are if they are few.

    Else those that meet the statement's own, each with what meets or misses one of the others.
    """
    known = _candidates((statement, *others))
    if math.prod(len(values) + 1 for values in known.values()) <= _FEW:
        choices = [[{}, *({key: value} for value in values)] for key, values in known.items()]
        return [{key: value for part in parts for key, value in part.items()} for parts in product(*choices)]
    own = _meeting(statement.condition)
    found = list(own)
    for other in others:
        for context in _meeting(other.condition) if other.condition else ():
            found += [{**context, **mine} for mine in own]
        for operator, keys in other.condition.items():
            for key, values in keys.items():
                found += [
                    {**mine, key: value} for mine in own if key not in mine for value in _values(operator, values)
                ]
    return list({tuple(sorted(each.items())): each for each in found}.values())


def _candidates(statements: Iterable[Statement]) -> dict[str, list[str]]:
    """Return the values at which any of *statements* may change its answer, by condition key."""
    keys: dict[str, dict[str, None]] = {}
    for statement in statements:
        for operator, conditions in statement.condition.items():
            for key, values in conditions.items():
                keys.setdefault(key.lower(), {}).update(dict.fromkeys(_values(operator, values)))
    return {key: list(values) for key, values in keys.items()}


def _meeting(condition: Condition) -> list[dict[str, str]]:
    """Return contexts that meet *condition*, each value of each key in turn; more than meet it do no harm."""
    contexts: list[dict[str, str]] = [{}]
    for operator, keys in condition.items():
        for key, values in keys.items():
            choices: list[dict[str, str]] = [{key: text} for text in _values(operator, values)]
            if operator.endswith("IfExists") or "Not" in operator or operator == "Null" or "ForAllValues" in operator:
                choices.append({})
            contexts = [{**context, **choice} for context in contexts for choice in choices][:64]
    return contexts


def _values(operator: str, values: Iterable[str]) -> list[str]:
    """Return values at which the operator may change its answer."""
    found: list[str] = []
    for value in values:
        if operator.startswith("Bool"):
            found += ["true", "false"]
        elif operator.startswith("Numeric"):
            found += [str(float(value) + step) for step in (-1, 0, 1)]
        else:
            found += (*examples(value), *((value.swapcase(),) if "IgnoreCase" in operator else ()))
    return list(dict.fromkeys((*found, *([] if operator.startswith(("Bool", "Numeric")) else [OTHER]))))
