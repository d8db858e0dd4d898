"""Conditions hold as the IAM user guide says, and what it does not say is refused."""

from typing import Any

import pytest

from artefacts.iam.conditions import UnsupportedConditionError, holds
from artefacts.iam.patterns import PolicyVariableError
from artefacts.iam.policies import read_statements

ARN = "arn:aws:events:eu-west-1:111122223333:rule/start"


def condition_holds(operator: str, value: Any, found: str | tuple[str, ...] | None) -> bool:
    """Read a condition as a policy has it, and say whether it holds where the key has the value *found*."""
    document = {"Statement": {"Effect": "Allow", "Action": "*", "Condition": {operator: {"my:Key": value}}}}
    (statement,) = read_statements(document, "test")
    return holds(statement.condition, {} if found is None else {"my:Key": found})


@pytest.mark.parametrize(
    ("operator", "value", "holding", "failing"),
    [
        ("StringEquals", "Dev", "Dev", "dev"),
        ("StringEquals", ["a", "b"], "b", "c"),
        ("StringEqualsIgnoreCase", "Dev", "dEV", "prod"),
        ("StringLike", "a/*-?", "a/b/c-d", "a/b"),
        ("StringNotEquals", ["a", "b"], "c", "b"),
        ("StringNotLike", "a*", "b", "ab"),
        ("ArnEquals", ARN, ARN, ARN + "s"),
        ("ArnEquals", "arn:aws:events:*:111122223333:rule/*", ARN, ARN.replace("1111", "9999")),
        ("ArnLike", "arn:aws:events:*:111122223333:rule/st?rt", ARN, "start"),
        ("ArnNotLike", "arn:aws:events:*:*:rule/s*", ARN.replace("start", "x"), ARN),
        ("Bool", True, "true", "false"),
        ("Bool", "false", "FALSE", "true"),
        ("NumericEquals", 7, "7.0", "8"),
        ("NumericNotEquals", 7, "8", "7"),
        ("NumericLessThan", 1.2, "1.1", "1.2"),
        ("NumericLessThanEquals", "1.2", "1.2", "1.3"),
        ("NumericGreaterThan", 10, "11", "9"),
        ("NumericGreaterThanEquals", 10, "10", "9"),
        ("Null", "false", "anything", None),
        ("Null", True, None, "anything"),
    ],
)
def test_operator_holds_for_one_value_and_fails_for_another(
    operator: str, value: Any, holding: str | None, failing: str | None
) -> None:
    assert condition_holds(operator, value, holding)
    assert not condition_holds(operator, value, failing)


def test_wildcard_in_one_part_of_an_arn_does_not_reach_into_the_next() -> None:
    assert condition_holds("ArnLike", "arn:aws:*:*:*:rule/start", ARN)
    assert not condition_holds("ArnLike", "arn:aws:*:rule/start", ARN)
    assert condition_holds("StringLike", "arn:aws:*:rule/start", ARN)


@pytest.mark.parametrize(
    ("operator", "holds_without_the_key"),
    [
        ("StringEquals", False),
        ("ArnLike", False),
        ("Bool", False),
        ("NumericLessThan", False),
        ("StringNotEquals", True),
        ("ArnNotLike", True),
        ("StringEqualsIfExists", True),
        ("BoolIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
        ("ForAnyValue:StringEqualsIfExists", True),
    ],
)
def test_without_the_key_only_a_negation_an_if_exists_or_for_all_values_holds(
    operator: str, holds_without_the_key: bool
) -> None:
    assert condition_holds(operator, "1", None) is holds_without_the_key


@pytest.mark.parametrize(
    ("operator", "found", "expected"),
    [
        ("ForAllValues:StringEquals", ("a", "b"), True),
        ("ForAllValues:StringEquals", ("a", "c"), False),
        ("ForAllValues:StringEquals", (), True),
        ("ForAnyValue:StringEquals", ("a", "c"), True),
        ("ForAnyValue:StringEquals", ("c",), False),
        ("ForAnyValue:StringEquals", (), False),
        ("ForAllValues:StringNotEquals", ("c", "d"), True),
        ("ForAllValues:StringNotEquals", ("c", "a"), False),
        ("ForAnyValue:StringNotEquals", ("c", "a"), True),
        ("ForAllValues:StringLike", "a", True),
    ],
)
def test_set_operators_compare_several_values(operator: str, found: str | tuple[str, ...], expected: bool) -> None:
    assert condition_holds(operator, ["a", "b"], found) is expected


def test_every_operator_and_every_key_must_hold_and_keys_ignore_case() -> None:
    condition = {"StringEquals": {"aws:SourceAccount": ("1",), "x:Y": ("2",)}, "Bool": {"x:Z": ("true",)}}
    context = {"AWS:sourceaccount": "1", "x:y": "2", "X:z": "true"}
    assert holds(condition, context)
    for key in context:
        assert not holds(condition, {**context, key: "other"})
    assert holds({}, {})


@pytest.mark.parametrize(
    ("operator", "value", "found", "message"),
    [
        ("DateLessThan", "2026-01-01", "2026-01-02", "'DateLessThan': this evaluator does not know the operator"),
        ("IpAddress", "10.0.0.0/8", "10.0.0.1", "'IpAddress': this evaluator does not know"),
        ("StringEqualss", "a", "a", "'StringEqualss': this evaluator does not know"),
        ("ForSomeValues:StringEquals", "a", "a", "no set operator 'ForSomeValues'"),
        ("StringEquals", "a", ("a", "b"), "my:Key has several values: StringEquals needs ForAllValues or ForAnyValue"),
    ],
)
def test_ambiguous_conditions_are_refused(
    operator: str, value: Any, found: str | tuple[str, ...], message: str
) -> None:
    with pytest.raises(UnsupportedConditionError, match=message):
        condition_holds(operator, value, found)


def test_unknown_operator_is_refused_without_the_key_too() -> None:
    with pytest.raises(UnsupportedConditionError, match="IpAddress"):
        condition_holds("IpAddress", "10.0.0.0/8", None)


def test_policy_variable_is_refused() -> None:
    with pytest.raises(PolicyVariableError, match="has a policy variable"):
        condition_holds("StringLike", "home/${aws:username}/*", "home/ann/x")
