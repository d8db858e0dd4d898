"""Executions of the pipeline, as SageMaker describes them."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from operations.aws import Aws
from operations.verify_account.observations import Run, Step


def list_executions(pipeline: str, aws: Aws) -> list[str]:
    """Return the ARNs of the newest executions, the newest first."""
    found = aws.sagemaker.list_pipeline_executions(PipelineName=pipeline)
    return [each["PipelineExecutionArn"] for each in found["PipelineExecutionSummaries"]]


def read_run(arn: str, aws: Aws) -> Run | None:
    """Return what is known of an execution, or None where it is not known yet."""
    try:
        status = aws.sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)["PipelineExecutionStatus"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFound":
            return None
        raise
    steps = aws.sagemaker.get_paginator("list_pipeline_execution_steps").paginate(PipelineExecutionArn=arn)
    parameters = aws.sagemaker.get_paginator("list_pipeline_parameters_for_execution").paginate(
        PipelineExecutionArn=arn
    )
    given = {each["Name"]: each["Value"] for page in parameters for each in page["PipelineParameters"]}
    return Run(
        arn,
        status,
        given.get("DataVersion", ""),
        {each["StepName"]: _read_step(each) for page in steps for each in page["PipelineExecutionSteps"]},
    )


def _read_step(step: Mapping[str, Any]) -> Step:
    took = step["EndTime"] - step["StartTime"] if "EndTime" in step and "StartTime" in step else None
    return Step(
        status=step["StepStatus"],
        reason=step.get("FailureReason", ""),
        cached="CacheHitResult" in step,
        seconds=round(took.total_seconds()) if took is not None else None,
        made=next((each["Arn"] for each in step.get("Metadata", {}).values() if "Arn" in each), ""),
    )
