"""The events that the service sends to EventBridge about executions, steps and model packages."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ministack.services import eventbridge

from local_aws.sagemaker.records import Record
from local_runner.record.execution import Execution, StepRecord

_PIPELINE = "SageMaker Model Building Pipeline Execution"


class StateChanges:
    """Tells of an execution whenever its status, or that of a step, is another than the last time."""

    def __init__(self) -> None:
        self._execution = ""
        self._steps: dict[str, str] = {}

    def observe(self, execution: Execution) -> None:
        """Look at *execution* and send an event for everything that is new."""
        for step in list(execution.steps.values()):
            previous = self._steps.get(step.name, "")
            if step.status and step.status != previous:
                self._steps[step.name] = step.status
                _of_pipeline("Step Status Change", execution, _step(step, previous))
        if execution.status != self._execution:
            previous, self._execution = self._execution, execution.status
            _of_pipeline("Status Change", execution, _execution(execution, previous))


def model_package_changed(package: Record) -> None:
    """Tell of the state that a version is in now."""
    detail = {key: value for key, value in package.items() if key in _OF_PACKAGE}
    _send("SageMaker Model Package State Change", [package["ModelPackageArn"]], detail)


_OF_PACKAGE = (
    "ModelPackageGroupName",
    "ModelPackageVersion",
    "ModelPackageArn",
    "ModelPackageDescription",
    "CreationTime",
    "InferenceSpecification",
    "ModelPackageStatus",
    "ModelPackageStatusDetails",
    "ModelApprovalStatus",
    "ApprovalDescription",
    "CustomerMetadataProperties",
)


def _execution(execution: Execution, previous: str) -> Record:
    return {
        "currentPipelineExecutionStatus": execution.status,
        "previousPipelineExecutionStatus": previous,
        "executionStartTime": _time(execution.created),
        "executionEndTime": _time(execution.modified) if execution.ended else "",
    }


def _step(step: StepRecord, previous: str) -> Record:
    return {
        "stepName": step.name,
        "stepType": step.type,
        "stepStartTime": _time(step.start_time),
        "stepEndTime": _time(step.end_time),
        "currentStepStatus": step.status,
        "previousStepStatus": previous,
        "failureReason": step.failure_reason,
        "metadata": _lower(step.metadata),
        "cacheHitResult": {"sourcePipelineExecutionArn": step.cache_hit_source} if step.cache_hit_source else {},
    }


def _of_pipeline(change: str, execution: Execution, detail: Record) -> None:
    arns = {"pipelineArn": execution.pipeline_arn, "pipelineExecutionArn": execution.arn}
    filled = {key: value for key, value in detail.items() if value}
    _send(f"{_PIPELINE} {change}", list(arns.values()), arns | filled)


def _send(detail_type: str, resources: list[str], detail: Record) -> None:
    entry = {
        "Source": "aws.sagemaker",
        "DetailType": detail_type,
        "Resources": resources,
        "Detail": json.dumps(detail, default=str),
    }
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def _time(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def _lower(node: Any) -> Any:
    """Return *node* with member names as events have them: `ProcessingJob` is `processingJob`."""
    match node:
        case Mapping():
            return {key[:1].lower() + key[1:]: _lower(value) for key, value in node.items()}
        case list():
            return [_lower(each) for each in node]
        case _:
            return node
