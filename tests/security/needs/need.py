"""A need: a request that must be allowed, and how it is known that AWS makes it."""

from dataclasses import dataclass

from artefacts.iam.evaluator import Request
from tests.security.sources import Source


@dataclass(frozen=True)
class Need:
    """One request that has to be allowed, or the application does not work."""

    name: str
    """Who needs it for what, such as a step and its input."""
    source: Source
    request: Request
