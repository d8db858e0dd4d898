"""Executions of the pipeline, as SageMaker describes them."""

from botocore.exceptions import ClientError

from artefacts.execution import Step as ExecutedStep
from artefacts.execution.api import read_execution
from operations.aws import Aws
from operations.aws_errors import is_missing
from operations.verify_account.observations import Run, Step


def list_executions(pipeline: str, aws: Aws) -> list[str]:
    """Return the ARNs of the newest executions, the newest first."""
    found = aws.sagemaker.list_pipeline_executions(PipelineName=pipeline)
    return [each["PipelineExecutionArn"] for each in found["PipelineExecutionSummaries"]]


def read_run(arn: str, aws: Aws) -> Run | None:
    """Return what is known of an execution, or None where it is not known yet."""
    try:
        execution = read_execution(arn, aws.sagemaker)
    except ClientError as error:
        if is_missing(error):
            return None
        raise
    steps = {step.name: _choose_facts(step) for step in execution.steps}
    return Run(arn, execution.status, execution.parameters.get("DataVersion", ""), steps)


def _choose_facts(step: ExecutedStep) -> Step:
    """Return of *step* what evidence may have."""
    took = step.ended - step.started if step.ended and step.started else None
    return Step(
        status=step.status,
        reason=step.reason,
        cached=bool(step.cache_source),
        seconds=round(took.total_seconds()) if took is not None else None,
        made=next((each["Arn"] for each in step.made.values() if "Arn" in each), ""),
    )
