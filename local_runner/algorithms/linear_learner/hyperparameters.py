"""The regressor's hyperparameters: names, defaults and ranges, read from the strings that the API carries.

Source of names, defaults and ranges: "Linear learner hyperparameters" in the SageMaker developer guide. What `auto`
stands for is not documented; the values given here are those seen in logs of managed jobs.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from local_runner.algorithms.linear_learner import CustomerError


def _declared(default: Any, read: Callable[[str], Any], accepts: str) -> Any:
    return field(default=default, metadata={"read": read, "accepts": accepts})


def _whole(default: int, *, at_least: int) -> Any:
    def read(text: str) -> int:
        if int(text) < at_least:
            raise ValueError
        return int(text)

    return _declared(default, read, f"a whole number of at least {at_least}")


def _number(default: float, *, at_least: float = -math.inf, above: float = -math.inf, below: float = math.inf) -> Any:
    def read(text: str) -> float:
        number = float(text)
        if not (math.isfinite(number) and at_least <= number < below and number > above):
            raise ValueError
        return number

    bounds = {"at least": at_least, "above": above, "below": below}
    named = " and ".join(f"{word} {bound:g}" for word, bound in bounds.items() if math.isfinite(bound))
    return _declared(default, read, f"a number {named}".strip())


def _choice(default: str, *others: str) -> Any:
    choices = (default, *others)

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    return _declared(default, read, " or ".join(choices))


def _flag(default: bool) -> Any:
    return _declared(default, lambda text: {"true": True, "false": False}[text.lower()], "true or false")


def _or_auto(declared: Any) -> Any:
    """Also accept `auto`, which means the default."""
    read, accepts = declared.metadata["read"], declared.metadata["accepts"]
    return _declared(
        declared.default, lambda text: declared.default if text == "auto" else read(text), f"auto or {accepts}"
    )


@dataclass(frozen=True, kw_only=True)
class Hyperparameters:
    """One regressor's hyperparameters, typed and in range."""

    predictor_type: str = _choice("regressor")
    feature_dim: int = _or_auto(_whole(0, at_least=1))
    """0: as many features as the data has."""
    num_models: int = _declared(1, lambda text: {"1": 1}[text], "1: the stand-in trains one model")

    epochs: int = _whole(15, at_least=1)
    mini_batch_size: int = _whole(1000, at_least=1)
    early_stopping_patience: int = _whole(3, at_least=1)
    early_stopping_tolerance: float = _number(0.001, above=0)

    loss: str = _or_auto(
        _choice(
            "squared_loss",
            "absolute_loss",
            "eps_insensitive_squared_loss",
            "eps_insensitive_absolute_loss",
            "quantile_loss",
            "huber_loss",
        )
    )
    huber_delta: float = _number(1.0, at_least=0)
    quantile: float = _number(0.5, above=0, below=1)
    loss_insensitivity: float = _number(0.01, above=0)
    wd: float = _or_auto(_number(1e-4, at_least=0))
    l1: float = _or_auto(_number(0.0, at_least=0))
    use_bias: bool = _flag(True)

    optimizer: str = _or_auto(_choice("adam", "sgd", "rmsprop"))
    learning_rate: float = _or_auto(_number(0.005, above=0))
    momentum: float = _or_auto(_number(0.0, at_least=0, below=1))
    beta_1: float = _or_auto(_number(0.9, at_least=0, below=1))
    beta_2: float = _or_auto(_number(0.999, at_least=0, below=1))
    bias_lr_mult: float = _or_auto(_number(10.0, above=0))
    bias_wd_mult: float = _or_auto(_number(0.0, at_least=0))
    use_lr_scheduler: bool = _flag(True)
    lr_scheduler_step: int = _or_auto(_whole(10, at_least=1))
    lr_scheduler_factor: float = _or_auto(_number(0.98, above=0, below=1))
    lr_scheduler_minimum_lr: float = _or_auto(_number(1e-5, above=0))

    normalize_data: bool = _flag(True)
    normalize_label: bool = _or_auto(_flag(True))
    unbias_data: bool = _or_auto(_flag(True))
    unbias_label: bool = _or_auto(_flag(True))
    num_point_for_scaler: int = _whole(10_000, at_least=1)
    num_calibration_samples: int = _or_auto(_whole(10_000_000, at_least=1))
    """Without a validation channel, how many training rows the best epoch is chosen on."""

    init_method: str = _choice("uniform", "normal")
    init_scale: float = _number(0.07, above=0)
    init_sigma: float = _number(0.01, above=0)
    init_bias: float = _number(0.0)

    @classmethod
    def from_strings(cls, strings: Mapping[str, str]) -> Self:
        """Read the content of hyperparameters.json; raise `CustomerError` for the first that is refused."""
        known = {each.name: each.metadata for each in fields(cls)}
        unknown = sorted(set(strings) - set(known))
        if unknown:
            raise CustomerError(f"hyperparameter {unknown[0]} is unknown to the regressor: remove it")
        for required in ("predictor_type", "num_models"):
            if required not in strings:
                raise CustomerError(f"hyperparameter {required} is missing: set {known[required]['accepts']}")
        values = {}
        for name, text in strings.items():
            try:
                values[name] = known[name]["read"](text)
            except (ValueError, KeyError) as error:
                accepts = known[name]["accepts"]
                raise CustomerError(f"hyperparameter {name} is {text!r}: set {accepts}") from error
        return cls(**values)
