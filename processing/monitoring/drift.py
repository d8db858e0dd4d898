"""Measures a window of records by the data contract, and compares it with the data that the model was trained on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import stats
from scipy.special import kolmogorov

from processing.contract.column_statistics import ColumnStatistics
from processing.contract.comparisons import Comparison, compare
from processing.contract.data_contract import Contract
from processing.contract.report import Figures
from processing.monitoring.records import PREDICTION, read_column
from processing.records.columns import INPUTS, LABEL
from processing.records.validation import CheckedColumn

_SHIFTS = ("maximum_mean_shift", "maximum_share_shift")

_VALUES_SHARE = 0.5
"""Of the least number of records: a column with fewer values, as most are missing or rejected, has not shifted."""

_CHANCE = 0.001
"""How often unchanged traffic may differ as far as a statistic that counts: a limit may be near to the baseline."""

_DIGITS = 4
"""Of a watched limit, as people read it."""

_ABSENT = 0.5
"""Added to the count of each bin: the logarithm of an empty one's share would be infinite."""


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """How soon traffic counts as moved."""

    minimum_records: int
    limit_share: float
    """Of the way from what the baseline has to a limit of the contract."""
    drifted_share: float
    """Of the columns."""


@dataclass(frozen=True)
class Statistic:
    """A figure of a column beside the limit that is watched, and the contract's own."""

    comparison: Comparison
    watched: float
    certain: bool
    """Whether chance does not explain how far it is from the baseline."""

    @property
    def moved(self) -> bool:
        """Whether it is beyond the limit that is watched, and not by chance."""
        return self.certain and self.comparison.found > self.watched

    @property
    def severe(self) -> bool:
        """Whether it is so beyond the contract's own limit: training would refuse such data."""
        return self.certain and self.comparison.found > self.comparison.limit

    @property
    def text(self) -> str:
        """What was found, and the limit that it exceeds; never a data value."""
        return self.comparison.describe(self.comparison.limit if self.severe else self.watched)


@dataclass(frozen=True)
class Drift:
    """How a window differs from the baseline."""

    statistics: tuple[Statistic, ...]

    @property
    def moved(self) -> list[Statistic]:
        """What is beyond the limits that are watched, the severe ones first."""
        return sorted((each for each in self.statistics if each.moved), key=lambda each: not each.severe)

    @property
    def moved_share(self) -> float:
        """Which share of the columns has moved."""
        columns = {each.comparison.column for each in self.statistics}
        return len({each.comparison.column for each in self.moved}) / len(columns) if columns else 0.0


def choose_columns(contract: Contract, without: Collection[str] = ()) -> Contract:
    """Return *contract* with the columns that are watched alone: those of a request, and the label for predictions.

    Exports that lack a column, and models *without* one, say that nothing is to be expected of it.
    """
    left_out = {*contract.format.absent, *without}
    names = [column.source for column in INPUTS if column.source not in left_out]
    columns = {name: contract.columns[name] for name in names}
    return replace(contract, columns={**columns, PREDICTION: contract.columns[LABEL]})


def measure(records: pa.RecordBatch, watched: Contract) -> Figures:
    """Return the figures of *records* by the columns that `choose_columns` chose."""
    checked = {column.source: read_column(records, column) for column in INPUTS if column.source in watched.columns}
    checked[PREDICTION] = _read_predictions(records)
    columns = {}
    for name, each in checked.items():
        statistics = ColumnStatistics(watched.columns[name])
        statistics.add(each)
        columns[name] = statistics.figures()
    return Figures(data_version="", rows=records.num_rows, malformed=0, columns=columns)


def _read_predictions(records: pa.RecordBatch) -> CheckedColumn:
    """Return all predictions there are as valid: the contract's range is of bonuses that were paid."""
    values = pc.drop_null(records[PREDICTION])
    nothing = np.zeros(len(values), bool)
    return CheckedColumn(pa.nulls(0, pa.string()), values, nothing, nothing, nothing)


def find_drift(figures: Figures, baseline: Figures, watched: Contract, sensitivity: Sensitivity) -> Drift:
    """Compare *figures* of a window, which has a record at least, with *baseline*."""
    before = {**baseline.columns, PREDICTION: baseline.columns.get(LABEL, {})}
    baseline = replace(baseline, columns=before)
    comparisons = compare(figures, baseline, watched)
    few = sensitivity.minimum_records * _VALUES_SHARE
    statistics = [
        Statistic(each, _find_watched(each, sensitivity.limit_share), _is_certain(each, figures, baseline))
        for each in comparisons
        if (each.count >= few if each.rule in _SHIFTS else each.column != PREDICTION)
    ]
    return Drift(tuple(statistics))


def _find_watched(comparison: Comparison, limit_share: float) -> float:
    """Return the watched limit: so far on the way from what is expected to the contract's, and never beyond that."""
    watched = comparison.expected + (comparison.limit - comparison.expected) * limit_share
    return min(round(watched, _DIGITS), comparison.limit)


def _is_certain(comparison: Comparison, figures: Figures, baseline: Figures) -> bool:
    """Return whether unchanged traffic would differ so far from the baseline in fewer than `_CHANCE` of windows."""
    now, before = (each.columns.get(comparison.column, {}) for each in (figures, baseline))
    match comparison.rule:
        case "maximum_mean_shift":
            deviation = (1 / now["count"] + 1 / before["count"]) ** 0.5
            chance = 2 * stats.norm.sf(comparison.found / deviation)
        case "maximum_share_shift":
            counts = _pair_counts(now, before)
            if counts is None:  # the contract has other values by now
                return True
            table = np.array(counts)
            chance = stats.chi2_contingency(table[:, table.any(axis=0)], correction=False).pvalue
        case _:  # Fisher's exact test, of more faults than in the baseline
            fault = comparison.rule.removeprefix("maximum_").removesuffix("_share")
            faults, rows = comparison.count + before.get(fault, 0), figures.rows + baseline.rows
            chance = stats.hypergeom.sf(comparison.count - 1, rows, faults, figures.rows)
    return bool(chance < _CHANCE)


def find_psi(now: Mapping[str, Any], before: Mapping[str, Any]) -> float | None:
    """Return the population stability index of two sets of figures; None where they have no counts to compare.

    It is 0 where all shares are equal, and rises with drift.
    """
    counts = _pair_counts(now, before)
    if counts is None:
        return None
    today, then = ((each + _ABSENT) / (each + _ABSENT).sum() for each in counts)
    return float(((today - then) * np.log(today / then)).sum())


def find_ks(now: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, float] | None:
    """Return the Kolmogorov-Smirnov distance of two histograms and its p-value; None where there are none.

    The distance rises with drift, the p-value falls: it is how often equal distributions would be so far apart. Between
    the bounds of the bins they may be further apart, so that the true p-value is no larger.
    """
    counts = _pair_counts(now, before) if "histogram" in now else None
    if counts is None:
        return None
    today, then = counts
    distance = float(np.abs(today.cumsum() / today.sum() - then.cumsum() / then.sum()).max())
    size = today.sum() * then.sum() / (today.sum() + then.sum())
    return {"distance": distance, "p_value": float(kolmogorov(np.sqrt(size) * distance))}


def _pair_counts(
    now: Mapping[str, Any], before: Mapping[str, Any]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None:
    """Return the counts of the same bins or texts in both; None where these differ, or one has none."""
    match now, before:
        case {"histogram": {"bounds": here, "counts": today}}, {"histogram": {"bounds": there, "counts": then}}:
            comparable = here == there
        case {"values": dict(here), "unknown": today}, {"values": dict(there), "unknown": then}:
            comparable = here.keys() == there.keys()
            today, then = [*here.values(), today], [*(there.get(name, 0) for name in here), then]
        case _:
            return None
    counts = np.array(today), np.array(then)
    return counts if comparable and all(each.sum() for each in counts) else None
