"""Lambda functions: what an assembly says of one, and how a step calls one."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Function:
    """A Lambda function of the assembly."""

    handler: str
    code: Path
    """Its archive."""
    timeout_s: float


class Functions(Protocol):
    """What the step that calls a function needs."""

    def invoke(self, arn: str, event: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
        """Call the function *arn* with *event* and return what it answers; *folder* is for the call's own files.

        Raises `StepFailedError` when there is no answer, with the function's error if it had one.
        """
