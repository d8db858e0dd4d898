"""Who says whether the pipeline's role may ask for a job."""

from collections.abc import Mapping
from typing import Any, Protocol


class Permissions(Protocol):
    """What the pipeline's role may do, where no store, registry or function asks it itself."""

    def check(self, operations: tuple[str, ...], arn: str, request: Mapping[str, Any]) -> None:
        """Raise `StepFailedError` unless the role may call *operations*, the first with *request*, on the job *arn*."""


class Unrestricted:
    """Everything is allowed: a machine of one's own has no IAM."""

    def check(self, operations: tuple[str, ...], arn: str, request: Mapping[str, Any]) -> None:
        """Allow it."""
