"""Evaluation: a trained model and the held-out test rows in; what is said of it, and whether it is good enough, out.

The model is compared with the champion, the version in use, on rows that neither was trained on; without a champion
with the baseline, which predicts the mean training bonus for everybody. Figures only: nothing tells who a row is.
"""

import argparse
import csv
import json
import logging
import math
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from processing.evaluation.champion import read_champion
from processing.evaluation.comparison import compare
from processing.evaluation.cross_check import expect_test_mse, expect_validation_loss
from processing.evaluation.predictions import Predictions, TestSet, predict_channel, predict_test_rows
from processing.evaluation.quality_gate import NONE, failed_conditions
from processing.evaluation.regression_metrics import measure, residuals, slices, standard_deviations
from processing.features.feature_model import FILE_NAME, FeatureModel
from processing.features.split_key import TEST_SHARE
from processing.job import JobError, read_instance, run
from processing.linear_learner.model_artefact import ARTEFACT, LinearModel, read_model

log = logging.getLogger(__name__)

SCHEMA_VERSION = 1

SAMPLE_ROWS = 2_000
RANDOM_STATE = 0
"""Of the bootstrap and the sample: the same model and rows give the same report."""

MINIMUM_TEST_ROWS = 2
"""With fewer there is no variance for r2 to explain."""


def main(argv: Sequence[str], _environment: Mapping[str, str]) -> int:
    """Run the job that the command line describes."""
    parser = argparse.ArgumentParser(prog="evaluate")
    for name in ("model", "feature-model", "test", "readable-test", "champion-model", "champion-feature-model"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in ("evaluation", "resource-config", "message"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--champion", required=True, metavar="NAME", help=f"the champion's name, or {NONE}")
    for name in ("minimum-r2", "maximum-rmse", "minimum-improvement"):
        parser.add_argument(f"--{name}", type=_finite, required=True)
    reported = parser.add_mutually_exclusive_group(required=True)
    reported.add_argument("--reported-test-mse", type=float)
    reported.add_argument("--reported-validation-loss", type=float)
    parser.add_argument("--validation", type=Path)
    # After a space, argparse does not take a number like -5.0E-4, as Java writes it, for an option.
    options = parser.parse_args([f" {word}" if re.match(r"-\d", word) else word for word in argv])
    if (options.validation is None) != (options.reported_validation_loss is None):
        parser.error("--validation and --reported-validation-loss go together: give both or none")
    return run(partial(evaluate, options), message=options.message)


def evaluate(options: argparse.Namespace) -> None:
    """Do the whole job; raise `JobError` where model and rows do not allow it."""
    if not read_instance(options.resource_config).leads:
        log.info("the first instance evaluates")
        return
    learnt = FeatureModel.from_json((options.feature_model / FILE_NAME).read_text(encoding="utf-8"))
    model = read_model(options.model / ARTEFACT, features=len(learnt.features))
    champion = read_champion(
        options.champion,
        model=options.champion_model,
        features=options.champion_feature_model,
        rows_seed=learnt.split_seed,
    )
    test_set = predict_test_rows(options.test, options.readable_test, model, champion)
    if len(test_set.rows.actual) < MINIMUM_TEST_ROWS:
        enough = math.ceil(MINIMUM_TEST_ROWS / TEST_SHARE)
        raise JobError(f"r2 needs {MINIMUM_TEST_ROWS} test rows and there is one: give at least {enough} usable rows")
    cross_check = _cross_check(options, model, test_set.rows)
    document = report(options, learnt, test_set, cross_check)
    options.evaluation.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    (options.evaluation / "evaluation.json").write_text(f"{text}\n", encoding="utf-8")
    _write_sample(options.evaluation / "predictions.csv", test_set.rows)


def report(
    options: argparse.Namespace, learnt: FeatureModel, test_set: TestSet, cross_check: Mapping[str, Any]
) -> dict[str, Any]:
    """Return evaluation.json as a document; every number in it is finite."""
    actual, predicted = test_set.rows.actual, test_set.rows.predicted
    metrics = measure(actual, predicted)
    deviations = standard_deviations(actual, predicted, random_state=RANDOM_STATE)
    baseline = measure(actual, np.full(len(actual), learnt.label_mean))
    champion = compare(test_set, champion=options.champion, label_mean=learnt.label_mean)
    return {
        "schema_version": SCHEMA_VERSION,
        "data_version": learnt.data_version,
        "rows": len(actual),
        # The form of SageMaker's Model Quality reports, which the model registry shows.
        "regression_metrics": {
            name: {"value": value, "standard_deviation": deviations[name]} for name, value in metrics.items()
        },
        "baseline": {"prediction": learnt.label_mean, **{name: {"value": value} for name, value in baseline.items()}},
        "champion": champion,
        "slices": {name: slices(groups, actual, predicted) for name, groups in test_set.groups.items()},
        "residuals": residuals(actual, predicted),
        "cross_check": cross_check,
        "gate": _gate(options, {**metrics, "improvement": champion["improvement"]["value"]}),
    }


def _cross_check(options: argparse.Namespace, model: LinearModel, test: Predictions) -> dict[str, Any]:
    if options.validation is None:
        check, rows = expect_test_mse(options.reported_test_mse), test
    else:
        check = expect_validation_loss(options.reported_validation_loss)
        rows = predict_channel(options.validation, model)
    return {"metric": check.metric, "reported": check.reported, "recomputed": check.recompute(rows)}


def _gate(options: argparse.Namespace, figures: Mapping[str, float]) -> dict[str, Any]:
    limits = {
        "MinimumR2": options.minimum_r2,
        "MaximumRmse": options.maximum_rmse,
        "MinimumImprovement": options.minimum_improvement,
    }
    failed = failed_conditions(figures, limits)
    log.info("%s; failed: %s", ", ".join(f"{name} {figure:.6g}" for name, figure in figures.items()), failed)
    return {"passed": failed == NONE, "failed": failed, "limits": limits}


def _write_sample(path: Path, rows: Predictions) -> None:
    """Write at most `SAMPLE_ROWS` rows, enough for a plot; shuffled, as their order would tell who each one is."""
    generator = np.random.default_rng(RANDOM_STATE)
    drawn = generator.permutation(len(rows.actual))[:SAMPLE_ROWS]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["actual", "predicted"])
        writer.writerows(zip(rows.actual[drawn].tolist(), rows.predicted[drawn].tolist(), strict=True))


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"{text}: give a finite number")
    return number
