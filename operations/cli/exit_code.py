"""How a command can end."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    FAILED = 1
    """It ran, and what it is about failed."""
    REFUSED = 2
    STOPPED = 130
    """With Ctrl-C."""
