"""Whoever may do more after a change is told, wherever a template says so and whatever only a deployment knows."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from operations.pipeline_diff.change import Severity
from operations.pipeline_diff.diff import compare_sides
from operations.pipeline_diff.read.files import side_of_templates

Resources = Mapping[str, Any]
FUNCTION = {"Type": "AWS::Lambda::Function", "Properties": {"Role": "role"}}
ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
READING = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
DENIAL = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}


def policy(kind: str, *statements: Any, **others: Any) -> Resources:
    return {"Type": kind, "Properties": {"PolicyDocument": {"Statement": list(statements)}, **others}}


def role(*statements: Any, trust: Any = "sagemaker.amazonaws.com", kind: str = "Service", **others: Any) -> Resources:
    trusting = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {kind: trust}}]}
    policies = [{"PolicyName": "own", "PolicyDocument": {"Statement": list(statements)}}]
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": trusting, "Policies": policies, **others},
    }


def permission(principal: str = "*", **others: Any) -> Resources:
    properties = {"Action": "lambda:InvokeFunction", "FunctionName": "scoring", "Principal": principal, **others}
    return {"Type": "AWS::Lambda::Permission", "Properties": properties}


def reading(who: Any, **others: Any) -> Resources:
    statement = {**READING, "Principal": {"AWS": who}}
    return policy("AWS::S3::BucketPolicy", statement, Bucket={"Fn::ImportValue": "data"}, **others)


def if_prod(then: Any) -> Resources:
    return {"Fn::If": ["IsProd", then, {"Ref": "AWS::NoValue"}]}


def tagged(operator: str, value: str) -> Resources:
    return {**READING, "Condition": {operator: {"aws:ResourceTag/stage": value}}}


BROADENED: Mapping[str, tuple[Resources | None, Resources | None]] = {
    "permission of an organization": (permission(PrincipalOrgID="o-1"), permission()),
    "address that asks who calls": (
        permission(FunctionUrlAuthType="AWS_IAM"),
        permission(FunctionUrlAuthType="NONE"),
    ),
    "source that another stack exports": (
        permission(SourceArn={"Fn::ImportValue": "one"}),
        permission(SourceArn={"Fn::ImportValue": "other"}),
    ),
    "caller, with a source that is a parameter": (
        permission("s3.amazonaws.com", SourceArn={"Ref": "Source"}),
        permission("sns.amazonaws.com", SourceArn={"Ref": "Source"}),
    ),
    "policy that is a text": (
        {"Type": "AWS::Logs::ResourcePolicy", "Properties": {"PolicyDocument": json.dumps({"Statement": [READING]})}},
        {"Type": "AWS::Logs::ResourcePolicy", "Properties": {"PolicyDocument": json.dumps({"Statement": [ANYTHING]})}},
    ),
    "policy of a user": (policy("AWS::IAM::UserPolicy", READING), policy("AWS::IAM::UserPolicy", ANYTHING)),
    "policy of a group": (policy("AWS::IAM::GroupPolicy", READING), policy("AWS::IAM::GroupPolicy", ANYTHING)),
    "denial of a role elsewhere": (policy("AWS::IAM::Policy", DENIAL, Roles=["elsewhere"]), None),
    "denial of a bucket elsewhere": (
        policy("AWS::S3::BucketPolicy", {**DENIAL, "Principal": "*"}, Bucket={"Fn::ImportValue": "data"}),
        None,
    ),
    "reader that is a parameter": (reading(["arn:aws:iam::1:root"]), reading(["arn:aws:iam::1:root", {"Ref": "Who"}])),
    "trust in a parameter": (role(trust={"Ref": "One"}, kind="AWS"), role(trust={"Ref": "Other"}, kind="AWS")),
    "trust in a unique id": (role(trust="AIDAEXAMPLE", kind="AWS"), role(trust="AIDAOTHER", kind="AWS")),
    "condition that ignores case": (
        role(tagged("StringEquals", "Prod")),
        role(tagged("StringEqualsIgnoreCase", "Prod")),
    ),
    "any source": (role(tagged("ArnLike", "arn:aws:s3:::data")), role(tagged("ArnLike", "*"))),
    "statement under a condition": (role(if_prod(READING)), role(if_prod(ANYTHING))),
    "trust under a condition": (
        role(AssumeRolePolicyDocument=if_prod({"Statement": [READING]})),
        role(AssumeRolePolicyDocument=if_prod({"Statement": [ANYTHING]})),
    ),
    "principal under a condition": (
        role(AssumeRolePolicyDocument={"Statement": [{**READING, "Principal": if_prod("one")}]}),
        role(AssumeRolePolicyDocument={"Statement": [{**READING, "Principal": if_prod("*")}]}),
    ),
    "policies under a condition": (role(Policies=if_prod([READING])), role(Policies=if_prod([ANYTHING]))),
    "statement without an effect": (role({"Action": "s3:*"}), role({"Action": "*"})),
    "permission set": (
        {"Type": "AWS::SSO::PermissionSet", "Properties": {"InlinePolicy": {"Statement": [READING]}}},
        {"Type": "AWS::SSO::PermissionSet", "Properties": {"InlinePolicy": {"Statement": [ANYTHING]}}},
    ),
}


UNREADABLE: Mapping[str, Resources] = {
    "trust that is null": role(AssumeRolePolicyDocument=None),
    "join of an object": role({**READING, "Resource": {"Fn::Join": ["", [{}]]}}),
    "number as a principal": reading(7),
    "policy without a document": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {}},
    "permission of nothing": {"Type": "AWS::Lambda::Permission", "Properties": {}},
    "policies that are null": role(Policies=[None]),
    "deletion under a condition": {"Type": "AWS::S3::Bucket", "DeletionPolicy": if_prod("Retain")},
}


def severity(before: Resources | None, after: Resources | None, **others: Any) -> Severity | None:
    sides = [
        side_of_templates(
            name, {"stack": {"Resources": {"Function": FUNCTION, **others, **({"X": each} if each else {})}}}
        )
        for name, each in (("base", before), ("head", after))
    ]
    return compare_sides(sides[0], sides[1]).severity


@pytest.mark.parametrize("name", BROADENED)
def test_policy_that_may_allow_more_is_a_danger(name: str) -> None:
    assert severity(*BROADENED[name]) is Severity.DANGER


def test_role_that_keeps_nothing_but_loses_its_denial_is_broadened() -> None:
    denial = policy("AWS::IAM::Policy", DENIAL, Roles=[{"Ref": "Role"}])
    plain = {"Type": "AWS::IAM::Role", "Properties": {}}
    assert severity(denial, None, Role=plain) is Severity.DANGER


@pytest.mark.parametrize("name", UNREADABLE)
def test_policy_that_cannot_be_read_is_told(name: str) -> None:
    readable = {**role(READING), "DeletionPolicy": "Retain", "Type": UNREADABLE[name]["Type"]}
    assert severity(readable, UNREADABLE[name]) is not None


@pytest.mark.parametrize("name", BROADENED)
def test_policy_that_stays_is_no_change(name: str) -> None:
    assert severity(BROADENED[name][0], BROADENED[name][0]) is None
