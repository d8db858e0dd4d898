"""What a command has of the world outside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from operations.clock import Clock

if TYPE_CHECKING:
    from operations.aws import Aws
    from settings import Stage


@dataclass(frozen=True)
class Terminal:
    """AWS, the person at the terminal, the time, and the folder that the command was started in."""

    connect: "Callable[[str], Aws]"
    """Returns the services of a region."""
    ask: Callable[[str], str]
    """Puts a question to the person, and returns the answer."""
    clock: Clock
    folder: Path
    """With the assembly in `cdk.out`, and what the local runner keeps in `.local`."""
    connect_as: "Callable[[str, str], Aws]"
    """Returns, as a profile, the services of a region."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables: what a synthesis gets."""


@dataclass(frozen=True)
class Context:
    """A terminal, and the stage that a command is about."""

    terminal: Terminal
    stage: "Stage"

    @cached_property
    def aws(self) -> "Aws":
        """The services of the stage's region."""
        return self.terminal.connect(self.stage.region)

    @property
    def clock(self) -> Clock:
        """The time."""
        return self.terminal.clock

    @property
    def workspace(self) -> Path:
        """What the local runner keeps."""
        return self.terminal.folder / ".local"

    @property
    def assembly(self) -> Path:
        """What `cdk synth` wrote."""
        return self.terminal.folder / "cdk.out"
