"""Requests are decided as the IAM user guide's policy evaluation logic says."""

from typing import Any

import pytest

from artefacts.iam.evaluator import Request, decide
from artefacts.iam.policies import Policies, read_statements

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/Job"
OTHER = f"arn:aws:iam::{ACCOUNT}:role/Other"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
OUTSIDER = "arn:aws:iam::999999999999:role/Outsider"
BUCKET = "arn:aws:s3:::data"
OBJECT = f"{BUCKET}/raw/a.csv"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k"

Statement = dict[str, Any]


def allow(action: Any, resource: Any = "*", **more: Any) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any = "*", **more: Any) -> Statement:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def policies(*own: Statement, boundary: list[Statement] | None = None, **resources: list[Statement]) -> Policies:
    """Return an account where *own* is attached to the role, and policies to the bucket, the key or the role itself."""
    arns = {"bucket": BUCKET, "key": KEY, "trust": ROLE}
    return Policies(
        identities={ROLE: tuple(read_statements({"Statement": list(own)}, "own"))},
        resources={arns[name]: tuple(read_statements({"Statement": each}, name)) for name, each in resources.items()},
        account=ACCOUNT,
        boundaries={} if boundary is None else {ROLE: tuple(read_statements({"Statement": boundary}, "boundary"))},
    )


def allowed(request: Request, given: Policies) -> bool:
    return decide(request, given).allowed


READ = Request(ROLE, "s3:GetObject", OBJECT)


def test_request_that_nothing_allows_is_denied_without_a_statement() -> None:
    decision = decide(READ, policies(allow("s3:PutObject", OBJECT)))
    assert (decision.allowed, decision.because) == (False, ())


def test_decision_names_the_allowing_statement() -> None:
    decision = decide(READ, policies(allow("s3:PutObject", OBJECT), allow("s3:GetObject", OBJECT)))
    assert decision.allowed
    assert [statement.name for statement in decision.because] == ["own[1]"]


@pytest.mark.parametrize("where", ["own", "bucket", "boundary"])
def test_denial_anywhere_beats_every_allowance(where: str) -> None:
    denial = deny("s3:*", Principal="*") if where == "bucket" else deny("s3:*")
    given = policies(
        allow("s3:GetObject"),
        *([denial] if where == "own" else []),
        bucket=[allow("s3:GetObject", Principal="*"), *([denial] if where == "bucket" else [])],
        boundary=[allow("*"), *([denial] if where == "boundary" else [])],
    )
    decision = decide(READ, given)
    assert not decision.allowed
    assert [statement.allows for statement in decision.because] == [False]


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("s3:GetObject", True),
        ("S3:getobject", True),
        ("s3:Get*", True),
        ("s3:GetObjec?", True),
        ("*", True),
        (["s3:PutObject", "s3:GetObject"], True),
        ("s3:GetObjectVersion", False),
        ("s3:Get?", False),
        ("s3:GetObjec", False),
    ],
)
def test_actions_ignore_case_and_take_wildcards(action: Any, expected: bool) -> None:
    assert allowed(READ, policies(allow(action))) is expected


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (OBJECT, True),
        ("*", True),
        (f"{BUCKET}/*", True),
        (f"{BUCKET}/raw/?.csv", True),
        ([f"{BUCKET}/models/*", f"{BUCKET}/raw/*"], True),
        (f"{BUCKET}/RAW/*", False),
        (BUCKET, False),
        (f"{BUCKET}/raw", False),
        (f"{BUCKET}/raw/??.csv", False),
    ],
)
def test_resources_mind_case_and_take_wildcards(resource: Any, expected: bool) -> None:
    assert allowed(READ, policies(allow("s3:GetObject", resource))) is expected


def test_all_but_some_actions_or_resources() -> None:
    but_writing = {"Effect": "Allow", "NotAction": ["s3:PutObject", "iam:*"], "Resource": "*"}
    assert allowed(READ, policies(but_writing))
    assert not allowed(Request(ROLE, "s3:PutObject", OBJECT), policies(but_writing))
    but_raw = {"Effect": "Allow", "Action": "s3:*", "NotResource": f"{BUCKET}/raw/*"}
    assert not allowed(READ, policies(but_raw))
    assert allowed(Request(ROLE, "s3:GetObject", f"{BUCKET}/models/m"), policies(but_raw))


def test_statement_counts_only_where_its_condition_holds() -> None:
    given = policies(allow("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "sagemaker"}}))
    request = Request(ROLE, "iam:PassRole", OTHER, {"iam:PassedToService": "sagemaker"})
    assert allowed(request, given)
    assert not allowed(Request(ROLE, "iam:PassRole", OTHER, {"iam:PassedToService": "ec2"}), given)
    assert not allowed(Request(ROLE, "iam:PassRole", OTHER), given)


def test_policy_of_one_role_allows_another_nothing() -> None:
    assert not allowed(Request(OTHER, "s3:GetObject", OBJECT), policies(allow("*")))


def test_resource_policy_alone_may_allow_a_caller_of_its_account() -> None:
    for principal in (ROLE, "*"):
        assert allowed(READ, policies(bucket=[allow("s3:GetObject", Principal={"AWS": principal})]))
    assert not allowed(READ, policies(bucket=[allow("s3:GetObject", Principal={"AWS": OTHER})]))


def test_resource_that_names_the_account_leaves_it_to_the_account() -> None:
    bucket = [allow("s3:GetObject", Principal={"AWS": ROOT})]
    assert not allowed(READ, policies(bucket=bucket))
    assert allowed(READ, policies(allow("s3:GetObject"), bucket=bucket))


def test_policy_of_the_bucket_is_about_its_objects_too() -> None:
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    given = policies(allow("s3:*"), bucket=[deny("s3:*", [BUCKET, f"{BUCKET}/*"], Principal="*", Condition=plain)])
    assert allowed(READ, given)
    for resource in (BUCKET, OBJECT):
        assert not allowed(Request(ROLE, "s3:GetObject", resource, {"aws:SecureTransport": "false"}), given)
    assert allowed(Request(ROLE, "s3:GetObject", "arn:aws:s3:::data2/x", {"aws:SecureTransport": "false"}), given)


def test_caller_of_another_account_needs_the_resources_policy() -> None:
    request = Request(OUTSIDER, "s3:GetObject", OBJECT)
    assert not allowed(request, policies(allow("*")))
    for principal in (OUTSIDER, "arn:aws:iam::999999999999:root", "999999999999", "*"):
        assert allowed(request, policies(bucket=[allow("s3:GetObject", Principal={"AWS": principal})]))
    assert not allowed(request, policies(bucket=[allow("s3:GetObject", Principal={"AWS": ROOT})]))


def test_service_is_let_in_by_its_name_and_for_whom_it_acts() -> None:
    condition = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    given = policies(bucket=[allow("s3:PutObject", Principal={"Service": "logging.s3"}, Condition=condition)])
    ours, theirs = {"aws:SourceAccount": ACCOUNT}, {"aws:SourceAccount": "999999999999"}
    assert allowed(Request("logging.s3", "s3:PutObject", OBJECT, ours), given)
    assert not allowed(Request("logging.s3", "s3:PutObject", OBJECT, theirs), given)
    assert not allowed(Request("logging.s3", "s3:PutObject", OBJECT), given)
    assert not allowed(Request("events", "s3:PutObject", OBJECT, ours), given)


def test_key_needs_its_own_policy_to_allow_or_to_leave_it_to_the_account() -> None:
    request = Request(ROLE, "kms:Decrypt", KEY)
    own = allow("kms:Decrypt", KEY)
    to_account = allow("kms:*", Principal={"AWS": ROOT})
    assert not allowed(request, policies(own)), "no key policy"
    assert not allowed(request, policies(own, key=[allow("kms:Decrypt", Principal={"AWS": OTHER})]))
    assert not allowed(request, policies(key=[to_account])), "the account has not allowed it"
    assert allowed(request, policies(own, key=[to_account]))
    assert allowed(request, policies(key=[allow("kms:Decrypt", Principal={"AWS": ROLE})]))


def test_decision_on_a_key_of_the_account_names_both_statements() -> None:
    given = policies(allow("kms:Decrypt", KEY), key=[allow("kms:*", Principal={"AWS": ROOT})])
    decision = decide(Request(ROLE, "kms:Decrypt", KEY), given)
    assert [statement.name for statement in decision.because] == ["own[0]", "key[0]"]


def test_account_itself_may_do_what_a_key_leaves_to_it() -> None:
    request = Request(ROOT, "kms:PutKeyPolicy", KEY)
    assert allowed(request, policies(key=[allow("kms:*", Principal={"AWS": ROOT})]))
    assert not allowed(request, policies(key=[allow("kms:Decrypt", Principal={"AWS": ROOT})]))


def test_role_is_assumed_by_whom_its_trust_policy_names() -> None:
    trust = [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"}}]
    given = policies(trust=trust)
    assert allowed(Request("sagemaker.amazonaws.com", "sts:AssumeRole", ROLE), given)
    assert not allowed(Request("lambda.amazonaws.com", "sts:AssumeRole", ROLE), given)
    everything = Policies({OTHER: tuple(read_statements({"Statement": allow("*")}, "other"))}, given.resources, ACCOUNT)
    assert not allowed(Request(OTHER, "sts:AssumeRole", ROLE), everything), "its own policies are not enough"


def test_trust_policy_has_no_say_in_who_may_pass_the_role() -> None:
    trust = [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}]
    assert not allowed(Request(ROLE, "iam:PassRole", ROLE), policies(trust=trust))


def test_boundary_bounds_and_allows_nothing_by_itself() -> None:
    assert allowed(READ, policies(allow("*"), boundary=[allow("s3:*")]))
    assert not allowed(READ, policies(allow("*"), boundary=[allow("kms:*")]))
    assert not allowed(READ, policies(boundary=[allow("s3:*")]))
    by_bucket = [allow("s3:GetObject", Principal={"AWS": ROLE})]
    assert not allowed(READ, policies(boundary=[allow("kms:*")], bucket=by_bucket)), "bounds what a resource allows"


def test_every_request_says_who_makes_it_and_how() -> None:
    by_role = allow("s3:*", Condition={"ArnEquals": {"aws:PrincipalArn": ROLE}, "Bool": {"aws:SecureTransport": True}})
    assert allowed(READ, policies(by_role))
    no_service = deny("s3:*", Principal="*", Condition={"Bool": {"aws:PrincipalIsAWSService": "true"}})
    assert allowed(READ, policies(by_role, bucket=[no_service]))
