"""Policies that allow more are told apart from those that say the same in other words."""

from collections.abc import Sequence
from typing import Any

import pytest

from operations.pipeline_diff.change import Severity
from operations.pipeline_diff.compare.policies import Holder, add_document
from operations.pipeline_diff.judge.permissions import judge_holder

Rows = Sequence[dict[str, Any]]

DATA = "arn:aws:s3:::data"
KEY = "arn:aws:kms:eu-west-1:000000000000:key/data"


def allow(action: Any, resource: Any = f"{DATA}/raw/*", **others: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **others}


def deny(action: Any, resource: Any = f"{DATA}/*", **others: Any) -> dict[str, Any]:
    return {**allow(action, resource, **others), "Effect": "Deny"}


def of_tag(*values: str, operator: str = "StringEquals") -> dict[str, Any]:
    return {"Condition": {operator: {"aws:ResourceTag/stage": list(values)}}}


READ = allow("s3:GetObject")
EVERYTHING = allow("s3:*", "*")

BROADENED: dict[str, tuple[Rows, Rows]] = {
    "another action": ([READ], [allow(["s3:GetObject", "s3:DeleteObject"])]),
    "pattern of actions": ([READ], [allow("s3:Get*")]),
    "all of a service": ([allow(["kms:Decrypt", "kms:Encrypt"], KEY)], [allow("kms:*", KEY)]),
    "longer prefix of resources": ([READ], [allow("s3:GetObject", f"{DATA}/*")]),
    "another resource": ([READ], [allow("s3:GetObject", [f"{DATA}/raw/*", f"{DATA}/models/*"])]),
    "condition dropped": ([allow("s3:GetObject", **of_tag("dev"))], [READ]),
    "another value of a condition": (
        [allow("s3:GetObject", **of_tag("dev"))],
        [allow("s3:GetObject", **of_tag("dev", "prod"))],
    ),
    "condition that lets pass what has no tag": (
        [allow("s3:GetObject", **of_tag("dev"))],
        [allow("s3:GetObject", **of_tag("dev", operator="StringEqualsIfExists"))],
    ),
    "denial removed": ([EVERYTHING, deny("s3:DeleteObject")], [EVERYTHING]),
    "denial narrowed to a part": (
        [allow("s3:GetObject", f"{DATA}/*/private"), deny("s3:GetObject", f"{DATA}/raw*")],
        [allow("s3:GetObject", f"{DATA}/*/private"), deny("s3:GetObject", f"{DATA}/raw/*")],
    ),
    "everything but a little": ([READ], [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]),
    "denial with a condition": (
        [EVERYTHING, deny("s3:PutObject")],
        [EVERYTHING, deny("s3:PutObject", Condition={"Bool": {"aws:SecureTransport": "false"}})],
    ),
}

REWRITTEN: dict[str, tuple[Rows, Rows]] = {
    "statements in another order": ([READ, deny("s3:PutObject")], [deny("s3:PutObject"), READ]),
    "text in place of a list": ([READ], [allow(["s3:GetObject"], [f"{DATA}/raw/*"])]),
    "name of a statement": ([READ], [{**READ, "Sid": "Read"}]),
    "statement for each action": (
        [allow(["s3:GetObject", "s3:PutObject"])],
        [allow("s3:GetObject"), allow("s3:PutObject")],
    ),
    "statements merged": (
        [allow("s3:GetObject", f"{DATA}/a/*"), allow("s3:GetObject", f"{DATA}/b/*")],
        [allow("s3:GetObject", [f"{DATA}/a/*", f"{DATA}/b/*"])],
    ),
    "action that a pattern covers": ([allow(["s3:Get*", "s3:GetObject"])], [allow("s3:Get*")]),
    "resource that a pattern covers": (
        [allow("s3:GetObject", [f"{DATA}/*", f"{DATA}/raw/*"])],
        [allow("s3:GetObject", f"{DATA}/*")],
    ),
    "statement that another covers": ([READ, allow("s3:GetObject", f"{DATA}/*")], [allow("s3:GetObject", f"{DATA}/*")]),
    "other letters of an action": ([READ], [allow("s3:getobject")]),
    "pattern for all known actions of that form": (
        [allow(["sagemaker:StartPipelineExecution", "sagemaker:RetryPipelineExecution"], "*")],
        [allow(["sagemaker:StartPipelineExecution*", "sagemaker:RetryPipelineExecut*"], "*")],
    ),
    "values of a condition in another order": (
        [allow("s3:GetObject", **of_tag("dev", "prod"))],
        [allow("s3:GetObject", **of_tag("prod", "dev"))],
    ),
    "condition written as a pattern without one": (
        [allow("s3:GetObject", **of_tag("dev"))],
        [allow("s3:GetObject", **of_tag("dev", operator="StringLike"))],
    ),
    "denial of what nobody allows is kept, and what it covers is left out": (
        [EVERYTHING, deny("s3:*", f"{DATA}/*"), deny("s3:PutObject", f"{DATA}/raw/*")],
        [EVERYTHING, deny("s3:*", f"{DATA}/*")],
    ),
}


def holder(rows: Rows, *, is_identity: bool = True) -> Holder:
    found = Holder("JobRole", is_identity)
    add_document(found, {"Statement": list(rows)})
    return found


def verdicts(before: Rows, after: Rows, *, is_identity: bool = True) -> list[tuple[str, Severity]]:
    found = judge_holder(holder(before, is_identity=is_identity), holder(after, is_identity=is_identity))
    return [(each.what, each.severity) for each in found]


@pytest.mark.parametrize("name", BROADENED)
def test_policy_that_allows_more_is_broadened(name: str) -> None:
    ((what, severity),) = verdicts(*BROADENED[name])
    assert what.startswith("broadened")
    assert severity is Severity.DANGER


@pytest.mark.parametrize("name", BROADENED)
def test_policy_that_allows_less_is_narrowed(name: str) -> None:
    ((what, _),) = verdicts(*reversed(BROADENED[name]))
    assert what.endswith("narrowed")


@pytest.mark.parametrize("name", REWRITTEN)
@pytest.mark.parametrize("order", [1, -1])
def test_policy_in_other_words_is_no_more_than_rewritten(name: str, order: int) -> None:
    assert verdicts(*REWRITTEN[name][::order]) in ([("rewritten", Severity.NOTE)], [])


def trust(*services: str, **others: Any) -> Rows:
    return [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": list(services)}, **others}]


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (trust("a.amazonaws.com"), trust("a.amazonaws.com", "b.amazonaws.com"), "broadened"),
        (
            trust("a.amazonaws.com", Condition={"StringEquals": {"aws:SourceAccount": "000000000000"}}),
            trust("a.amazonaws.com"),
            "broadened",
        ),
        (trust("a.amazonaws.com"), [{**trust()[0], "Principal": {"AWS": "*"}}], "broadened"),
        (trust("a.amazonaws.com", "b.amazonaws.com"), trust("b.amazonaws.com"), "narrowed"),
        (
            trust("a.amazonaws.com", "b.amazonaws.com"),
            [*trust("b.amazonaws.com"), *trust("a.amazonaws.com")],
            "rewritten",
        ),
        (
            [*trust("a.amazonaws.com"), {**trust()[0], "Effect": "Deny", "Principal": "*", "Action": "sts:TagSession"}],
            trust("a.amazonaws.com"),
            "broadened",
        ),
    ],
)
def test_who_may_assume_a_role_is_judged_by_principals_and_conditions(before: Rows, after: Rows, what: str) -> None:
    assert [each for each, _ in verdicts(before, after, is_identity=False)] == [what]


def test_new_requests_are_named() -> None:
    (change,) = judge_holder(holder([READ]), holder([allow(["s3:GetObject", "s3:DeleteObject"])]))
    assert "+ s3:DeleteObject on arn:aws:s3:::data/raw/*" in change.details


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (
            {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
            {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
            "broadened and narrowed",
        ),
        ({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, {}, "broadened"),
        ({"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}, {}, "broadened"),
        ({"IpAddress": {"aws:SourceIp": ["a", "b"]}}, {"IpAddress": {"aws:SourceIp": ["b", "a"]}}, ""),
        ({"Unheard": {"aws:Key": "a"}}, {"Unheard": {"aws:Key": "b"}}, "changed"),
    ],
)
def test_condition_that_the_evaluator_does_not_know_is_never_called_rewritten(
    before: dict[str, Any], after: dict[str, Any], what: str
) -> None:
    rows = [[allow("s3:GetObject", Condition=each)] for each in (before, after)]
    assert verdicts(rows[0], rows[1]) == ([(what, Severity.DANGER)] if what else [])


def test_boundary_that_is_gone_is_a_danger() -> None:
    before = Holder("JobRole", True, unread=["permissions boundary arn:aws:iam::000000000000:policy/Bound"])
    ((what, severity),) = [(each.what, each.severity) for each in judge_holder(before, Holder("JobRole", True))]
    assert (what, severity) == ("removed", Severity.DANGER)
