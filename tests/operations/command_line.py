"""The command line as a test types it: with an account, an answer and a clock of the test's own."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from operations.aws import Aws
from operations.cli.commands import main
from operations.cli.context import Terminal
from operations.clock import Clock

CLOCK = Clock(lambda: datetime(2026, 11, 26, 12, 0, tzinfo=UTC), lambda: 0.0, lambda _: None)
"""Time that does not pass."""


def nobody(_question: str) -> str:
    raise AssertionError("nobody is there to answer")


def nowhere(_region: str) -> Aws:
    raise AssertionError("AWS is asked")


def no_profile(_profile: str, _region: str) -> Aws:
    raise AssertionError("AWS is asked as a profile")


def run(
    *arguments: str,
    connect: Callable[[str], Aws] = nowhere,
    ask: Callable[[str], str] = nobody,
    clock: Clock = CLOCK,
    folder: Path = Path("/nonexistent"),
    connect_as: Callable[[str, str], Aws] = no_profile,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> int:
    """Return the exit code of a command, also where the parser ends it."""
    try:
        return main(arguments, Terminal(connect, ask, clock, folder, connect_as, environment))
    except SystemExit as end:
        return int(end.code or 0)
