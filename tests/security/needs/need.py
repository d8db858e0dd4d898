"""A need: a request that must be allowed, and why."""

from dataclasses import dataclass

from tests.security.evaluator import Request


@dataclass(frozen=True)
class Need:
    """One request that has to be allowed, or the application does not work."""

    name: str
    source: str
    """The step or resource that it is derived from, or the documentation that asks for it."""
    request: Request
