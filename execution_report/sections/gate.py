"""The quality gate: each limit with the figure that it binds, and the verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from artefacts.documents import mapping_at, number_at, text_at, value_at
from execution_report.sections.errors import METRICS
from execution_report.sources import Document
from execution_report.wording import Write, number, share, words

COMPARISONS = {"at_least": "at least", "at_most": "at most"}
UNITS = {"share": share}

FIRST_LIMITS: Mapping[str, Mapping[str, str]] = {
    "MinimumR2": {"figure": "regression_metrics.r2.value", "comparison": "at_least"},
    "MaximumRmse": {"figure": "regression_metrics.rmse.value", "comparison": "at_most"},
    "MinimumImprovement": {"figure": "champion.improvement.value", "comparison": "at_least", "unit": "share"},
}
"""What documents of schema version 1 do not say of their limits; later ones say it themselves."""


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
    limits = [_limit(name, _described(name, document)) for name in mapping_at(document, "gate", "limits")]
    return Gate(_verdict(value_at(document, "gate", "passed"), text_at(document, "gate", "failed")), limits)


def _verdict(passed: object, failed: str) -> str:
    if passed is True:
        return "The model keeps every limit."
    if passed is False:
        return f"The model was rejected: {failed}." if failed else "The model was rejected."
    return "The evaluation holds no verdict."


def _described(name: str, document: Document) -> Mapping[str, Any]:
    """Return what *document* says of a limit; one of schema version 1 gives its value alone."""
    limit = number_at(document, "gate", "limits", name)
    if limit is None:
        return mapping_at(document, "gate", "limits", name)
    known = FIRST_LIMITS.get(name, {})
    found = number_at(document, *known.get("figure", "").split("."))
    above, kept = known.get("comparison") == "at_least", None
    if known and found is not None:
        kept = found >= limit if above else found <= limit
    return {**known, "limit": limit, "found": found, "kept": kept}


def _limit(name: str, described: Mapping[str, Any]) -> Limit:
    write = UNITS.get(text_at(described, "unit"), number)
    limit, found = number_at(described, "limit"), number_at(described, "found")
    figure = text_at(described, "figure").removesuffix(".value").rpartition(".")[2]
    written, _ = METRICS.get(figure, (words(figure).capitalize() or name, ""))
    if limit is None:
        return Limit(name, written, "no limit", write(found), None)
    demanded, shown = _apart(limit, found, write)
    demand = f"{COMPARISONS.get(text_at(described, 'comparison'), '')} {demanded}".strip()
    kept = value_at(described, "kept")
    return Limit(name, written, demand, shown, None if found is None or not isinstance(kept, bool) else kept)


def _apart(limit: float, found: float | None, write: Write) -> tuple[str, str]:
    """Write both; in full when they would look the same, and are not."""
    if found is None or found == limit or write(found) != write(limit):
        return write(limit), write(found)
    return str(limit), str(found)
