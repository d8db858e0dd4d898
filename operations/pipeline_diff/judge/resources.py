"""What a deployment does to the resources of the stacks, and whether data goes with them."""

import json
from collections.abc import Iterator

from operations.pipeline_diff.change import Area, Change, Severity
from operations.pipeline_diff.compare.differences import Difference, say
from operations.pipeline_diff.compare.resources import ResourcePair, is_compared_elsewhere
from operations.pipeline_diff.judge.protections import find_rule, find_rule_of_new
from operations.pipeline_diff.judge.replacement import Update, UpdateBehaviours

STATEFUL = {
    "AWS::S3::Bucket": "files",
    "AWS::KMS::Key": "the key, without which nothing that it encrypted can be read",
    "AWS::SageMaker::ModelPackageGroup": "registered models",
    "AWS::SQS::Queue": "messages that nobody has read",
    "AWS::SNS::Topic": "subscriptions, which people have confirmed",
    "AWS::Logs::LogGroup": "logs",
    "AWS::DynamoDB::Table": "items",
    "AWS::DynamoDB::GlobalTable": "items",
    "AWS::ECR::Repository": "images",
    "AWS::EFS::FileSystem": "files",
    "AWS::RDS::DBInstance": "tables",
    "AWS::RDS::DBCluster": "tables",
    "AWS::SageMaker::Domain": "people's files",
    "AWS::SageMaker::FeatureGroup": "features",
    "AWS::SageMaker::NotebookInstance": "people's files",
    "AWS::SecretsManager::Secret": "secrets",
    "AWS::SSM::Parameter": "values",
}
"""Type -> what is lost with such a resource."""

_KEPT = ("Retain", "RetainExceptOnCreate", "Snapshot")
_POLICIES = ("DeletionPolicy", "UpdateReplacePolicy")
_SCHEDULED = ("AWS::Events::Rule", "AWS::Scheduler::Schedule")
_NAMES = ("BucketName", "ModelPackageGroupName", "FunctionName", "QueueName", "TopicName", "LogGroupName", "RoleName")


def judge_resource(pair: ResourcePair, behaviours: UpdateBehaviours) -> Iterator[Change]:
    """Yield what happens to one resource."""
    if pair.before is None or pair.after is None or pair.before["Type"] != pair.after["Type"]:
        yield from _judge_whole(pair)
        return
    for difference in pair.differences():
        if _is_policy(difference):
            continue
        if is_compared_elsewhere(pair, difference):
            continue
        update = behaviours.find(pair.kind, difference.path[1]) if _is_property(difference) else Update.IN_PLACE
        yield _judge_difference(pair, difference, update)
    yield from _judge_policies(pair)


def _judge_whole(pair: ResourcePair) -> Iterator[Change]:
    """Yield that a resource is there no more, or is new, or is another one."""
    if pair.before is not None:
        lost = STATEFUL.get(pair.before["Type"])
        kept = pair.before.get("DeletionPolicy") in _KEPT
        why = f"It holds {lost}." if lost else ""
        if lost and kept:
            why += " They stay in the account, but no stack has them any more."
        unread = pair.kind == "AWS::CloudFormation::Stack"
        why = "What the nested template holds is not known here." if unread else why
        severity = Severity.REVIEW if kept and lost else Severity.DANGER if lost or unread else Severity.NOTE
        what = "removed, and kept" if kept else "destroyed"
        yield Change(_area(pair), pair.name, what, pair.before["Type"], None, severity, why)
    if pair.after is not None:
        rule = find_rule_of_new(pair.kind, pair.after.get("Properties", {}))
        area, severity, why = (rule.area, rule.severity, rule.why) if rule else (_area(pair), Severity.NOTE, "")
        yield Change(area, pair.name, "added", None, pair.after["Type"], severity, why)


def _judge_difference(pair: ResourcePair, difference: Difference, update: Update) -> Change:
    where = difference.where.removeprefix("Properties.")
    texts = difference.said_before, difference.said_after
    if difference.path[0] == "Condition" and pair.after and "Condition" in pair.after:
        severity = Severity.DANGER if pair.kind in STATEFUL else Severity.REVIEW
        return Change(Area.RESOURCE, pair.name, where, *texts, severity, "It is there only if the condition is met.")
    rule = (
        find_rule(pair.kind, difference.path[1], difference.before, difference.after) if difference.path[1:] else None
    )
    if rule and (rule.area is Area.PERMISSION or update in (Update.IN_PLACE, Update.UNKNOWN)):
        return Change(rule.area, pair.name, where, *texts, rule.severity, rule.why)
    if update is Update.IN_PLACE:
        severity = Severity.REVIEW if _starts_a_pipeline(pair) else Severity.NOTE
        return Change(_area(pair), pair.name, where, *texts, severity)
    if update is Update.UNKNOWN:
        why = f"Whether {pair.kind} is replaced then is not known here."
        severity = Severity.DANGER if pair.kind in STATEFUL else Severity.REVIEW
        return Change(_area(pair), pair.name, f"{update}: {where}", *texts, severity, why)
    lost = STATEFUL.get(pair.kind)
    why = f"The new one has none of what the old one holds: {lost}." if lost else "The new one gets another identity."
    if any(name in pair.after["Properties"] and name != difference.path[1] for name in _NAMES if pair.after):
        why += " Its name is fixed, and taken: the deployment will fail."
    severity = Severity.DANGER if lost else Severity.REVIEW
    return Change(Area.RESOURCE, pair.name, f"{update}: {where}", *texts, severity, why)


def _judge_policies(pair: ResourcePair) -> Iterator[Change]:
    """Yield what happens to it when it is removed or replaced, where that changes."""
    for policy in _POLICIES:
        before, after = ((each or {}).get(policy) for each in (pair.before, pair.after))
        if before != after:
            lost = STATEFUL.get(pair.kind)
            careless = before in _KEPT and after not in _KEPT
            why = f"The next removal or replacement destroys {lost or 'it'}." if careless else ""
            severity = Severity.DANGER if careless and lost else Severity.REVIEW if careless else Severity.NOTE
            texts = [None if each is None else say(each) for each in (before, after)]
            yield Change(Area.RESOURCE, pair.name, policy, texts[0], texts[1], severity, why)


def _is_policy(difference: Difference) -> bool:
    return difference.path[0] in _POLICIES


def _is_property(difference: Difference) -> bool:
    return difference.path[0] == "Properties" and len(difference.path) > 1


def _area(pair: ResourcePair) -> Area:
    return Area.SCHEDULE if _starts_a_pipeline(pair) else Area.RESOURCE


def _starts_a_pipeline(pair: ResourcePair) -> bool:
    return pair.kind in _SCHEDULED and "SageMakerPipelineParameters" in json.dumps([pair.before, pair.after])
