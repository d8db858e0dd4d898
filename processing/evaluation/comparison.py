"""Compares a model with the champion, or without one with the baseline, on the same rows."""

import logging
from typing import Any

import numpy as np

from processing.evaluation.predictions import TestSet
from processing.evaluation.quality_gate import NONE
from processing.evaluation.regression_metrics import METRICS, Numbers, standard_deviations
from processing.evaluation.worsening import Uncertain, find_worsening
from processing.job import JobError

log = logging.getLogger(__name__)

WORST = -1e6
"""Stands for every improvement below it, as over a champion that makes no error at all: JSON has no infinity."""

FEWEST_ROWS = 30
"""On which a champion's rmse is compared with that of its registration: of fewer, resamples say too little."""


def compare(
    test_set: TestSet, *, champion: str, label_mean: float, registered: Uncertain | None, random_state: int
) -> dict[str, Any]:
    """Return what the report says of *champion*, by its name; the improvement is a share of the champion's rmse.

    Only rows on which the champion was not trained count; raises `JobError` where none is left. Without a champion the
    same figures are those of the baseline, which predicts *label_mean* for every row.
    """
    present = test_set.champion is not None
    if not present and champion != NONE:
        log.warning("champion %s comes without a feature model: compared with the baseline", champion)
    other = np.full(len(test_set.new_to_champion), label_mean) if test_set.champion is None else test_set.champion
    chosen = test_set.new_to_champion
    if not chosen.any():
        raise JobError(
            f"champion {champion} was trained on all {len(chosen)} test rows: keep the split seed it was trained with"
        )
    actual = test_set.rows.actual[chosen]
    theirs, ours = (_rmse(actual, each[chosen]) for each in (other, test_set.rows.predicted))
    return {
        "present": present,
        "name": champion,
        "rows": int(chosen.sum()),
        "excluded_rows": int((~chosen).sum()),
        "rmse": {"value": theirs},
        "challenger_rmse": {"value": ours},
        "improvement": {"value": improvement(theirs, ours)},
        "worsening": _worsening(actual, other[chosen], registered if present else None, random_state),
    }


def improvement(champion_rmse: float, challenger_rmse: float) -> float:
    """Return by which share of the champion's rmse the challenger's is smaller; always finite."""
    if challenger_rmse == champion_rmse:
        return 0.0
    if champion_rmse == 0:
        return WORST
    return max(1 - challenger_rmse / champion_rmse, WORST)


def _worsening(
    actual: Numbers, predicted: Numbers, registered: Uncertain | None, random_state: int
) -> dict[str, float]:
    """Return what is known of a champion's worsening; zeros where nothing is."""
    if registered is None or len(actual) < FEWEST_ROWS:
        return {"value": 0.0, "low": 0.0, "high": 0.0, "significant": 0}
    deviation = standard_deviations(actual, predicted, random_state=random_state)["rmse"]
    found = find_worsening(Uncertain(_rmse(actual, predicted), deviation), registered)
    return {"value": found.value, "low": found.low, "high": found.high, "significant": int(found.significant)}


def _rmse(actual: Numbers, predicted: Numbers) -> float:
    return float(METRICS["rmse"](actual, predicted))
