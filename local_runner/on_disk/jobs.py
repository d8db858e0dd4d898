"""Who takes on the jobs of a machine of one's own."""

from collections.abc import Mapping
from typing import Any


class AllowAllJobs:
    """Takes on everything: there is no IAM here."""

    def accept(self, step: str, operations: tuple[str, ...], arn: str, request: Mapping[str, Any]) -> None:
        """Take it on."""
