"""CloudWatch's metric alarms, as far as ours use them: which state an alarm takes on which data.

Sources: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data" and "Using math expressions with
CloudWatch metrics". Where these say nothing, whoever asks has to choose; what our alarms do not use raises.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Series = Sequence[float | None]
"""A value a period, the oldest first; None where there is none."""

_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "LessThanThreshold": operator.lt,
    "GreaterThanOrEqualToThreshold": operator.ge,
}


class UnknownRuleError(NotImplementedError):
    """Something in an alarm that is not done here."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the guide leaves open."""

    periods_beyond: int = 2
    """How many periods more than the alarm's CloudWatch retrieves; in the guide's examples 2."""
    fills_the_unknown: bool = True
    """Whether FILL makes a series of a metric that has no data at all."""


def state_of(
    alarm: Mapping[str, Any], data: Mapping[str, Series], *, before: str = "OK", reading: Reading | None = None
) -> str:
    """Return the state that *alarm* takes, which was *before*, on *data* by the name of the metric."""
    reading = reading or Reading()
    retrieved = alarm["EvaluationPeriods"] + reading.periods_beyond
    watched = _watched(alarm, {name: values[-retrieved:] for name, values in data.items()}, reading)
    compare = _COMPARISONS[alarm["ComparisonOperator"]]
    breaching = [None if value is None else compare(value, alarm["Threshold"]) for value in watched]
    return _state(alarm, breaching, before)


def _state(alarm: Mapping[str, Any], breaching: Sequence[bool | None], before: str) -> str:
    periods = alarm["EvaluationPeriods"]
    needed, treatment = alarm.get("DatapointsToAlarm", periods), alarm["TreatMissingData"]
    # The latest real ones, also from beyond the periods; only what they lack is filled in.
    real = [each for each in breaching if each is not None][-periods:]
    lacking = periods - len(real)
    if lacking and treatment in ("missing", "ignore"):
        if not real:
            return "INSUFFICIENT_DATA" if treatment == "missing" else before
        if all(real) and len(breaching) - breaching.index(True) >= needed:  # the "premature alarm state"
            return "ALARM" if treatment == "missing" else before
    assumed = lacking if treatment == "breaching" else 0
    return "ALARM" if sum(real) + assumed >= needed else "OK"


def _watched(alarm: Mapping[str, Any], data: Mapping[str, Series], reading: Reading) -> Series:
    if "Metrics" not in alarm:
        return data[alarm["MetricName"]]
    (expression,) = (each["Expression"] for each in alarm["Metrics"] if each.get("ReturnData", True))
    metrics = {
        each["Id"]: data[each["MetricStat"]["Metric"]["MetricName"]]
        for each in alarm["Metrics"]
        if "MetricStat" in each
    }
    terms = [_term(text.strip(), metrics, reading) for text in expression.split("+")]
    return [_sum(values) for values in zip(*terms, strict=True)]


def _sum(values: Sequence[float | None]) -> float | None:
    """Add as the guide's "Basic arithmetic functions": missing values are 0, where there is any value at all."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _term(text: str, metrics: Mapping[str, Series], reading: Reading) -> Series:
    filled = re.fullmatch(r"FILL\((\w+), *(\d+)\)", text)
    if filled is None and text not in metrics:
        raise UnknownRuleError(f"{text!r} is not done here")
    series = metrics[filled[1] if filled else text]
    if filled is None or not (reading.fills_the_unknown or any(value is not None for value in series)):
        return series
    return [float(filled[2]) if value is None else value for value in series]
