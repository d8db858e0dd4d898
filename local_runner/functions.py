"""Lambda functions, as a step calls them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol


class Functions(Protocol):
    """What the step that calls a function needs."""

    def invoke(self, arn: str, event: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
        """Call the function *arn* with *event* and return what it answers; *folder* is for the call's own files.

        Raises `StepFailedError` when there is no answer, with the function's error if it had one.
        """
