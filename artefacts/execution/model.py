"""An execution and its steps, in the words of DescribePipelineExecution and ListPipelineExecutionSteps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from artefacts.definition.instances import Instances
from artefacts.documents import text_at

_JOBS = ("ProcessingJob", "TrainingJob", "TuningJob")
"""Members of a step's Metadata that name a job."""


class Status(StrEnum):
    """What PipelineExecutionStatus and StepStatus can be; another is kept as it is written."""

    STARTING = "Starting"
    EXECUTING = "Executing"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    FAILED = "Failed"
    COMPLETED_WITH_FAILURES = "CompletedWithFailures"
    """Only events have it: docs/decisions/0021."""
    SUCCEEDED = "Succeeded"

    @property
    def has_ended(self) -> bool:
        """Whether nothing runs any more."""
        return self in ENDED


ENDED = frozenset({Status.STOPPED, Status.FAILED, Status.COMPLETED_WITH_FAILURES, Status.SUCCEEDED})


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step; what is unknown is empty."""

    name: str = ""
    type: str = ""
    """As the definition has it."""
    status: str = ""
    """Empty before it has started."""
    started: datetime | None = None
    ended: datetime | None = None
    reason: str = ""
    """Why it failed, in the service's words."""
    exit_message: str = ""
    """What its processing job said itself."""
    cache_source: str = ""
    """ARN of the execution whose result was reused."""
    attempts: int = 0
    """How often it was tried; 0 where nobody counted."""
    made: Mapping[str, Any] = field(default_factory=dict)
    """What it made, by its type: the service's Metadata."""
    outputs: Mapping[str, str] = field(default_factory=dict)
    """Output -> the folder, or the S3 URI, that holds its files."""
    instances: Instances | None = None
    image: str = ""
    """What its processing job runs in."""

    @property
    def has_ended(self) -> bool:
        """Whether nothing of it runs any more."""
        return self.status in ENDED

    @property
    def failure(self) -> str:
        """Why it failed: in its job's own words first, where the service does not repeat them."""
        reason = self.reason or text_at(self.made, "Fail", "ErrorMessage")
        words = self.exit_message if self.status == Status.FAILED else ""
        if not reason or words in reason:
            return reason or words
        return f"{words} ({reason})"

    @property
    def job_kind(self) -> str:
        """`ProcessingJob`, `TrainingJob` or `TuningJob`; empty where it started no job."""
        return next((kind for kind in _JOBS if text_at(self.made, kind, "Arn") and not self.cache_source), "")

    @property
    def job(self) -> str:
        """Name of the job that it started; empty where it started none."""
        return text_at(self.made, self.job_kind, "Arn").rpartition("/")[2]

    def elapsed_s(self, now: datetime) -> float | None:
        """Return how long it has run, waiting for an instance included; None before it has started."""
        return ((self.ended or now) - self.started).total_seconds() if self.started else None

    def instance_hours(self, now: datetime) -> float | None:
        """Return what it has had of its instances, at most: waiting is not billed; None where it has none."""
        elapsed_s = self.elapsed_s(now)
        if self.instances is None or elapsed_s is None:
            return None
        return 0.0 if self.cache_source else self.instances.count * elapsed_s / 3600


@dataclass(frozen=True, kw_only=True)
class Execution:
    """One run of a pipeline; what is unknown is empty."""

    arn: str = ""
    pipeline_arn: str = ""
    status: str = ""
    reason: str = ""
    created: datetime | None = None
    modified: datetime | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    steps: Sequence[Step] = ()

    @property
    def id(self) -> str:
        """Its id, which names of jobs and prefixes in S3 have."""
        return self.arn.rpartition("/")[2]

    @property
    def pipeline(self) -> str:
        """Name of the pipeline."""
        return self.pipeline_arn.rpartition("/")[2]

    @property
    def has_ended(self) -> bool:
        """Whether nothing of it runs any more."""
        return self.status in ENDED

    @property
    def failed_steps(self) -> list[Step]:
        """The steps that failed, the first one first."""
        return [step for step in self.steps if step.status == Status.FAILED]

    @property
    def package_arn(self) -> str:
        """ARN of the model version that it registered; empty where it registered none."""
        return next(filter(None, (text_at(step.made, "RegisterModel", "Arn") for step in self.steps)), "")

    def find_step(self, name: str) -> Step | None:
        """Return the step called *name*."""
        return next((step for step in self.steps if step.name == name), None)

    def elapsed_s(self, now: datetime) -> float | None:
        """Return how long it has run."""
        if self.created is None:
            return None
        return ((self.modified if self.has_ended and self.modified else now) - self.created).total_seconds()
