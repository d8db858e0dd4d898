"""Means of numbers that come in parts, in whatever order."""

import math


class Mean:
    """A mean that does not depend on the order of its values: their sum is exact, and rounded once at the end."""

    def __init__(self) -> None:
        self._rows = 0
        self._parts: list[float] = []

    def add(self, values: list[float]) -> None:
        """Add *values*, all finite."""
        self._rows += len(values)
        self._add(values)

    def merge(self, other: "Mean") -> None:
        """Add the values of *other*."""
        self._rows += other._rows
        self._add(other._parts)

    def _add(self, values: list[float]) -> None:
        terms = [*self._parts, *values]
        self._parts = []
        while part := math.fsum(terms):  # what rounding took from one part is in the next
            self._parts.append(part)
            terms.append(-part)

    @property
    def value(self) -> float:
        """The mean of the values added so far, at least one."""
        return math.fsum(self._parts) / self._rows
