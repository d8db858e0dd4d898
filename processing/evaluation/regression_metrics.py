"""What is said of predictions: metrics and how sure they are, slices, residuals."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score, root_mean_squared_error

from processing.features.features import AGE_GROUPS
from processing.job import JobError

Numbers = npt.NDArray[np.float64]

METRICS: dict[str, Callable[..., Any]] = {
    "mse": mean_squared_error,
    "rmse": root_mean_squared_error,
    "mae": mean_absolute_error,
    # Where all labels are equal, 1 for perfect predictions and 0 for others: never infinite.
    "r2": r2_score,
}

RESAMPLES = 200
RESAMPLE_ROWS = 10_000
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)

SMALLEST_SLICE = 10
"""Rows. This is pay data: figures of fewer people say too much about each."""

SMALL_SLICES = f"(fewer than {SMALLEST_SLICE} rows)"

_PLACES = {name: place for place, name in enumerate(AGE_GROUPS, 1)}
"""Of groups that have an order of their own; by its name, the youngest would be the last."""


def measure(actual: Numbers, predicted: Numbers) -> dict[str, float]:
    """Return each of `METRICS`; raise `JobError` where one is not finite."""
    return {name: float(figures[0]) for name, figures in _measure(actual[:, None], predicted[:, None]).items()}


def _measure(actual: Numbers, predicted: Numbers) -> dict[str, Numbers]:
    """Return each metric of every column, rows by resamples: for few rows, all take as long as one alone."""
    found = {name: metric(actual, predicted, multioutput="raw_values") for name, metric in METRICS.items()}
    for name, figures in found.items():
        if not np.isfinite(figures).all():
            figure = figures[~np.isfinite(figures)][0]
            raise JobError(f"{name} of the test rows is {figure}: look for bonuses of a wrong magnitude")
    return found


def standard_deviations(actual: Numbers, predicted: Numbers, *, random_state: int) -> dict[str, float]:
    """Return how much each of `METRICS` would vary from one test set of this size to the next.

    By an m-out-of-n bootstrap: `RESAMPLES` resamples of m = min(n, `RESAMPLE_ROWS`) of the n rows, drawn with
    replacement; the deviation of the metric among them, scaled by sqrt(m / n). Cost does not grow with n.
    """
    generator = np.random.default_rng(random_state)
    rows = min(len(actual), RESAMPLE_ROWS)
    drawn = generator.integers(len(actual), size=(RESAMPLES, rows)).T
    scale = np.sqrt(rows / len(actual))
    resamples = _measure(actual[drawn], predicted[drawn])
    return {name: float(scale * np.std(figures, ddof=1)) for name, figures in resamples.items()}


def slices(groups: pa.DictionaryArray, actual: Numbers, predicted: Numbers) -> dict[str, dict[str, float]]:
    """Return rows, rmse, mae and mean error (actual minus predicted) of each of *groups*."""
    return {name: _slice(actual[rows], predicted[rows]) for name, rows in find_groups(groups).items()}


def find_groups(groups: pa.DictionaryArray) -> dict[str, npt.NDArray[np.bool_]]:
    """Return which rows are in each of *groups*, those of age in its order, others by their names.

    Groups of fewer than `SMALLEST_SLICE` rows are taken together; where even so they are fewer, they are left out.
    """
    codes, names = groups.indices.to_numpy(), groups.dictionary.to_pylist()
    counts = np.bincount(codes, minlength=len(names))
    members: dict[str, list[int]] = {}
    for code, rows in enumerate(counts.tolist()):
        members.setdefault(names[code] if rows >= SMALLEST_SLICE else SMALL_SLICES, []).append(code)
    chosen = {name: np.isin(codes, members[name]) for name in sorted(members, key=_order)}
    return {name: rows for name, rows in chosen.items() if rows.sum() >= SMALLEST_SLICE}


def _order(name: str) -> tuple[int, str]:
    return _PLACES.get(name, 0), name


def _slice(actual: Numbers, predicted: Numbers) -> dict[str, float]:
    return {
        "rows": len(actual),
        "rmse": float(root_mean_squared_error(actual, predicted)),
        "mae": float(mean_absolute_error(actual, predicted)),
        "mean_error": float(np.mean(actual - predicted)),
    }


def residuals(actual: Numbers, predicted: Numbers) -> dict[str, Any]:
    """Return mean, standard deviation and `QUANTILES` of actual minus predicted."""
    errors = actual - predicted
    quantiles = np.quantile(errors, QUANTILES).tolist()
    return {
        "mean": float(np.mean(errors)),
        "standard_deviation": float(np.std(errors)),
        "quantiles": {str(quantile): value for quantile, value in zip(QUANTILES, quantiles, strict=True)},
    }
