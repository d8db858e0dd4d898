"""How a side can be unreadable."""

from operations.refusal import RefusedError


class UnreadableSideError(RefusedError):
    """What was given is no side of a comparison: what was found, then the remedy."""
