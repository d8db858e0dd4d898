"""The limits that a model has to keep before anybody is asked to approve it; which ones, the command line says."""

import math
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from typing import Any

from processing.job import JobError

COMPARISONS = {"at_least": (operator.ge, "less"), "at_most": (operator.le, "more")}
"""How a limit binds a figure, which may equal it -> the test, and the word for a figure that breaks it."""

NONE = "none"


@dataclass(frozen=True)
class Limit:
    """A figure of the evaluation report, and what it must be at least or at most."""

    name: str
    figure: str
    """Path in the report, its names joined by dots."""
    comparison: str
    unit: str
    """How people are shown it; this module only hands it on."""
    value: float

    def find(self, report: Mapping[str, Any]) -> float:
        """Return the figure that this limit binds; raise `JobError` where *report* has none."""
        try:
            return float(reduce(operator.getitem, self.figure.split("."), report))  # type: ignore[arg-type]  # JSON
        except (KeyError, TypeError) as error:
            raise JobError(
                f"limit {self.name}: the evaluation has no number {self.figure}: name a figure that it has"
            ) from error


LIMIT_WORDS = tuple(field.name.upper() for field in fields(Limit))
"""What describes a limit on the command line."""


def parse_limits(described: Iterable[Sequence[str]]) -> list[Limit]:
    """Return the limits that *described* gives as `LIMIT_WORDS`, of two with the same name the last.

    Raises `ValueError` where one makes no sense.
    """
    return list({words[0]: _parse(*words) for words in described}.values())


def _parse(name: str, figure: str, comparison: str, unit: str, value: str) -> Limit:
    if comparison not in COMPARISONS:
        raise ValueError(f"{name}: {comparison!r}: give {' or '.join(COMPARISONS)}")
    if not math.isfinite(float(value)):
        raise ValueError(f"{name}: {value.strip()}: give a finite number")
    return Limit(name, figure, comparison, unit, float(value))


def judge(report: Mapping[str, Any], limits: Iterable[Limit]) -> dict[str, Any]:
    """Return the verdict on *report*: each limit beside the figure that it binds, and in words those not kept."""
    verdicts = {limit.name: _judge(limit, limit.find(report)) for limit in limits}
    failed = [_describe(name, each) for name, each in verdicts.items() if not each["kept"]]
    return {"passed": not failed, "failed": "; ".join(failed) or NONE, "limits": verdicts}


def _judge(limit: Limit, found: float) -> dict[str, Any]:
    keeps, _ = COMPARISONS[limit.comparison]
    return {
        "figure": limit.figure,
        "comparison": limit.comparison,
        "unit": limit.unit,
        "limit": limit.value,
        "found": found,
        "kept": keeps(found, limit.value),
    }


def _describe(name: str, verdict: Mapping[str, Any]) -> str:
    """Say that a limit is not kept, with both numbers."""
    figure = verdict["figure"].removesuffix(".value").rpartition(".")[2]
    found, limit = _texts(verdict["found"], verdict["limit"])
    return f"{figure} {found} is {COMPARISONS[verdict['comparison']][1]} than {name} {limit}"


def _texts(*numbers: float) -> list[str]:
    """Write *numbers* with four decimals, or with all when they would look the same."""
    texts = [f"{number:.4f}" for number in numbers]
    return texts if len(set(texts)) > 1 else [repr(number) for number in numbers]
