"""Evaluation: a trained model and the held-out test rows in; what is said of it, and whether it is good enough, out.

The model is compared with the champion, the version in use, on rows that neither was trained on; without a champion
with the baseline, which predicts the mean training bonus for everybody. Figures only: nothing tells who a row is.
What serves the model is made here, too, where it has just been shown that its artefact is read rightly.
"""

import argparse
import logging
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from processing.evaluation.champion import read_champion
from processing.evaluation.cross_check import CrossCheck, expect_test_mse, expect_validation_loss
from processing.evaluation.explanations import Explainer
from processing.evaluation.model import read_model
from processing.evaluation.model_card import write_card
from processing.evaluation.predictions import predict_channel, predict_test_rows, read_training
from processing.evaluation.quality_gate import LIMIT_WORDS, Limit, parse_limits
from processing.evaluation.report import build_report, write_report, write_sample
from processing.evaluation.serving import write_serving
from processing.evaluation.worsening import read_registered_rmse
from processing.features.feature_model import FILE_NAME, FeatureModel
from processing.features.features import feature_names
from processing.features.split_key import TEST_SHARE
from processing.job import JobError, add_arguments, read_instance, run

log = logging.getLogger(__name__)

MINIMUM_TEST_ROWS = 2
"""With fewer there is no variance for r2 to explain."""


@dataclass(frozen=True)
class EvaluateOptions:
    """The job's folders and files, and what it is told of the models."""

    model: Path
    feature_model: Path
    test: Path
    readable_test: Path
    train: Path
    champion_model: Path
    champion_feature_model: Path
    champion_evaluation: Path
    evaluation: Path
    serving: Path
    resource_config: Path
    message: Path
    champion: str
    """The champion's name, or "none"."""


def main(argv: Sequence[str], _environment: Mapping[str, str]) -> int:
    """Run the job that the command line describes."""
    parser = _build_parser()
    # After a space, argparse does not take a number like -5.0E-4, as Java writes it, for an option.
    given = vars(parser.parse_args([f" {word}" if re.match(r"-\d", word) else word for word in argv]))
    test_mse, loss, validation, described = map(
        given.pop, ("reported_test_mse", "reported_validation_loss", "validation", "limit")
    )
    if (validation is None) != (loss is None):
        parser.error("--validation and --reported-validation-loss go together: give both or none")
    check = expect_test_mse(test_mse) if loss is None else expect_validation_loss(loss)
    try:
        limits = parse_limits(described)
    except ValueError as error:
        parser.error(f"argument --limit: {error}")
    options = EvaluateOptions(**given)
    return run(partial(evaluate, options, limits, check, validation), message=options.message)


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="evaluate")
    add_arguments(parser, EvaluateOptions)
    reported = parser.add_mutually_exclusive_group(required=True)
    reported.add_argument("--reported-test-mse", type=float)
    reported.add_argument("--reported-validation-loss", type=float)
    parser.add_argument("--validation", type=Path)
    parser.add_argument("--limit", nargs=len(LIMIT_WORDS), metavar=LIMIT_WORDS, action="append", required=True)
    return parser


def evaluate(options: EvaluateOptions, limits: Sequence[Limit], check: CrossCheck, validation: Path | None) -> None:
    """Do the whole job; raise `JobError` where model and rows do not allow it.

    What the training job reported is checked on the rows in *validation*, or else on the test rows.
    """
    if not read_instance(options.resource_config).leads:
        log.info("the first instance evaluates")
        return
    learnt = FeatureModel.from_json((options.feature_model / FILE_NAME).read_text(encoding="utf-8"))
    model = read_model(options.model, features=len(feature_names(learnt)))
    champion = read_champion(
        options.champion,
        model=options.champion_model,
        features=options.champion_feature_model,
        rows_seed=learnt.split_seed,
    )
    training = read_training(options.train, model)
    explainer = Explainer(model, learnt, training)
    test_set = predict_test_rows(options.test, options.readable_test, model, champion, explainer.observe)
    if len(test_set.rows.actual) < MINIMUM_TEST_ROWS:
        enough = math.ceil(MINIMUM_TEST_ROWS / TEST_SHARE)
        raise JobError(f"r2 needs {MINIMUM_TEST_ROWS} test rows and there is one: give at least {enough} usable rows")
    checked = test_set.rows if validation is None else predict_channel(validation, model)
    cross_check = {"metric": check.metric, "reported": check.reported, "recomputed": check.recompute(checked)}
    document = build_report(
        test_set,
        learnt,
        champion=options.champion,
        registered=read_registered_rmse(options.champion_evaluation),
        limits=limits,
        explanations=explainer.explain(),
        cross_check=cross_check,
    )
    options.evaluation.mkdir(parents=True, exist_ok=True)
    write_report(options.evaluation, document)
    write_card(options.evaluation, document)
    write_sample(options.evaluation, test_set.rows)
    write_serving(options.serving, learnt, model, training.means)
