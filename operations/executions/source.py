"""What a command asks about executions, whoever ran them."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from artefacts.execution import Execution, Step
from execution_report.arns import last_part
from execution_report.sources import Facts
from operations.refusal import RefusedError

LATEST = "latest"
"""Names the newest execution."""


class UnknownExecutionError(RefusedError):
    """There is no such execution; or, right after its start, none yet."""


@dataclass(frozen=True)
class Summary:
    """What a list says of an execution."""

    arn: str
    status: str
    started: datetime | None
    reason: str = ""

    @property
    def id(self) -> str:
        """Its id."""
        return last_part(self.arn)


@dataclass(frozen=True)
class Log:
    """The last lines of what a job wrote."""

    where: str
    """The group and the stream, or the file."""
    lines: Sequence[str]


class Executions(Protocol):
    """The executions of a pipeline."""

    def list_newest(self, limit: int) -> Sequence[Summary]:
        """Return the newest executions, the newest first."""

    def find(self, name: str) -> str:
        """Return the ARN of the execution *name*: its id, its ARN, or `latest`; raise `RefusedError` if it is none."""

    def read(self, arn: str) -> Execution:
        """Return the execution *arn*, with the steps that have not started; raise `RefusedError` if there is none."""

    def read_whole(self, arn: str) -> Execution:
        """Return the same with what its jobs said, and where their outputs are."""

    def read_definition(self, arn: str) -> Mapping[str, Any]:
        """Return the definition that *arn* was started with; raise `RefusedError` if it is not known."""

    def read_facts(self, arn: str) -> Facts:
        """Return the execution *arn* with the documents that its steps wrote."""

    def read_logs(self, execution: Execution, step: Step, lines: int, /) -> Sequence[Log]:
        """Return the last *lines* that each instance of the step's job has written."""


def find_step(execution: Execution, name: str) -> Step:
    """Return the step of *execution* called *name*; raise `RefusedError`, with the nearest name, if it has none."""
    if step := execution.find_step(name):
        return step
    names = [step.name for step in execution.steps]
    near = difflib.get_close_matches(name, names, n=1)
    remedy = f"did you mean {near[0]}?" if near else f"choose from {', '.join(names) or 'none yet'}"
    raise RefusedError(f"execution {execution.id} has no step {name}: {remedy}")
