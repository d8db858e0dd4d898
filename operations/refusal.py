"""What a command does not do."""


class RefusedError(Exception):
    """Something may not, or cannot, be done: what was found, then the remedy."""
