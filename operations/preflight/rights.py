"""The rights that a preflight needs."""

from collections.abc import Mapping
from typing import Any

from operations.rights import BUCKET, GROUPS, PIPELINES, KeyRight, Right, write_policy
from settings import Stage

_TELLING = ("pipeline_stack", "scoring_stack", "monitoring_stack", "deployment_stack")
_TOPIC = ("arn:aws:sns:{stage.region}:*:{stage.pipeline_stack}-*",)
_QUEUE = ("arn:aws:sqs:{stage.region}:*:{stage.pipeline_stack}-preflight-*",)
_STACK = "arn:aws:cloudformation:{stage.region}:*:stack/"

READ: Mapping[str, Right] = {
    "GetCallerIdentity": Right("sts:GetCallerIdentity"),
    "GetParameter": Right(
        "ssm:GetParameter", ("arn:aws:ssm:{stage.region}:*:parameter/cdk-bootstrap/hnb659fds/version",)
    ),
    "GetBucketEncryption": Right(
        "s3:GetEncryptionConfiguration", ("arn:aws:s3:::cdk-hnb659fds-assets-*-{stage.region}",)
    ),
    "DescribeKey": Right("kms:DescribeKey"),
    "ListServiceQuotas": Right("servicequotas:ListServiceQuotas"),
    "ListAWSDefaultServiceQuotas": Right("servicequotas:ListAWSDefaultServiceQuotas"),
    "DescribeStacks": Right(
        "cloudformation:DescribeStacks",
        tuple(f"{_STACK}{{stage.{name}}}/*" for name in ("storage_stack", *_TELLING)),
    ),
    "ListStackResources": Right(
        "cloudformation:ListStackResources",
        tuple(f"{_STACK}{{stage.{name}}}/*" for name in _TELLING),
    ),
    "GetResources": Right("tag:GetResources"),
    "DescribeModelPackageGroup": Right("sagemaker:DescribeModelPackageGroup", GROUPS),
    "DescribePipeline": Right("sagemaker:DescribePipeline", PIPELINES),
    "ListObjectsV2": Right("s3:ListBucket", (BUCKET,)),
    "ListSubscriptionsByTopic": Right(
        "sns:ListSubscriptionsByTopic", tuple(f"arn:aws:sns:{{stage.region}}:*:{{stage.{name}}}-*" for name in _TELLING)
    ),
    "DescribeRule": Right(
        "events:DescribeRule",
        tuple(f"arn:aws:events:{{stage.region}}:*:rule/{{stage.{name}}}-*" for name in _TELLING),
    ),
    "ListFunctions": Right("lambda:ListFunctions"),
    "ListQueues": Right("sqs:ListQueues"),
    "ListTopics": Right("sns:ListTopics"),
    "ListRules": Right("events:ListRules"),
    "DescribeAlarms": Right("cloudwatch:DescribeAlarms"),
    "DescribeLogGroups": Right("logs:DescribeLogGroups"),
    "ListAliases": Right("kms:ListAliases"),
}

SEND: Mapping[str, Right] = {
    "CreateQueue": Right("sqs:CreateQueue", _QUEUE),
    "ReceiveMessage": Right("sqs:ReceiveMessage", _QUEUE),
    "DeleteQueue": Right("sqs:DeleteQueue", _QUEUE),
    "Subscribe": Right("sns:Subscribe", _TOPIC),
    "Unsubscribe": Right("sns:Unsubscribe"),
    "Publish": Right("sns:Publish", _TOPIC),
}

KEYS = (KeyRight(("kms:Decrypt", "kms:GenerateDataKey"), "sns"),)
"""Of the topic, for the test message."""


def find_action(operation: str) -> str:
    """Return the action that IAM asks for when *operation* is called; of a call that is the SDK's own, its name."""
    return {**READ, **SEND}.get(operation, Right(operation)).action


def build_policy(stage: Stage, *, send_test: bool) -> dict[str, Any]:
    """Return the IAM policy that a preflight of *stage* needs, and no more."""
    if send_test:
        return write_policy(stage, [*READ.values(), *SEND.values()], KEYS)
    return write_policy(stage, READ.values())
