"""The model's errors in figures: metrics beside the baseline, residuals, and slices of the test rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from artefacts.documents import mapping_at, number_at, text_at
from execution_report.charts.bars import bar
from execution_report.charts.svg import Svg
from execution_report.sources import Document
from execution_report.wording import ABSENT, Write, alike, number, share, signed, words

METRICS = {
    "rmse": ("RMSE", "root mean squared error"),
    "mae": ("MAE", "mean absolute error"),
    "r2": ("R²", "share of the variance that the model explains"),
    "mse": ("MSE", "mean squared error"),
}
"""Metric -> how it is written, and what it is; in the order in which they are shown."""


@dataclass(frozen=True)
class Metric:
    """One row of the table of metrics."""

    name: str
    meaning: str
    value: str
    deviation: str
    baseline: str
    comparison: str


@dataclass(frozen=True)
class Residuals:
    """What is left between actual and predicted bonuses, in figures."""

    mean: str
    deviation: str
    quantiles: list[tuple[str, str]]
    """Share of the rows with a smaller residual, and the residual."""


@dataclass(frozen=True)
class Slice:
    """The errors of one part of the test rows."""

    name: str
    rows: str
    rmse: str
    mae: str
    mean_error: str
    bar: Svg | None


@dataclass(frozen=True)
class Slices:
    """The test rows, parted by the values of one column."""

    column: str
    slices: list[Slice]


def metrics(document: Document) -> list[Metric]:
    """Return the regression metrics, the well-known ones first, beside those of always predicting the mean."""
    found = mapping_at(document, "regression_metrics")
    names = sorted(found, key=lambda name: list(METRICS).index(name) if name in METRICS else len(METRICS))
    return [_metric(name, document) for name in names]


def baseline_sentence(document: Document) -> str:
    """Return what the baseline is."""
    prediction = number_at(document, "baseline", "prediction")
    if prediction is None:
        return ""
    return f"The baseline predicts the mean bonus of the training rows, {number(prediction)}, for everyone."


def cross_check_sentence(document: Document) -> str:
    """Return how the training job's own metric compares with what the evaluation recomputed."""
    reported, again = (number_at(document, "cross_check", name) for name in ("reported", "recomputed"))
    if reported is None or again is None:
        return ""
    metric = text_at(document, "cross_check", "metric") or "its metric"
    return f"The training job reported {metric} {number(reported)}; recomputed from its artefact it is {number(again)}."


def slices(document: Document) -> list[Slices]:
    """Return the errors by slice, a table for each column."""
    overall = number_at(document, "regression_metrics", "rmse", "value")
    return [
        Slices(words(column), _slices(mapping_at(document, "slices", column), overall))
        for column in mapping_at(document, "slices")
    ]


def residuals(document: Document) -> Residuals:
    """Return the figures of the residuals, the lowest quantile first."""
    found = mapping_at(document, "residuals", "quantiles")
    levels = sorted((float(name), name) for name in found if name.replace(".", "", 1).isdecimal())
    mean, deviation = (number_at(document, "residuals", name) for name in ("mean", "standard_deviation"))
    figures = [number_at(found, name) for _, name in levels]
    write = alike([mean, deviation, *figures])
    below = [f"{100 * level:g}\N{NO-BREAK SPACE}%" for level, _ in levels]
    quantiles = list(zip(below, [signed(figure, write) for figure in figures], strict=True))
    return Residuals(signed(mean, write), write(deviation), quantiles)


def _metric(name: str, document: Document) -> Metric:
    written, meaning = METRICS.get(name, (name, ""))
    value = number_at(document, "regression_metrics", name, "value")
    baseline = number_at(document, "baseline", name, "value")
    deviation = number_at(document, "regression_metrics", name, "standard_deviation")
    write = alike([value, deviation, baseline])
    return Metric(written, meaning, write(value), write(deviation), write(baseline), _compared(name, value, baseline))


def _compared(name: str, value: float | None, baseline: float | None) -> str:
    """Say how *value* differs from that of the baseline: an error as a share of it, a share as a difference."""
    if value is None or baseline is None:
        return ABSENT
    if name == "r2":
        return f"{number(abs(value - baseline))} {'higher' if value >= baseline else 'lower'}"
    return f"{share(abs(1 - value / baseline))} {'smaller' if value <= baseline else 'larger'}" if baseline else ABSENT


def _slices(found: Mapping[str, Any], overall: float | None) -> list[Slice]:
    errors = [number_at(each, "rmse") for each in found.values()]
    largest = max((error for error in [*errors, overall] if error is not None), default=0.0) or 1.0
    mark = None if overall is None else overall / largest
    write = alike(errors)
    return [_slice(name, each, write, largest, mark) for name, each in found.items()]


def _slice(name: str, found: Any, write: Write, largest: float, mark: float | None) -> Slice:
    rmse = number_at(found, "rmse")
    return Slice(
        name=name.replace("_", " "),
        rows=number(number_at(found, "rows")),
        rmse=write(rmse),
        mae=write(number_at(found, "mae")),
        mean_error=signed(number_at(found, "mean_error"), write),
        bar=None if rmse is None else bar(rmse / largest, f"RMSE {write(rmse)}", mark=mark),
    )
