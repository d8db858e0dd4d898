"""The rights that a verification needs."""

from collections.abc import Mapping
from typing import Any

from operations.rights import BUCKET, GROUPS, PIPELINES, SAGEMAKER, VERSIONS, KeyRight, Right, write_policy
from settings import Stage

_OURS = "emp-bonus-{stage.name}-verification-*"
_STACKS = tuple(
    f"arn:aws:cloudformation:{{stage.region}}:*:stack/{{stage.{name}}}/*"
    for name in ("storage_stack", "pipeline_stack")
)
_RAW = (f"{BUCKET}/raw/verification-*",)
_QUEUE = (f"arn:aws:sqs:{{stage.region}}:*:{_OURS}",)
_TOPIC = ("arn:aws:sns:{stage.region}:*:{stage.pipeline_stack}-*",)
_OWN_RULE = (f"arn:aws:events:{{stage.region}}:*:rule/{_OURS}",)
_RULES = (*_OWN_RULE, "arn:aws:events:{stage.region}:*:rule/{stage.pipeline_stack}-*")
_PIPELINE = PIPELINES[:1]
_EXECUTIONS = (f"{_PIPELINE[0]}/execution/*",)

RIGHTS: Mapping[str, Right] = {
    "DescribeStacks": Right("cloudformation:DescribeStacks", _STACKS),
    "DescribeStackResources": Right("cloudformation:DescribeStackResources", _STACKS),
    "DescribeRule": Right("events:DescribeRule", _RULES),
    "PutRule": Right("events:PutRule", _RULES),
    "DeleteRule": Right("events:DeleteRule", _OWN_RULE),
    "PutTargets": Right("events:PutTargets", _OWN_RULE),
    "RemoveTargets": Right("events:RemoveTargets", _OWN_RULE),
    "CreateQueue": Right("sqs:CreateQueue", _QUEUE),
    "ReceiveMessage": Right("sqs:ReceiveMessage", _QUEUE),
    "DeleteMessage": Right("sqs:DeleteMessage", _QUEUE),
    "DeleteQueue": Right("sqs:DeleteQueue", _QUEUE),
    "Subscribe": Right("sns:Subscribe", _TOPIC),
    "Unsubscribe": Right("sns:Unsubscribe"),
    "PutObject": Right("s3:PutObject", _RAW),
    "DeleteObject": Right("s3:DeleteObjectVersion", _RAW),
    "ListObjectsV2": Right("s3:ListBucket", (BUCKET,)),
    "ListPipelineExecutions": Right("sagemaker:ListPipelineExecutions", _PIPELINE),
    "StartPipelineExecution": Right("sagemaker:StartPipelineExecution", _PIPELINE),
    "StopPipelineExecution": Right("sagemaker:StopPipelineExecution", _EXECUTIONS),
    "DescribePipelineExecution": Right("sagemaker:DescribePipelineExecution", _EXECUTIONS),
    "ListPipelineExecutionSteps": Right("sagemaker:ListPipelineExecutionSteps", _EXECUTIONS),
    "ListPipelineParametersForExecution": Right("sagemaker:ListPipelineParametersForExecution", _EXECUTIONS),
    "ListModelPackages": Right("sagemaker:ListModelPackages", (*GROUPS, *VERSIONS)),
    "UpdateModelPackage": Right("sagemaker:UpdateModelPackage", VERSIONS),
    "DescribeProcessingJob": Right(
        "sagemaker:DescribeProcessingJob", (f"{SAGEMAKER}processing-job/{{stage.job_prefix}}-*",)
    ),
    "ListTags": Right("sagemaker:ListTags", (*_PIPELINE, *GROUPS)),
    "GetMetricData": Right("cloudwatch:GetMetricData"),
    "DescribeAlarms": Right("cloudwatch:DescribeAlarms"),
    "DescribeAlarmHistory": Right("cloudwatch:DescribeAlarmHistory"),
    "DescribeLogStreams": Right(
        "logs:DescribeLogStreams", ("arn:aws:logs:{stage.region}:*:log-group:/aws/sagemaker/*",)
    ),
    "LookupEvents": Right("cloudtrail:LookupEvents"),
}

KEYS = (KeyRight(("kms:GenerateDataKey",), "s3"),)
"""Of the data bucket, for what is uploaded."""


def build_policy(stage: Stage) -> dict[str, Any]:
    """Return the IAM policy that a verification of *stage* needs, and no more."""
    return write_policy(stage, RIGHTS.values(), KEYS)
