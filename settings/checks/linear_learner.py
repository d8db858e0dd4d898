"""Hyperparameters of Linear Learner's regressor: names, types and ranges, and what a search may try.

Source: "Linear learner hyperparameters" and "Tune a linear learner model" in the SageMaker developer guide. The
stand-in in `local_runner`, which imports no settings, reads by a table of its own; a test compares the two.
"""

import difflib
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from settings.checks.problem import Problem
from settings.linear_learner import Range
from settings.options import Stage


class _Hyperparameter(NamedTuple):
    accepts: Callable[[str], bool]
    remedy: str


def _whole() -> _Hyperparameter:
    accepts = re.compile("0*[1-9][0-9]*").fullmatch
    return _Hyperparameter(lambda text: accepts(text) is not None, "give a whole number of at least 1")


def _number(least: float = -math.inf, *, above: float = -math.inf, below: float = math.inf) -> _Hyperparameter:
    def accepts(text: str) -> bool:
        try:
            number = float(text)
        except ValueError:
            return False
        return math.isfinite(number) and least <= number < below and number > above

    bounds = {"of at least": least, "above": above, "below": below}
    named = " and ".join(f"{word} {bound:g}" for word, bound in bounds.items() if math.isfinite(bound))
    return _Hyperparameter(accepts, f"give a finite number {named}".rstrip())


def _choice(*choices: str) -> _Hyperparameter:
    return _Hyperparameter(choices.__contains__, f"choose {', '.join(choices)}")


def _or_auto(kind: _Hyperparameter) -> _Hyperparameter:
    return _Hyperparameter(lambda text: text == "auto" or kind.accepts(text), f"{kind.remedy}, or auto")


_FLAG = _Hyperparameter(lambda text: text.lower() in ("true", "false"), "choose true, false")

HYPERPARAMETERS: Mapping[str, _Hyperparameter] = {
    # The service has classifiers, too; a bonus is a number.
    "predictor_type": _choice("regressor"),
    "num_models": _or_auto(_whole()),
    "epochs": _whole(),
    "early_stopping_patience": _whole(),
    "early_stopping_tolerance": _number(above=0),
    "loss": _or_auto(
        _choice(
            *("squared_loss", "absolute_loss", "eps_insensitive_squared_loss", "eps_insensitive_absolute_loss"),
            *("quantile_loss", "huber_loss"),
        )
    ),
    "huber_delta": _number(0),
    "quantile": _number(above=0, below=1),
    "loss_insensitivity": _number(above=0),
    "wd": _or_auto(_number(0)),
    "l1": _or_auto(_number(0)),
    "use_bias": _FLAG,
    "optimizer": _or_auto(_choice("sgd", "adam", "rmsprop")),
    "learning_rate": _or_auto(_number(above=0)),
    "momentum": _or_auto(_number(0, below=1)),
    "beta_1": _or_auto(_number(0, below=1)),
    "beta_2": _or_auto(_number(0, below=1)),
    "bias_lr_mult": _or_auto(_number(above=0)),
    "bias_wd_mult": _or_auto(_number(0)),
    "use_lr_scheduler": _FLAG,
    "lr_scheduler_step": _or_auto(_whole()),
    "lr_scheduler_factor": _or_auto(_number(above=0, below=1)),
    "lr_scheduler_minimum_lr": _or_auto(_number(above=0)),
    "normalize_data": _FLAG,
    "normalize_label": _or_auto(_FLAG),
    "unbias_data": _or_auto(_FLAG),
    "unbias_label": _or_auto(_FLAG),
    "num_point_for_scaler": _whole(),
    "num_calibration_samples": _or_auto(_whole()),
    "init_method": _choice("uniform", "normal"),
    "init_scale": _number(above=0),
    "init_sigma": _number(above=0),
    "init_bias": _number(),
}

_SET_ELSEWHERE = {
    "mini_batch_size": "set training.mini_batch_size instead, as preprocessing has to know it, too",
    "feature_dim": "leave it out, the algorithm counts the columns",
    **dict.fromkeys(
        (
            *("num_classes", "accuracy_top_k", "balance_multiclass_weights", "f_beta", "margin"),
            *("binary_classifier_model_selection_criteria", "positive_example_weight_mult"),
            *("target_precision", "target_recall"),
        ),
        "leave it out, it is for classifiers",
    ),
}
"""Hyperparameters that the algorithm has and this pipeline does not give."""

SEARCHABLE = ("learning_rate", "wd", "l1", "mini_batch_size")
"""Those that a search may try in a range of numbers; the service refuses a range of any other."""


def check_hyperparameters(group: str, value: Any) -> Iterator[Problem]:
    """Yield hyperparameters that the algorithm does not have or take."""
    if not isinstance(value, Mapping):
        yield Problem(group, f"is {value!r}: write a mapping of names to values")
        return
    if "predictor_type" not in value:
        yield Problem(f"{group}.predictor_type", "is missing: set 'regressor'")
    for name, each in value.items():
        if remedy := _find_remedy(name, each):
            yield Problem(f"{group}.{name}", f"is {each!r}{remedy}")


def _find_remedy(name: str, value: Any) -> str:
    """Return what to do about the *value* of a hyperparameter, or nothing where it is right."""
    # Numbers and flags are written as JSON, which is how the API carries them.
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    if name in _SET_ELSEWHERE:
        return f": {_SET_ELSEWHERE[name]}"
    if name not in HYPERPARAMETERS:
        nearest = difflib.get_close_matches(str(name), HYPERPARAMETERS, 1)
        remedy = f"did you mean {nearest[0]}?" if nearest else "remove it"
        return f", and Linear Learner has no such hyperparameter: {remedy}"
    return "" if HYPERPARAMETERS[name].accepts(text) else f": {HYPERPARAMETERS[name].remedy}"


def check_ranges(stage: Stage) -> Iterator[Problem]:
    """Yield ranges that a search cannot try."""
    if stage.training.tuning is None:
        return
    group = "training.tuning.ranges"
    if not stage.training.tuning.ranges:
        yield Problem(group, f"is empty: give a range of {', '.join(SEARCHABLE)}")
    for name, tried in stage.training.tuning.ranges.items():
        yield from list(_range_problems(f"{group}.{name}", name, tried))[:1]


def _range_problems(path: str, name: str, tried: Range) -> Iterator[Problem]:
    """Yield what is wrong with one range; what comes first may be the cause of the rest."""
    if name not in SEARCHABLE:
        yield Problem(path, f"cannot be searched in a range: search {', '.join(SEARCHABLE)} only")
    whole = name == "mini_batch_size"
    if tried.whole != whole:
        yield Problem(f"{path}.whole", f"is {tried.whole}: set {whole}, as the values of {name} are")
    kind = _whole() if whole else HYPERPARAMETERS.get(name, _number())
    for end, value in (("minimum", tried.minimum), ("maximum", tried.maximum)):
        if whole and value != int(value):
            yield Problem(f"{path}.{end}", f"is {value!r}: give a whole number")
        if not kind.accepts(f"{value:.0f}" if whole else repr(value)):
            yield Problem(f"{path}.{end}", f"is {value!r}: {kind.remedy.removesuffix(', or auto')}")
    if tried.minimum >= tried.maximum:
        yield Problem(path, f"goes from {tried.minimum!r} to {tried.maximum!r}: give a minimum below the maximum")
    yield from _scaling_problems(path, tried)


def _scaling_problems(path: str, tried: Range) -> Iterator[Problem]:
    """Source: "Hyperparameter scaling" in the developer guide."""
    if tried.scaling == "Logarithmic" and tried.minimum <= 0:
        yield Problem(f"{path}.minimum", f"is {tried.minimum!r}: a logarithmic scale needs more than 0")
    if tried.scaling == "ReverseLogarithmic":
        if tried.whole:
            yield Problem(f"{path}.scaling", "is 'ReverseLogarithmic': whole numbers take Linear or Logarithmic")
        elif tried.minimum < 0 or tried.maximum >= 1:
            yield Problem(path, "is on a reverse logarithmic scale: stay from 0 to below 1, or set scaling='Linear'")
