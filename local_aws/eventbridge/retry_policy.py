"""How often and how long EventBridge retries a target."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_FIRST_DELAY_S = 0.1
_LONGEST_DELAY_S = 2.0


@dataclass(frozen=True)
class RetryPolicy:
    """The limits; a target without a policy has AWS's."""

    retries: int = 185
    age_s: int = 86400

    @classmethod
    def of(cls, target: Mapping[str, Any]) -> "RetryPolicy":
        """Return the policy of a *target* as in PutTargets."""
        given = target.get("RetryPolicy", {})
        return cls(
            int(given.get("MaximumRetryAttempts", cls.retries)), int(given.get("MaximumEventAgeInSeconds", cls.age_s))
        )

    def exhausted_by(self, retries: int, age_s: float) -> str | None:
        """Return the limit that an event meets after *retries*, *age_s* seconds old, if any."""
        if retries >= self.retries:
            return "MaximumRetryAttempts"
        if age_s + delay_s(retries) > self.age_s:
            return "MaximumEventAgeInSeconds"
        return None


def delay_s(retries: int) -> float:
    """Return how long to wait after so many *retries*: longer each time, but nobody waits here for hours."""
    return min(_FIRST_DELAY_S * 2.0 ** min(retries, 10), _LONGEST_DELAY_S)
