"""How an execution, or one of its steps, stands, in colours."""

from collections.abc import Mapping

from artefacts.execution import Status

TONES: Mapping[str, str] = {
    Status.SUCCEEDED: "good",
    Status.FAILED: "bad",
    Status.COMPLETED_WITH_FAILURES: "bad",
    Status.STOPPED: "warn",
    Status.STOPPING: "warn",
}
"""Status -> the class of its colour; any other status has none."""
