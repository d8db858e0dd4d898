"""What is known of how good a version is, and of its data: from the documents that its package points at."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from artefacts.documents import list_at, mapping_at, number_at, text_at, value_at
from execution_report.arns import package_title
from operations.registry.registry import Registry, UnreadableError
from operations.registry.version import Version

METRICS = ("rmse", "mae", "r2")
"""Of evaluation.json's `regression_metrics`, the most telling first."""


@dataclass(frozen=True)
class Metric:
    """A figure of a model on its test rows."""

    value: float
    standard_deviation: float | None
    """How much it varies from one test set of that size to the next."""


@dataclass(frozen=True)
class Rival:
    """What the model was compared with."""

    name: str
    """ARN of the champion; empty for the baseline, which predicts the mean for everybody."""
    rmse: float | None
    own_rmse: float | None
    """Of the model, on the same rows."""
    rows: float | None
    improvement: float | None
    """By which share the model's RMSE is smaller."""


@dataclass(frozen=True)
class Limit:
    """A limit of the quality gate."""

    name: str
    limit: float | None
    found: float | None
    kept: bool


@dataclass(frozen=True)
class Data:
    """The raw data that a model was made from."""

    version: str
    rows: float | None
    malformed: float | None
    """Records with another number of columns than the header."""
    invalid: Mapping[str, float]
    """Column -> values that the contract does not take, where there are any."""
    missing: Mapping[str, float]
    violations: tuple[str, ...]
    """Limits of the contract that were exceeded, in words without data values."""


@dataclass(frozen=True)
class Assessment:
    """All of it; what could not be read is None, and told in `unreadable`."""

    rows: float | None = None
    """Of the test set."""
    metrics: Mapping[str, Metric] | None = None
    rival: Rival | None = None
    limits: tuple[Limit, ...] = ()
    data: Data | None = None
    unreadable: tuple[str, ...] = ()


def assess(version: Version, registry: Registry) -> Assessment:
    """Return what *registry* can read of *version*'s documents."""
    unreadable: list[str] = []
    evaluation = read_file(version.evaluation, "evaluation.json", registry, unreadable)
    quality = read_file(version.data_quality, "data_quality.json", registry, unreadable)
    return read_assessment(evaluation, quality, tuple(unreadable))


def read_assessment(evaluation: Any, quality: Any, unreadable: tuple[str, ...] = ()) -> Assessment:
    """Return what the two documents say; each may be None."""
    return Assessment(
        rows=number_at(evaluation, "rows"),
        metrics=read_metrics(evaluation) if evaluation is not None else None,
        rival=_read_rival(evaluation) if evaluation is not None else None,
        limits=tuple(
            Limit(name, number_at(each, "limit"), number_at(each, "found"), value_at(each, "kept") is True)
            for name, each in mapping_at(evaluation, "gate", "limits").items()
        ),
        data=_read_data(quality) if quality is not None else None,
        unreadable=unreadable,
    )


def read_metrics(evaluation: Any) -> dict[str, Metric]:
    """Return the metrics of evaluation.json by their names."""
    found = {name: mapping_at(evaluation, "regression_metrics", name) for name in METRICS}
    values = {name: (number_at(each, "value"), number_at(each, "standard_deviation")) for name, each in found.items()}
    return {name: Metric(value, deviation) for name, (value, deviation) in values.items() if value is not None}


def read_file(
    uri: str, file: str, registry: Registry, unreadable: list[str], parse: Callable[[bytes], Any] = json.loads
) -> Any:
    """Return what *parse* makes of the file *uri*, or None and why in *unreadable*, where it is called *file*."""
    try:
        content = registry.read(uri) if uri else None
        if content is not None:
            return parse(content)
        unreadable.append(f"{file}: {uri or 'the package points at none'}{' does not exist' if uri else ''}")
    except (UnreadableError, ValueError) as error:
        unreadable.append(f"{file}: {error}")
    return None


def _read_rival(evaluation: Any) -> Rival:
    champion = mapping_at(evaluation, "champion")
    return Rival(
        name=text_at(champion, "name") if value_at(champion, "present") is True else "",
        rmse=number_at(champion, "rmse", "value"),
        own_rmse=number_at(champion, "challenger_rmse", "value"),
        rows=number_at(champion, "rows"),
        improvement=number_at(champion, "improvement", "value"),
    )


def _read_data(quality: Any) -> Data:
    columns = mapping_at(quality, "columns")
    return Data(
        version=text_at(quality, "data_version"),
        rows=number_at(quality, "rows"),
        malformed=number_at(quality, "malformed_records"),
        invalid={name: count for name, each in columns.items() if (count := number_at(each, "invalid"))},
        missing={name: count for name, each in columns.items() if (count := number_at(each, "missing"))},
        violations=tuple(text_at(each, "text") for each in list_at(quality, "violations")),
    )


def summarize(assessment: Assessment) -> str:
    """Return the figures in a line, for whoever reads later why a version was approved."""
    rmse = (assessment.metrics or {}).get("rmse")
    if rmse is None:
        return "approved without its figures, which could not be read"
    deviation = "" if rmse.standard_deviation is None else f" +- {rmse.standard_deviation:.2f}"
    rival = assessment.rival
    compared = ""
    if rival and rival.improvement:
        better = "better" if rival.improvement >= 0 else "worse"
        name = package_title(rival.name) if rival.name else "the baseline"
        compared = f", {abs(rival.improvement):.1%} {better} than {name}"
    return f"rmse {rmse.value:.2f}{deviation} on {assessment.rows:.0f} test rows{compared}"
