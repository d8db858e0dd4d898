"""What was seen in the account, in chosen facts: of these assumptions are judged, and evidence is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Document = Mapping[str, Any]


class Purpose(StrEnum):
    """What an execution was started for."""

    GOOD = "good data"
    AGAIN = "the same data, with a champion"
    STOPPED = "to be stopped"
    BROKEN = "data that breaks the contract"
    SCHEDULED = "by the schedule"


@dataclass(frozen=True)
class Step:
    """A step of an execution; without a status where it did not begin."""

    status: str = ""
    reason: str = ""
    cached: bool = False
    seconds: int | None = None
    made: str = ""
    """ARN of the job or of the model version."""

    @property
    def job(self) -> str:
        """Name of the job that this step started; empty where it started none."""
        return self.made.rpartition("/")[2] if "-job/" in self.made and not self.cached else ""


@dataclass(frozen=True)
class Run:
    """An execution."""

    arn: str
    status: str = ""
    data_version: str = ""
    steps: Mapping[str, Step] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its id, which events, messages and job names have."""
        return self.arn.rpartition("/")[2]


@dataclass(frozen=True)
class Message:
    """What the topic sent: the first line, and the id of the execution that it is about."""

    headline: str
    execution: str = ""


@dataclass(frozen=True)
class RefusedData:
    """The processing job that broken data made fail."""

    reason: str = ""
    exit_message: str = ""
    has_report: bool = False
    """Whether the report of the statistics is in S3."""


@dataclass(frozen=True)
class Alarm:
    """The alarm of failed executions."""

    name: str = ""
    state: str = ""
    suppressed_by: str = ""
    history: Sequence[str] = ()


@dataclass(frozen=True, order=True)
class Call:
    """A call in CloudTrail by a role; ids of executions are `<execution>` in the session's name."""

    role: str
    name: str
    error: str = ""
    session: str = ""
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class Observations:
    """All of it; what is empty was not seen."""

    group: str = ""
    """Name of the model package group, as it was created."""
    stack_tags: Mapping[str, str] = field(default_factory=dict)
    runs: Mapping[Purpose, Run] = field(default_factory=dict)
    messages: Sequence[Message] = ()
    events: Sequence[Document] = ()
    refused_data: RefusedData = RefusedData()
    log_streams: Sequence[str] = ()
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Those of the stack, by what has them."""
    metrics: Mapping[str, float] = field(default_factory=dict)
    """Name, with the step that it is about -> sum; only what has a datapoint."""
    alarm: Alarm = Alarm()
    calls: Sequence[Call] = ()
    unasked: Mapping[str, str] = field(default_factory=dict)
    """Name of a field above whose question was not answered -> why."""
    undone: Mapping[str, str] = field(default_factory=dict)
    """What could not be done -> why."""

    def step(self, purpose: Purpose, name: str) -> Step:
        """Return a step of the execution for *purpose*."""
        return self.runs.get(purpose, Run("")).steps.get(name, Step())

    def messages_of(self, purpose: Purpose) -> list[str]:
        """Return the first lines of what was sent about the execution for *purpose*."""
        run = self.runs.get(purpose)
        return [each.headline for each in self.messages if run and each.execution == run.id]

    def failures_of(self, purpose: Purpose) -> list[Document]:
        """Return the details of events that should make a message about the execution for *purpose*."""
        run = self.runs.get(purpose)
        details = [each["detail"] for each in self.events]
        return [
            each
            for each in details
            if run and each.get("pipelineExecutionArn") == run.arn
            if each.get("currentStepStatus") == "Failed" or each.get("currentPipelineExecutionStatus") == "Stopped"
        ]
