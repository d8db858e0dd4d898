"""Who takes on the jobs that steps ask for."""

from collections.abc import Mapping
from typing import Any, Protocol


class Jobs(Protocol):
    """The part of SageMaker that says whether a job may be run, before it is."""

    def accept(self, step: str, operations: tuple[str, ...], arn: str, request: Mapping[str, Any]) -> None:
        """Take on the job *arn* of a *step*.

        Raises `StepFailedError` unless the pipeline's role may call *operations*, the first with *request*, on it.
        """


class AnyJob:
    """Takes on everything: a machine of one's own has no IAM."""

    def accept(self, step: str, operations: tuple[str, ...], arn: str, request: Mapping[str, Any]) -> None:
        """Take it on."""
