"""The conditions of statements; "IAM JSON policy elements: Condition operators" of the IAM user guide."""

from collections.abc import Callable, Mapping

from artefacts.iam.patterns import arn_matches, matches

Condition = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Operator -> condition key -> values, any of which will do."""

Context = Mapping[str, str | tuple[str, ...]]
"""Condition key -> what is known of the request; keys with several values have a tuple."""


class UnsupportedConditionError(NotImplementedError):
    """A condition whose meaning this evaluator would have to guess."""


def _number(compare: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    return lambda wanted, found: compare(float(found), float(wanted))


_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": str.__eq__,
    "StringEqualsIgnoreCase": lambda wanted, found: wanted.lower() == found.lower(),
    "StringLike": matches,
    # The guide: both behave identically.
    "ArnEquals": arn_matches,
    "ArnLike": arn_matches,
    "Bool": lambda wanted, found: wanted.lower() == found.lower(),
    "NumericEquals": _number(float.__eq__),
    "NumericLessThan": _number(float.__lt__),
    "NumericLessThanEquals": _number(float.__le__),
    "NumericGreaterThan": _number(float.__gt__),
    "NumericGreaterThanEquals": _number(float.__ge__),
}

_NEGATED: Mapping[str, str] = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
}

_SETS = ("ForAllValues", "ForAnyValue")
_IF_EXISTS = "IfExists"


def holds(condition: Condition, context: Context) -> bool:
    """Return whether *context* meets every operator and every key of *condition*."""
    if not condition:
        return True
    known = {key.lower(): value for key, value in context.items()}  # keys ignore case, values do not
    return all(
        _meets(operator, key, values, known.get(key.lower()))
        for operator, keys in condition.items()
        for key, values in keys.items()
    )


def _meets(operator: str, key: str, wanted: tuple[str, ...], found: str | tuple[str, ...] | None) -> bool:
    if operator == "Null":
        return any((found is None) == (value.lower() == "true") for value in wanted)
    quantifier, _, comparison = operator.rpartition(":")
    if quantifier and quantifier not in _SETS:
        raise UnsupportedConditionError(f"{operator!r}: no set operator {quantifier!r} is known here")
    compare, negated = _comparison(comparison.removesuffix(_IF_EXISTS))
    if found is None:
        return comparison.endswith(_IF_EXISTS) or quantifier == "ForAllValues" or (negated and not quantifier)
    if isinstance(found, tuple) and not quantifier:
        raise UnsupportedConditionError(f"{key} has several values: {operator} needs ForAllValues or ForAnyValue")
    matched = [
        any(compare(value, each) for value in wanted) != negated
        for each in (found if isinstance(found, tuple) else (found,))
    ]
    return any(matched) if quantifier == "ForAnyValue" else all(matched)


def _comparison(name: str) -> tuple[Callable[[str, str], bool], bool]:
    """Return how two values are compared, and whether the condition wants them to differ."""
    compare = _OPERATORS.get(_NEGATED.get(name, name))
    if compare is None:
        raise UnsupportedConditionError(f"{name!r}: this evaluator does not know the operator, and does not guess")
    return compare, name in _NEGATED
