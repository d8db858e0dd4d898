"""What came of an execution: the step that failed, why, and the runbook that says what to do."""

import fnmatch
from dataclasses import dataclass

from artefacts.execution import Execution, Status, Step
from pipeline_definition.names import DATA_QUALITY_STEP, DRIFTED_STEP, REJECTION_STEP

REFUSALS = ("*data contract violated*", "*exit code: 3*")
"""By which the messages of a stage know refused data: stacks/operations/event_patterns.py, which no command imports."""


@dataclass(frozen=True)
class Failure:
    """Why an execution did not succeed."""

    step: Step | None
    """None where none failed: it was stopped, or never began one."""
    reason: str
    runbook: str


def find_failure(execution: Execution) -> Failure | None:
    """Return why *execution* did not succeed; None where it did, or has not ended."""
    if not execution.has_ended or execution.status == Status.SUCCEEDED:
        return None
    step = next(iter(execution.failed_steps), None)
    ended = "somebody stopped it" if execution.status == Status.STOPPED else f"it ended as {execution.status}"
    reason = (step.failure if step else "") or execution.reason or ended
    return Failure(step, reason, f"docs/runbooks/{_choose_runbook(step)}")


_TOLD_BY = {REJECTION_STEP: "rejected-model.md", DRIFTED_STEP: "drifted-traffic.md"}


def _choose_runbook(step: Step | None) -> str:
    if step and step.name in _TOLD_BY:
        return _TOLD_BY[step.name]
    if step and step.name == DATA_QUALITY_STEP and any(fnmatch.fnmatchcase(step.reason, each) for each in REFUSALS):
        return "refused-data.md"
    return "failed-execution.md"
