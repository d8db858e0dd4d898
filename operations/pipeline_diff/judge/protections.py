"""Properties with which a resource protects what it holds, or lets others in, beside policies; other than by a policy.

Sources: the reference of each type in the CloudFormation template reference; "Blocking public access to your Amazon S3
storage"; "Control access to Lambda function URLs".
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from operations.pipeline_diff.change import Area, Severity
from operations.pipeline_diff.compare.differences import ABSENT


class Rule(NamedTuple):
    """When a change of a property matters, and what it means."""

    matters: Callable[[Any, Any], bool]
    """Given the value before and after."""
    area: Area
    severity: Severity
    why: str


def _given(_before: Any, after: Any) -> bool:
    return after is not ABSENT


def _off(_before: Any, after: Any) -> bool:
    return after in (ABSENT, False, "false", "Suspended", "Disabled")


def _always(_before: Any, _after: Any) -> bool:
    return True


def _sooner(before: Any, after: Any) -> bool:
    """Return whether days became fewer, or may have; without any, logs stay."""
    if not isinstance(before, int) or not isinstance(after, int):
        return after is not ABSENT
    return after < before


def _to_others(_before: Any, after: Any) -> bool:
    return after not in (ABSENT, "Private", "LogDeliveryWrite", "BucketOwnerFullControl")


_MEMBER = Rule(_given, Area.PERMISSION, Severity.DANGER, "Whoever is added may do what the policy or group allows.")

_RULES: Mapping[tuple[str, str], Rule] = {
    ("AWS::IAM::ManagedPolicy", "Roles"): _MEMBER,
    ("AWS::IAM::ManagedPolicy", "Users"): _MEMBER,
    ("AWS::IAM::ManagedPolicy", "Groups"): _MEMBER,
    ("AWS::IAM::Policy", "Users"): _MEMBER,
    ("AWS::IAM::Policy", "Groups"): _MEMBER,
    ("AWS::IAM::User", "Groups"): _MEMBER,
    ("AWS::IAM::UserToGroupAddition", "Users"): _MEMBER,
    ("AWS::IAM::UserToGroupAddition", "GroupName"): _MEMBER,
    ("AWS::IAM::InstanceProfile", "Roles"): _MEMBER,
    ("AWS::Serverless::Function", "Policies"): _MEMBER,
    ("AWS::Lambda::Url", "AuthType"): Rule(
        lambda _before, after: after != "AWS_IAM", Area.PERMISSION, Severity.DANGER, "Anybody may call the address."
    ),
    ("AWS::S3::Bucket", "AccessControl"): Rule(
        _to_others, Area.PERMISSION, Severity.DANGER, "Others than the account may read or write its files."
    ),
    ("AWS::S3::Bucket", "PublicAccessBlockConfiguration"): Rule(
        _off, Area.PERMISSION, Severity.DANGER, "A policy or list may make its files public."
    ),
    ("AWS::S3::Bucket", "VersioningConfiguration"): Rule(
        _off, Area.RESOURCE, Severity.DANGER, "What is overwritten or deleted is lost."
    ),
    ("AWS::S3::Bucket", "LifecycleConfiguration"): Rule(
        _given, Area.RESOURCE, Severity.REVIEW, "It may delete files that were kept."
    ),
    ("AWS::S3::Bucket", "BucketEncryption"): Rule(
        _always, Area.RESOURCE, Severity.REVIEW, "New files are encrypted in another way."
    ),
    ("AWS::Logs::LogGroup", "RetentionInDays"): Rule(
        _sooner, Area.RESOURCE, Severity.REVIEW, "Older logs are deleted."
    ),
    ("AWS::KMS::Key", "Enabled"): Rule(
        _off, Area.RESOURCE, Severity.DANGER, "Nothing that it encrypted can be read while it is off."
    ),
    ("AWS::SageMaker::Pipeline", "PipelineDefinition"): Rule(
        _always, Area.OTHER, Severity.REVIEW, "The definition lies in S3: its steps are not compared."
    ),
    ("AWS::CloudFormation::Stack", "TemplateURL"): Rule(
        _always, Area.OTHER, Severity.DANGER, "What the nested template changes is not compared."
    ),
}


def find_rule(kind: str, name: str, before: Any, after: Any) -> Rule | None:
    """Return what a change of the property *name* of a *kind* means, where that is more than a change."""
    rule = _RULES.get((kind, name))
    return rule if rule and rule.matters(before, after) else None


def find_rule_of_new(kind: str, properties: Mapping[str, Any]) -> Rule | None:
    """Return what a new resource of *kind* means by what it lets in; what is new protects as much as it does."""
    found = (find_rule(kind, name, ABSENT, value) for name, value in properties.items())
    return next((rule for rule in found if rule and rule.area is not Area.RESOURCE), None)
