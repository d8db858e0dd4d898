"""How long a verification waits for what."""

from dataclasses import dataclass, field
from typing import Any


def _wait(seconds: float, purpose: str) -> Any:
    return field(default=seconds, metadata={"help": purpose})


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    """How long something is waited for, in seconds; the command's options say it in these words."""

    run_s: float = _wait(90 * 60, "for an execution, some of whose jobs may wait for capacity")
    message_s: float = _wait(5 * 60, "for a message")
    start_s: float = _wait(5 * 60, "for the schedule; EventBridge may take a minute to see that a rule has changed")
    settle_s: float = _wait(90, "for another start by a rule that is off again")
    trail_s: float = _wait(15 * 60, "for CloudTrail and metrics, which are as late")
    poll_s: float = _wait(15, "between two looks")
