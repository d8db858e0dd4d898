"""How a side can be unreadable."""


class UnreadableSideError(Exception):
    """What was given is no side of a comparison: what was found, then the remedy."""
