"""The evaluation report: what is said of a model, as figures, and a sample of its predictions for a plot."""

import csv
import json
import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from processing.evaluation.comparison import compare
from processing.evaluation.fairness import compare_groups
from processing.evaluation.predictions import Predictions, TestSet
from processing.evaluation.quality_gate import Limit, judge
from processing.evaluation.regression_metrics import Numbers, measure, residuals, slices, standard_deviations
from processing.evaluation.worsening import FILE_NAME, Uncertain
from processing.features.feature_model import FeatureModel

log = logging.getLogger(__name__)

SCHEMA_VERSION = 3

SAMPLE_ROWS = 2_000
RANDOM_STATE = 0
"""Of the bootstrap and the sample: the same model and rows give the same report."""


def build_report(
    test_set: TestSet,
    learnt: FeatureModel,
    *,
    champion: str,
    registered: Uncertain | None,
    limits: Iterable[Limit],
    explanations: Mapping[str, Any],
    cross_check: Mapping[str, Any],
) -> dict[str, Any]:
    """Return evaluation.json as a document; every number in it is finite.

    *champion* is its name, and *registered* the rmse that it was registered with, if that is known.
    """
    actual, predicted = test_set.rows.actual, test_set.rows.predicted
    metrics, baseline = _describe_metrics(actual, predicted), _describe_baseline(actual, learnt.label_mean)
    compared = compare(
        test_set, champion=champion, label_mean=learnt.label_mean, registered=registered, random_state=RANDOM_STATE
    )
    report = {
        "schema_version": SCHEMA_VERSION,
        "data_version": learnt.data_version,
        "rows": len(actual),
        "regression_metrics": metrics,
        "baseline": baseline,
        "champion": compared,
        "slices": {name: slices(groups, actual, predicted) for name, groups in test_set.groups.items()},
        "fairness": compare_groups(test_set.groups, actual - predicted, magnitude=float(np.abs(actual).max())),
        "explanations": explanations,
        "residuals": residuals(actual, predicted),
        "cross_check": cross_check,
    }
    gate = judge(report, limits)
    figures = {**metrics, "improvement": compared["improvement"]}
    texts = [f"{name} {figure['value']:.6g}" for name, figure in figures.items()]
    log.info("%s; failed: %s", ", ".join(texts), gate["failed"])
    return {**report, "gate": gate}


def _describe_metrics(actual: Numbers, predicted: Numbers) -> dict[str, dict[str, float]]:
    """Return the metrics in the form of SageMaker's Model Quality reports, which the model registry shows."""
    found = measure(actual, predicted)
    deviations = standard_deviations(actual, predicted, random_state=RANDOM_STATE)
    return {name: {"value": value, "standard_deviation": deviations[name]} for name, value in found.items()}


def _describe_baseline(actual: Numbers, prediction: float) -> dict[str, Any]:
    """Return the metrics of the same *prediction* for every row."""
    found = measure(actual, np.full(len(actual), prediction))
    return {"prediction": prediction, **{name: {"value": value} for name, value in found.items()}}


def write_report(folder: Path, report: Mapping[str, Any]) -> None:
    """Write *report* into *folder*."""
    text = json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / FILE_NAME).write_text(f"{text}\n", encoding="utf-8")


def write_sample(folder: Path, rows: Predictions) -> None:
    """Write at most `SAMPLE_ROWS` rows, enough for a plot; shuffled, as their order would tell who each one is."""
    generator = np.random.default_rng(RANDOM_STATE)
    drawn = generator.permutation(len(rows.actual))[:SAMPLE_ROWS]
    with (folder / "predictions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["actual", "predicted"])
        writer.writerows(zip(rows.actual[drawn].tolist(), rows.predicted[drawn].tolist(), strict=True))
