"""The ways in which a run can end badly."""

from collections.abc import Mapping
from typing import Any


class RefusedError(Exception):
    """Nothing was started: what was found, then the remedy. Exit code 2."""


class StepFailedError(Exception):
    """A step failed; the text is its FailureReason."""

    def __init__(
        self, reason: str, *, metadata: Mapping[str, Any] | None = None, outputs: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(reason)
        self.metadata = dict(metadata or {})
        """What the service says of the step all the same."""
        self.outputs = dict(outputs or {})
        """Output name -> where it lies, of what was uploaded before the failure."""


class StoppedError(Exception):
    """A step was stopped because someone asked for it."""
