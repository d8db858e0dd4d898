"""How long a verification waits for what."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long something is waited for, in seconds."""

    run_s: float = 90 * 60
    """An execution, some of whose jobs may wait for capacity."""
    message_s: float = 5 * 60
    start_s: float = 5 * 60
    """The schedule; EventBridge may take a minute to see that a rule has changed."""
    settle_s: float = 90
    """Another start by a rule that is off again."""
    trail_s: float = 15 * 60
    """CloudTrail and metrics, which are as late."""
    poll_s: float = 15
