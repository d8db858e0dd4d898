"""The quality gate: each limit with the figure that it binds, and the verdict."""

from dataclasses import dataclass

from execution_report.documents import mapping_at, number_at, text_at, value_at
from execution_report.sources import Document
from execution_report.wording import Write, number, share

LIMITS = {
    "MinimumR2": ("R²", ("regression_metrics", "r2", "value"), number),
    "MaximumRmse": ("RMSE", ("regression_metrics", "rmse", "value"), number),
    "MinimumImprovement": ("Improvement", ("champion", "improvement", "value"), share),
}
"""Limit -> the figure that it binds, where that is, and how both are written."""


@dataclass(frozen=True)
class Limit:
    """A limit of the quality gate, and the figure that it binds."""

    parameter: str
    figure: str
    demand: str
    found: str
    kept: bool | None
    """None when there is no figure."""


@dataclass(frozen=True)
class Gate:
    """The gate's verdict."""

    sentence: str
    limits: list[Limit]


def gate(document: Document) -> Gate:
    """Return what the quality gate made of *document*, an `evaluation.json`."""
    limits = [_limit(name, document) for name in mapping_at(document, "gate", "limits")]
    return Gate(_verdict(value_at(document, "gate", "passed"), text_at(document, "gate", "failed")), limits)


def _verdict(passed: object, failed: str) -> str:
    if passed is True:
        return "The model keeps every limit."
    if passed is False:
        return f"The model was rejected: {failed}." if failed else "The model was rejected."
    return "The evaluation holds no verdict."


def _limit(name: str, document: Document) -> Limit:
    figure, path, write = LIMITS.get(name, (name, ("",), number))
    limit, found = number_at(document, "gate", "limits", name), number_at(document, *path)
    if limit is None:
        return Limit(name, figure, "no limit", write(found), None)
    highest = name.startswith("Maximum")
    kept = None if found is None else (found <= limit if highest else found >= limit)
    demanded, shown = _apart(limit, found, write)
    return Limit(name, figure, f"at {'most' if highest else 'least'} {demanded}", shown, kept)


def _apart(limit: float, found: float | None, write: Write) -> tuple[str, str]:
    """Write both; in full when they would look the same, and are not."""
    if found is None or found == limit or write(found) != write(limit):
        return write(limit), write(found)
    return str(limit), str(found)
