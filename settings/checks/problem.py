"""One option that cannot be deployed."""

from typing import NamedTuple


class Problem(NamedTuple):
    """Which option it is, and what is wrong with it: the value found, then the remedy."""

    name: str
    """Dotted, as from a `Stage`: `training.mini_batch_size`."""
    text: str

    def __str__(self) -> str:
        return f"{self.name} {self.text}"
