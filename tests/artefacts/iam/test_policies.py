"""Every policy of a template is read, and one that cannot be read is refused."""

from typing import Any

import pytest

from artefacts.assembly import Account
from artefacts.iam import Application, Deployment, Policies, UnreadPolicyError, policies_of

ACCOUNT = "111122223333"
STACK = "emp-bonus-dev-storage"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/{STACK}-Role"
READ = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}


def read(**resources: dict[str, Any]) -> Policies:
    """Return the policies of a stack with *resources* beside a role that has none."""
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": []}}}
    template = {"Resources": {"Role": role, **resources}}
    for name, resource in template["Resources"].items():
        resource["Metadata"] = {"aws:cdk:path": name}
    return policies_of(Application(Deployment({STACK: template}, Account(ACCOUNT, "eu-west-1"))))


def actions(policies: Policies) -> list[tuple[str, ...]]:
    return [statement.actions for statement in policies.identities[ROLE]]


def test_inline_attached_and_managed_policies_are_a_roles() -> None:
    inline = {"Policies": [{"PolicyName": "Inline", "PolicyDocument": READ}], "AssumeRolePolicyDocument": READ}
    assert actions(read(Role={"Type": "AWS::IAM::Role", "Properties": inline})) == [("s3:GetObject",)]
    attached = {"PolicyDocument": READ, "Roles": [{"Ref": "Role"}]}
    for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        assert actions(read(Policy={"Type": kind, "Properties": attached})) == [("s3:GetObject",)]
    named = {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": READ, "ManagedPolicyArns": [{"Ref": "Policy"}]},
        },
        "Policy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": READ}},
    }
    assert actions(read(**named)) == [("s3:GetObject",)]
    assert actions(read()) == []


def test_policy_whose_text_is_elsewhere_is_refused() -> None:
    managed = {"AssumeRolePolicyDocument": READ, "ManagedPolicyArns": ["arn:aws:iam::aws:policy/PowerUserAccess"]}
    with pytest.raises(UnreadPolicyError, match="PowerUserAccess, whose text is not in the template"):
        read(Role={"Type": "AWS::IAM::Role", "Properties": managed})


def test_boundary_whose_text_is_elsewhere_is_refused() -> None:
    bounded = {"AssumeRolePolicyDocument": READ, "PermissionsBoundary": "arn:aws:iam::111122223333:policy/Boundary"}
    with pytest.raises(UnreadPolicyError, match=r"bounded by .*policy/Boundary: say what that allows"):
        read(Role={"Type": "AWS::IAM::Role", "Properties": bounded})


@pytest.mark.parametrize("kind", ["AWS::Lambda::LayerVersionPermission", "AWS::EC2::VPCEndpoint"])
def test_policy_of_a_kind_that_nobody_thought_of_is_refused(kind: str) -> None:
    with pytest.raises(UnreadPolicyError, match=f"no policy of an {kind} is read here yet"):
        read(Other={"Type": kind, "Properties": {"Nested": [{"PolicyDocument": READ}]}})


def test_element_that_nobody_thought_of_is_refused() -> None:
    strange = {"Statement": [{**READ["Statement"][0], "NotPrincipal": "*"}]}
    with pytest.raises(UnreadPolicyError, match="has NotPrincipal: teach the evaluator"):
        read(Policy={"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": strange, "Roles": [{"Ref": "Role"}]}})


def test_policies_of_resources_are_found_by_what_they_are_attached_to() -> None:
    found = read(
        Key={"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": READ}},
        Bucket={"Type": "AWS::S3::Bucket", "Properties": {}},
        Policy={"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": READ}},
        Queue={"Type": "AWS::SQS::Queue", "Properties": {}},
        Send={"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [{"Ref": "Queue"}], "PolicyDocument": READ}},
        Topic={"Type": "AWS::SNS::Topic", "Properties": {}},
        Tell={"Type": "AWS::SNS::TopicPolicy", "Properties": {"Topics": [{"Ref": "Topic"}], "PolicyDocument": READ}},
    )
    region = f"eu-west-1:{ACCOUNT}"
    for arn in (
        f"arn:aws:kms:{region}:key/emp-bonus-dev-storage-Key",
        "arn:aws:s3:::emp-bonus-dev-storage-bucket/any/object",
        f"arn:aws:sqs:{region}:emp-bonus-dev-storage-Queue",
        f"arn:aws:sns:{region}:emp-bonus-dev-storage-Topic",
    ):
        assert [statement.actions for statement in found.of_resource(arn)] == [("s3:GetObject",)], arn
