"""How an execution, or one of its steps, stands."""

from enum import StrEnum


class Status(StrEnum):
    """What PipelineExecutionStatus and StepStatus of the service can be here; a step that has not started has none."""

    EXECUTING = "Executing"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    FAILED = "Failed"
    SUCCEEDED = "Succeeded"

    @property
    def has_ended(self) -> bool:
        """Whether nothing runs any more."""
        return self in (Status.STOPPED, Status.FAILED, Status.SUCCEEDED)
