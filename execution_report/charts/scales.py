"""From values to positions, with marks at round numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """A linear map of the values *low* to *high* onto the positions *start* to *end*."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the position of *value*."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def round_step(low: float, high: float, parts: int) -> float:
    """Return the smallest of 1, 2, 5, 10, ... that takes at most *parts* steps from *low* to *high*."""
    rough = (high - low) / parts or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next((factor * power for factor in (1, 2, 5) if factor * power >= rough), 10 * power)


def ticks(values: Sequence[float], parts: int) -> list[float]:
    """Return round numbers, evenly spaced, of which the first is not above and the last not below all *values*."""
    low, high = min(values), max(values)
    step = round_step(low, high, parts)
    first = math.floor(low / step)
    last = max(math.ceil(high / step), first + 1)
    return [index * step for index in range(first, last + 1)]
