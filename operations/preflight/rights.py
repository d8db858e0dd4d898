"""The rights that a preflight needs: for each call the action that IAM asks for, and the least that it is asked on."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from settings import Stage


class Right(NamedTuple):
    """What IAM asks for at a call; resources are templates that a stage fills in."""

    action: str
    resources: tuple[str, ...] = ("*",)


_TOPIC = ("arn:aws:sns:{stage.region}:*:{stage.pipeline_stack}-*",)
_QUEUE = ("arn:aws:sqs:{stage.region}:*:{stage.pipeline_stack}-preflight-*",)
_STACK = "arn:aws:cloudformation:{stage.region}:*:stack/"
_SAGEMAKER = "arn:aws:sagemaker:{stage.region}:*:"

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
        "cloudformation:DescribeStacks", (f"{_STACK}{{stage.storage_stack}}/*", f"{_STACK}{{stage.pipeline_stack}}/*")
    ),
    "ListStackResources": Right("cloudformation:ListStackResources", (f"{_STACK}{{stage.pipeline_stack}}/*",)),
    "GetResources": Right("tag:GetResources"),
    "DescribeModelPackageGroup": Right(
        "sagemaker:DescribeModelPackageGroup",
        # In both spellings: SageMaker's ARNs have names in lower case, its questions to IAM not always.
        (
            f"{_SAGEMAKER}model-package-group/{{stage.model_package_group_name}}",
            f"{_SAGEMAKER}model-package-group/{{group}}",
        ),
    ),
    "DescribePipeline": Right("sagemaker:DescribePipeline", (f"{_SAGEMAKER}pipeline/{{stage.pipeline_name}}",)),
    "ListObjectsV2": Right("s3:ListBucket", ("arn:aws:s3:::{stage.storage_stack}-*",)),
    "ListSubscriptionsByTopic": Right("sns:ListSubscriptionsByTopic", _TOPIC),
    "DescribeRule": Right("events:DescribeRule", ("arn:aws:events:{stage.region}:*:rule/{stage.pipeline_stack}-*",)),
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

_THROUGH_SNS = ["kms:Decrypt", "kms:GenerateDataKey"]
"""What SNS does with the topic's key in the name of whoever publishes."""


def find_action(operation: str) -> str:
    """Return the action that IAM asks for when *operation* is called; of a call that is the SDK's own, its name."""
    return {**READ, **SEND}.get(operation, Right(operation)).action


def build_policy(stage: Stage, *, send_test: bool) -> dict[str, Any]:
    """Return the IAM policy that a preflight of *stage* needs, and no more."""
    by_resources: dict[tuple[str, ...], list[str]] = {}
    for right in {**READ, **(SEND if send_test else {})}.values():
        by_resources.setdefault(right.resources, []).append(right.action)
    group = stage.model_package_group_name.lower()
    statements: list[dict[str, Any]] = [
        {
            "Effect": "Allow",
            "Action": sorted(actions),
            "Resource": [each.format(stage=stage, group=group) for each in resources],
        }
        for resources, actions in by_resources.items()
    ]
    if send_test:
        through = {"StringEquals": {"kms:ViaService": f"sns.{stage.region}.amazonaws.com"}}
        statements.append({"Effect": "Allow", "Action": _THROUGH_SNS, "Resource": ["*"], "Condition": through})
    return {"Version": "2012-10-17", "Statement": statements}
