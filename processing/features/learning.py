"""Learns a feature model from the training rows: from the figures of each range of them, put together in any order.

Figures are small however many rows there are, and exact: no result depends on which range a row is in.
"""

import datetime
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from processing.engines.engine import Ranges
from processing.features.feature_model import FeatureModel
from processing.features.mean import Mean
from processing.features.order_statistics import (
    Codes,
    Floats,
    Numbers,
    Tally,
    count_intervals,
    count_within,
    find_intervals,
)
from processing.features.split_key import TRAIN_SHARE, SplitThresholds
from processing.features.transform import SPLIT_KEY
from processing.job import JobError
from processing.records.columns import LABEL, UNKNOWN, WITH_MEDIAN

EPOCH = datetime.date(1970, 1, 1)
"""Day 0 of Arrow's dates."""

_THIRDS = (1 / 3, 2 / 3)
_QUANTILES = (*_THIRDS, 1 / 2)

Tallies = Mapping[str, Tally]
"""By the name of a column whose missing values are filled by a median."""


@dataclass(frozen=True)
class TrainingFigures:
    """What is learnt from some training rows at first sight."""

    rows: int
    labels: Mean
    hires: Tally
    """How many on which day."""
    departments: frozenset[str]
    intervals: Tallies
    """In what intervals numbers lie."""


def learn(
    ranges: Ranges,
    numbers: Sequence[int],
    *,
    data_version: str,
    split_seed: str,
    thresholds: SplitThresholds,
    minimum_rows: int,
    absent: Collection[str] = (),
    without: Sequence[str] = (),
) -> FeatureModel:
    """Learn from the training rows, those of the *ranges* with these *numbers* that have a key below the threshold.

    Raise `JobError` for fewer than *minimum_rows*, and for a column without a value; of the columns *absent* there is
    none, and 0 stands in for all of them. From those *without* a feature the same is learnt as from all others.
    """
    figures = _put_together(ranges.map(partial(measure_range, thresholds), numbers))
    _check_rows(figures.rows, minimum_rows)
    middles = {name: find_intervals(tally, _QUANTILES) for name, tally in figures.intervals.items() if tally.total}
    for name in figures.intervals:
        if name not in middles and name not in absent:
            raise JobError(f"no training row of the input has a value of {name}: export the column again")
    counted = _merge(ranges.map(partial(count_range, thresholds, middles), numbers))
    values = {name: Numbers(figures.intervals[name], counted[name]) for name in middles}
    return FeatureModel(
        data_version=data_version,
        split_seed=split_seed,
        train_below=thresholds.train_below,
        test_from=thresholds.test_from,
        reference_date=find_reference_date(figures.hires),
        label_mean=figures.labels.value,
        medians={name: values[name].median() if name in values else 0.0 for name in figures.intervals},
        salary_bounds=tuple(np.round([values["salary"].quantile(each) for each in _THIRDS], 2).tolist()),
        departments=(*sorted(figures.departments - {"", UNKNOWN}), UNKNOWN),
        without=tuple(without),
    )


def measure_range(thresholds: SplitThresholds, _number: int, batches: Sequence[pa.RecordBatch]) -> TrainingFigures:
    """Return the figures of the training rows (`EMPLOYEES`) of a range, in order of their split keys."""
    rows = _select(thresholds, batches)
    labels = Mean()
    labels.add(rows[LABEL].to_numpy().tolist())
    return TrainingFigures(
        rows=rows.num_rows,
        labels=labels,
        hires=Tally.count(rows["hire_date"].cast(pa.int32()).to_numpy()),
        departments=frozenset(pc.unique(rows["department"]).to_pylist()),
        intervals={column.name: count_intervals(_known(rows, column.name)) for column in WITH_MEDIAN},
    )


def count_range(
    thresholds: SplitThresholds, middles: Mapping[str, Codes], _number: int, batches: Sequence[pa.RecordBatch]
) -> Tallies:
    """Count the numbers of the training rows of a range that lie in the intervals *middles*, one by one."""
    rows = _select(thresholds, batches)
    return {name: count_within(_known(rows, name), each) for name, each in middles.items()}


def _select(thresholds: SplitThresholds, batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    (rows,) = batches
    return rows.slice(0, int(np.count_nonzero(thresholds.train(rows[SPLIT_KEY.name].to_numpy()))))


def _put_together(figures: Sequence[TrainingFigures]) -> TrainingFigures:
    labels = Mean()
    for each in figures:
        labels.merge(each.labels)
    return TrainingFigures(
        rows=sum(each.rows for each in figures),
        labels=labels,
        hires=Tally.merge(each.hires for each in figures),
        departments=frozenset().union(*(each.departments for each in figures)),
        intervals=_merge([each.intervals for each in figures]),
    )


def _merge(tallies: Sequence[Tallies]) -> Tallies:
    return {name: Tally.merge(each[name] for each in tallies) for name in tallies[0]}


def _check_rows(rows: int, minimum: int) -> None:
    if rows < minimum:
        enough = math.ceil(minimum / TRAIN_SHARE)
        raise JobError(
            f"the input has {rows} training rows, fewer than a mini-batch of {minimum}: give {enough} usable rows"
        )


def _known(rows: pa.RecordBatch, column: str) -> Floats:
    values: Floats = pc.drop_null(rows[column]).to_numpy(zero_copy_only=False)
    return values


def find_reference_date(hires: Tally) -> datetime.date:
    """Return the latest day of *hires* that is no outlier, of at least one.

    An outlier lies beyond the upper fence: the third quartile and 1.5 times the range between the quartiles (Tukey,
    "Exploratory Data Analysis", 1977). Where few were hired lately, many hires lie there and are none: only the last
    row of all and the last hundredth of the rows may be.
    """
    days, total = hires.codes, hires.total
    ranks = [0.25 * total, 0.75 * total, min(0.99 * total, total - 1)]
    first, third, usual = days[np.searchsorted(hires.counts.cumsum(), ranks)]
    latest = days[days <= max(third + 1.5 * (third - first), usual)][-1]
    return EPOCH + datetime.timedelta(days=int(latest))
