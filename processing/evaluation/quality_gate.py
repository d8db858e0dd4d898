"""The limits that a model has to keep before anybody is asked to approve it."""

import operator
from collections.abc import Mapping

CONDITIONS = {
    "MinimumR2": ("r2", operator.ge, "less"),
    "MaximumRmse": ("rmse", operator.le, "more"),
    "MinimumImprovement": ("improvement", operator.ge, "less"),
}
"""Name of a limit -> the figure that it binds, how, and the word for a figure that breaks it; both may be equal."""

NONE = "none"


def failed_conditions(figures: Mapping[str, float], limits: Mapping[str, float]) -> str:
    """Return which *limits* the *figures* break, each with both numbers; `NONE` when they keep all."""
    failed = []
    for limit, (figure, keeps, word) in CONDITIONS.items():
        if not keeps(figures[figure], limits[limit]):
            found, allowed = _texts(figures[figure], limits[limit])
            failed.append(f"{figure} {found} is {word} than {limit} {allowed}")
    return "; ".join(failed) or NONE


def _texts(*numbers: float) -> list[str]:
    """Write *numbers* with four decimals, or with all when they would look the same."""
    texts = [f"{number:.4f}" for number in numbers]
    return texts if len(set(texts)) > 1 else [repr(number) for number in numbers]
