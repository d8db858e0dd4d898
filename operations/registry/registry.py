"""The registry of a stage, on AWS or on this machine, and which of its versions a person means."""

from typing import Protocol

from operations.refusal import RefusedError
from operations.registry.version import Version

NEWEST = "newest"
_SHOWN = 10
"""Numbers, where one is wrong."""


class UnreadableError(Exception):
    """A file that is there, or may be, and cannot be read: why."""


class Registry(Protocol):
    """The versions of one model package group."""

    @property
    def group(self) -> str:
        """Its name."""

    def numbers(self) -> list[int]:
        """Return the numbers of all versions, the newest first."""

    def describe(self, number: int) -> Version:
        """Return the version *number*, which is one of `numbers`."""

    def decide(self, version: Version, status: str, reason: str) -> None:
        """Give *version* the approval *status*, and keep the *reason* with it."""

    def read(self, uri: str) -> bytes | None:
        """Return the content of a file that a version points at, None where there is none; or `UnreadableError`."""


def list_versions(registry: Registry, most: int) -> list[Version]:
    """Return the *most* newest versions, the newest first."""
    return [registry.describe(number) for number in registry.numbers()[:most]]


def find_version(registry: Registry, wanted: str) -> Version:
    """Return the version that *wanted* means: a number, `newest`, or its ARN; or raise `RefusedError`."""
    numbers = registry.numbers()
    if not numbers:
        raise RefusedError(f"{registry.group} has no version: run the pipeline")
    number = str(numbers[0]) if wanted == NEWEST else wanted.rpartition("/")[2]
    found = registry.describe(int(number)) if number in map(str, numbers) else None
    # An ARN may be that of another group, or of another account's.
    if found is None or wanted not in (NEWEST, number, found.arn):
        known = ", ".join(map(str, numbers[:_SHOWN])) + (", ..." if len(numbers) > _SHOWN else "")
        raise RefusedError(f"version {wanted} of {registry.group} does not exist: choose {NEWEST} or one of {known}")
    return found
