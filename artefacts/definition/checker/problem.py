"""One thing that is wrong in a definition."""

from typing import NamedTuple


class Problem(NamedTuple):
    """Where it is, and what: the value found, then the remedy."""

    path: str
    """The step and the path below it, such as `EmpBonusTraining.Arguments.RoleArn`."""
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}"
