"""What protects a resource, or lets others in, is more than a changed property."""

from collections.abc import Mapping
from typing import Any

import pytest

from operations.pipeline_diff.change import Severity
from operations.pipeline_diff.diff import compare_sides
from operations.pipeline_diff.read.files import side_of_templates

BLOCKED = {"PublicAccessBlockConfiguration": {"BlockPublicPolicy": True}}
OPEN = {"PublicAccessBlockConfiguration": {"BlockPublicPolicy": False}}
ATTACHED = {"PolicyDocument": {"Statement": []}, "Roles": ["one"]}
EXPIRING = {"LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "ExpirationInDays": 1}]}}
DANGERS: Mapping[str, tuple[str, Any, Any]] = {
    "files may become public": ("AWS::S3::Bucket", BLOCKED, OPEN),
    "nothing keeps files from becoming public": ("AWS::S3::Bucket", BLOCKED, {}),
    "files are public": ("AWS::S3::Bucket", {}, {"AccessControl": "PublicRead"}),
    "versions are not kept": ("AWS::S3::Bucket", {"VersioningConfiguration": {"Status": "Enabled"}}, {}),
    "key is off": ("AWS::KMS::Key", {"Enabled": True}, {"Enabled": False}),
    "anybody may call a new address": ("AWS::Lambda::Url", None, {"AuthType": "NONE"}),
    "another role has a policy": ("AWS::IAM::ManagedPolicy", ATTACHED, {**ATTACHED, "Roles": ["one", "other"]}),
    "user joins a group": ("AWS::IAM::User", {}, {"Groups": ["administrators"]}),
    "new members of a group": ("AWS::IAM::UserToGroupAddition", None, {"GroupName": "g", "Users": ["u"]}),
    "policies by names": ("AWS::Serverless::Function", {"Policies": ["A"]}, {"Policies": ["B"]}),
    "template in a template": ("AWS::CloudFormation::Stack", {"TemplateURL": "one"}, {"TemplateURL": "other"}),
    "images are destroyed": ("AWS::ECR::Repository", {}, None),
}
REVIEWS: Mapping[str, tuple[str, Any, Any]] = {
    "files expire": ("AWS::S3::Bucket", {}, EXPIRING),
    "logs expire sooner": ("AWS::Logs::LogGroup", {"RetentionInDays": 30}, {"RetentionInDays": 1}),
}
NOTES: Mapping[str, tuple[str, Any, Any]] = {
    "files may not become public": ("AWS::S3::Bucket", OPEN, BLOCKED),
    "logs expire later": ("AWS::Logs::LogGroup", {"RetentionInDays": 1}, {"RetentionInDays": 30}),
    "address that asks who calls": ("AWS::Lambda::Url", None, {"AuthType": "AWS_IAM"}),
}


def severity(kind: str, before: Any, after: Any, **others: Any) -> Severity | None:
    resources = [
        {"Other": {"Type": "AWS::Events::Rule"}}
        | ({} if each is None else {"X": {"Type": kind, "Properties": each, **attributes}})
        for each, attributes in ((before, {}), (after, others))
    ]
    sides = [side_of_templates("side", {"stack": {"Resources": each}}) for each in resources]
    return compare_sides(sides[0], sides[1]).severity


@pytest.mark.parametrize("name", DANGERS)
def test_protection_that_is_gone_is_a_danger(name: str) -> None:
    assert severity(*DANGERS[name]) is Severity.DANGER


@pytest.mark.parametrize("name", REVIEWS)
def test_what_may_delete_sooner_is_to_be_looked_at(name: str) -> None:
    assert severity(*REVIEWS[name]) is Severity.REVIEW


@pytest.mark.parametrize("name", NOTES)
def test_better_protection_is_a_note(name: str) -> None:
    assert severity(*NOTES[name]) is Severity.NOTE


def test_condition_under_which_a_bucket_is_gone_is_a_danger() -> None:
    assert severity("AWS::S3::Bucket", {}, {}, Condition="IsProd") is Severity.DANGER
