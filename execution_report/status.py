"""How an execution, or one of its steps, stands; a status that is not here is shown as it is written."""

from enum import StrEnum


class Status(StrEnum):
    """What the page understands of PipelineExecutionStatus and StepStatus."""

    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    COMPLETED_WITH_FAILURES = "CompletedWithFailures"
    STOPPED = "Stopped"
    STOPPING = "Stopping"


ENDED = (Status.SUCCEEDED, Status.FAILED, Status.COMPLETED_WITH_FAILURES, Status.STOPPED)

TONES: dict[str, str] = {
    Status.SUCCEEDED: "good",
    Status.FAILED: "bad",
    Status.COMPLETED_WITH_FAILURES: "bad",
    Status.STOPPED: "warn",
    Status.STOPPING: "warn",
}
"""Status -> the class of its colour; any other status has none."""
