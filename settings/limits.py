"""The limits that a model must keep to be registered: one row of `LIMITS` each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from settings.errors import SettingsError


class LimitError(SettingsError):
    """A default of a limit that the quality gate does not have."""


@dataclass(frozen=True)
class Limit:
    """A figure of the evaluation, and what it must be at least or at most.

    From it follow a pipeline parameter, an argument of the evaluation, a condition of the quality gate, metadata of
    the registered model, an entry of evaluation.json and a row of the execution report.
    """

    name: str
    """Of the pipeline parameter."""
    figure: str
    """Path in evaluation.json."""
    comparison: Literal["at_least", "at_most"]
    """Both may be equal."""
    default: float | None
    """None for a limit that is off until a stage sets a default."""
    unit: Literal["number", "share"] = "number"
    """How the execution report writes it; a share of 1 as a percentage."""

    @property
    def figure_name(self) -> str:
        """What the figure is called in the metadata of a registered model: the path's last name but `value`."""
        words = self.figure.removesuffix(".value").rpartition(".")[2].split("_")
        return "".join(map(str.capitalize, words))


LIMITS = (
    # Share of the variance of bonuses on the test rows that the model must explain.
    Limit("MinimumR2", "regression_metrics.r2.value", "at_least", 0.5),
    # Root mean squared error on the test rows, in the currency of the bonus.
    Limit("MaximumRmse", "regression_metrics.rmse.value", "at_most", 2_500.0),
    # Share of the champion's RMSE by which the model's must be smaller, on test rows that are new to both.
    Limit("MinimumImprovement", "champion.improvement.value", "at_least", 0.01, "share"),
    # Largest significant difference between the mean errors of two age groups or two departments, in the same currency.
    Limit("MaximumGroupDifference", "fairness.largest_difference.value", "at_most", None),
)


def limits_with(defaults: Mapping[str, float]) -> tuple[Limit, ...]:
    """Return the limits that are on, those that *defaults* names with these defaults."""
    known = [limit.name for limit in LIMITS]
    for name in defaults:
        if name not in known:
            raise LimitError(f"quality gate: {name!r} is no limit: set a default of {', '.join(known)}")
    limits = (replace(limit, default=defaults.get(limit.name, limit.default)) for limit in LIMITS)
    return tuple(limit for limit in limits if limit.default is not None)
