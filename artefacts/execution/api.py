"""Reads an execution from the answers of SageMaker, AWS's or the stand-in's, with a client that somebody else made."""

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from artefacts.execution.model import Execution, Step

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

_ARN = re.compile(
    r"arn:[a-z-]+:sagemaker:(?P<region>[a-z0-9-]+):\d{12}:pipeline/(?P<pipeline>[^/]+)/execution/(?P<id>[^/]+)"
)

# The service says what a step ran, not what its type is called in the definition.
_TYPES = {"ProcessingJob": "Processing", "TrainingJob": "Training", "TuningJob": "Tuning"}


@dataclass(frozen=True)
class ExecutionArn:
    """The name of an execution, and what is in it."""

    text: str
    region: str
    pipeline: str
    id: str

    @classmethod
    def parse(cls, text: str) -> "ExecutionArn | None":
        """Take *text* apart; return None when it names no execution."""
        match = _ARN.fullmatch(text)
        return cls(text, match["region"], match["pipeline"], match["id"]) if match else None


def read_execution(arn: str, sagemaker: "SageMakerClient") -> Execution:
    """Return what SageMaker knows of the execution *arn*, with the steps that have started, the first one first."""
    described = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
    parameters = sagemaker.get_paginator("list_pipeline_parameters_for_execution")
    steps = sagemaker.get_paginator("list_pipeline_execution_steps")
    return Execution(
        arn=arn,
        pipeline_arn=described.get("PipelineArn", ""),
        status=described["PipelineExecutionStatus"],
        reason=described.get("FailureReason", ""),
        created=described.get("CreationTime"),
        modified=described.get("LastModifiedTime"),
        parameters={
            each["Name"]: each["Value"]
            for page in parameters.paginate(PipelineExecutionArn=arn)
            for each in page["PipelineParameters"]
        },
        steps=tuple(
            _read_step(each)
            for page in steps.paginate(PipelineExecutionArn=arn, SortOrder="Ascending")
            for each in page["PipelineExecutionSteps"]
        ),
    )


def _read_step(step: Mapping[str, Any]) -> Step:
    made = step.get("Metadata", {})
    kind = next(iter(made), "")
    return Step(
        name=step.get("StepName", ""),
        type=_TYPES.get(kind, kind),
        status=step.get("StepStatus", ""),
        started=step.get("StartTime"),
        ended=step.get("EndTime"),
        reason=step.get("FailureReason", ""),
        cache_source=step.get("CacheHitResult", {}).get("SourcePipelineExecutionArn", ""),
        attempts=step.get("AttemptCount", 0),
        made=made,
    )


def add_processing_jobs(execution: Execution, sagemaker: "SageMakerClient") -> Execution:
    """Return *execution* with what only descriptions of processing jobs have: messages, images, where they write."""
    return dataclasses.replace(execution, steps=tuple(_add_job(step, sagemaker) for step in execution.steps))


def _add_job(step: Step, sagemaker: "SageMakerClient") -> Step:
    arn = step.made.get("ProcessingJob", {}).get("Arn", "")
    if not arn:
        return step
    job = sagemaker.describe_processing_job(ProcessingJobName=arn.rpartition("/")[2])
    outputs = job.get("ProcessingOutputConfig", {}).get("Outputs", [])
    return dataclasses.replace(
        step,
        exit_message=job.get("ExitMessage", "").strip(),
        image=job.get("AppSpecification", {}).get("ImageUri", ""),
        outputs={each["OutputName"]: each["S3Output"]["S3Uri"] for each in outputs if "S3Output" in each},
    )


def read_definition(arn: str, sagemaker: "SageMakerClient") -> dict[str, Any]:
    """Return the definition that the execution *arn* was started with."""
    answer = sagemaker.describe_pipeline_definition_for_execution(PipelineExecutionArn=arn)
    definition: dict[str, Any] = json.loads(answer["PipelineDefinition"])
    return definition
