"""What is known of one execution, in the words of DescribePipelineExecution and ListPipelineExecutionSteps."""

import json
import secrets
import shutil
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from artefacts.definition.graph import Step
from artefacts.execution import Status
from local_runner.files import write_whole

ID_LENGTH = 12
"""Characters of an execution's id, as the service has it."""


@dataclass
class StepRecord:
    """One step of the execution."""

    name: str
    type: str
    status: Status | None = None
    """None before the step has started."""
    start_time: datetime | None = None
    end_time: datetime | None = None
    failure_reason: str = ""
    cache_hit_source: str = ""
    """ARN of the execution whose result was reused."""
    metadata: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    """Output name -> where it lies: a local path or an S3 URI."""
    image: str = ""
    """What its processing job runs in."""
    instance_type: str = ""
    instance_count: int = 0

    def elapsed_s(self, now: datetime) -> float:
        """Return how long the step has run, in seconds."""
        return ((self.end_time or now) - self.start_time).total_seconds() if self.start_time else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the step as ListPipelineExecutionSteps has it, with its type and where its outputs lie."""
        document = {
            "StepName": self.name,
            "StepType": self.type,
            "StepStatus": self.status,
            "StartTime": self.start_time.isoformat() if self.start_time else None,
            "EndTime": self.end_time.isoformat() if self.end_time else None,
            "FailureReason": self.failure_reason,
            "CacheHitResult": {"SourcePipelineExecutionArn": self.cache_hit_source} if self.cache_hit_source else None,
            "ImageUri": self.image,
            "Metadata": self.metadata,
            "Outputs": self.outputs,
        }
        return {name: value for name, value in document.items() if value}


@dataclass
class Execution:
    """One run of a pipeline."""

    id: str
    pipeline_arn: str
    parameters: dict[str, Any]
    created: datetime
    folder: Path
    """Where its files lie; `execution.json` is written here."""
    steps: dict[str, StepRecord]
    status: Status = Status.EXECUTING
    failure_reason: str = ""
    modified: datetime | None = None

    @classmethod
    def begin(
        cls, folder: Path, pipeline_arn: str, steps: Mapping[str, Step], parameters: dict[str, Any], now: datetime
    ) -> "Execution":
        """Return a new execution of *steps*, whose files lie in a new folder below *folder*."""
        alphabet = string.ascii_lowercase + string.digits
        execution_id = "".join(secrets.choice(alphabet) for _ in range(ID_LENGTH))
        own = folder / execution_id
        own.mkdir(parents=True)
        records = {step.name: StepRecord(step.name, step.type) for step in steps.values()}
        return cls(execution_id, pipeline_arn, parameters, now, own, records)

    @property
    def arn(self) -> str:
        """The execution's ARN."""
        return f"{self.pipeline_arn}/execution/{self.id}"

    @property
    def ended(self) -> bool:
        """Whether nothing of it runs any more."""
        return self.status.has_ended

    def variables(self, pipeline_name: str) -> dict[str, str]:
        """Return the execution variables that a definition can refer to."""
        return {
            "PipelineName": pipeline_name,
            "PipelineArn": self.pipeline_arn,
            "PipelineExecutionId": self.id,
            "PipelineExecutionArn": self.arn,
            "StartDateTime": self.created.isoformat(),
            "CurrentDateTime": self.created.isoformat(),
        }

    def reopen(self) -> None:
        """Make what did not succeed ready to be run again, as RetryPipelineExecution does; what succeeded stays."""
        for name, step in self.steps.items():
            if step.status != Status.SUCCEEDED:
                shutil.rmtree(self.folder / name, ignore_errors=True)
                self.steps[name] = StepRecord(name, step.type)
        self.status, self.failure_reason = Status.EXECUTING, ""

    def save(self, now: datetime) -> None:
        """Write what is known to `execution.json`; readers see the old file or the new one."""
        self.modified = now
        document = {
            "PipelineArn": self.pipeline_arn,
            "PipelineExecutionArn": self.arn,
            "PipelineExecutionStatus": self.status,
            "FailureReason": self.failure_reason,
            "CreationTime": self.created.isoformat(),
            "LastModifiedTime": now.isoformat(),
            "PipelineParameters": [{"Name": name, "Value": str(value)} for name, value in self.parameters.items()],
            "PipelineExecutionSteps": [step.to_dict() for step in self.steps.values() if step.status],
        }
        filled = {key: value for key, value in document.items() if value != ""}
        write_whole(self.folder / "execution.json", json.dumps(filled, indent=2, default=str) + "\n")
