"""The rights that it takes to operate executions: to start, watch, list, show, stop, retry and report them."""

from collections.abc import Mapping
from typing import Any

from operations.rights import BUCKET, GROUPS, PIPELINES, SAGEMAKER, VERSIONS, KeyRight, Right, write_policy
from settings import Stage

_EXECUTIONS = tuple(f"{each}/execution/*" for each in PIPELINES)
_LOGS = "arn:aws:logs:{stage.region}:*:log-group:/aws/sagemaker/*"

READ: Mapping[str, Right] = {
    "DescribePipeline": Right("sagemaker:DescribePipeline", PIPELINES),
    "ListPipelineExecutions": Right("sagemaker:ListPipelineExecutions", PIPELINES),
    "DescribePipelineExecution": Right("sagemaker:DescribePipelineExecution", _EXECUTIONS),
    "ListPipelineExecutionSteps": Right("sagemaker:ListPipelineExecutionSteps", _EXECUTIONS),
    "ListPipelineParametersForExecution": Right("sagemaker:ListPipelineParametersForExecution", _EXECUTIONS),
    "DescribePipelineDefinitionForExecution": Right("sagemaker:DescribePipelineDefinitionForExecution", _EXECUTIONS),
    "DescribeProcessingJob": Right(
        "sagemaker:DescribeProcessingJob", (f"{SAGEMAKER}processing-job/{{stage.job_prefix}}-*",)
    ),
    "ListTrainingJobsForHyperParameterTuningJob": Right(
        "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
        (f"{SAGEMAKER}hyper-parameter-tuning-job/{{stage.tuning_job_prefix}}-*",),
    ),
    "ListModelPackages": Right("sagemaker:ListModelPackages", (*GROUPS, *VERSIONS)),
    "DescribeModelPackage": Right("sagemaker:DescribeModelPackage", VERSIONS),
    "DescribeLogStreams": Right("logs:DescribeLogStreams", (_LOGS,)),
    "GetLogEvents": Right("logs:GetLogEvents", (f"{_LOGS}:log-stream:*",)),
    "GetObject": Right(
        "s3:GetObject", tuple(f"{BUCKET}/{each}/*" for each in ("models", "executions", "predictions", "monitoring"))
    ),
}
"""By operation: what it takes to see everything. The jobs of an execution begin with the stage's prefix: 0018."""

CHANGE: Mapping[str, Right] = {
    "StartPipelineExecution": Right("sagemaker:StartPipelineExecution", PIPELINES),
    "ListObjectVersions": Right("s3:ListBucketVersions", (BUCKET,)),
    "StopPipelineExecution": Right("sagemaker:StopPipelineExecution", _EXECUTIONS),
    "RetryPipelineExecution": Right("sagemaker:RetryPipelineExecution", _EXECUTIONS),
}

KEYS = (KeyRight(("kms:Decrypt",), "s3"),)
"""Of the data bucket, for the documents of an execution."""


def build_policy(stage: Stage, *, only_read: bool = False) -> dict[str, Any]:
    """Return the IAM policy of whoever operates executions of *stage*, or only looks at them."""
    return write_policy(stage, [*READ.values(), *([] if only_read else CHANGE.values())], KEYS)
