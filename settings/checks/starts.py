"""Rules about starts: when, with what, and how often it is tried to deliver one."""

import math
from collections.abc import Iterator, Mapping
from datetime import timedelta

from settings.checks.cron import ExpressionError, find_longest_gap
from settings.checks.problem import Problem
from settings.checks.rules import Rule, whole, whole_as
from settings.options import Stage
from settings.starts import Schedule

_AGE = whole_as("MaximumEventAgeInSeconds", "events")
_RETRIES = whole_as("MaximumRetryAttempts", "events")

STARTS: Mapping[str, Rule] = {
    "schedule.maximum_event_age_s": _AGE,
    "schedule.maximum_retries": _RETRIES,
    "schedule.period_hours": whole(1),
    "new_data_start.maximum_event_age_s": _AGE,
    "new_data_start.maximum_retries": _RETRIES,
    "scoring.new_data_start.maximum_event_age_s": _AGE,
    "scoring.new_data_start.maximum_retries": _RETRIES,
    "monitoring.schedule.maximum_event_age_s": _AGE,
    "monitoring.schedule.maximum_retries": _RETRIES,
    "monitoring.schedule.period_hours": whole(1),
}


def check_schedule(stage: Stage) -> Iterator[Problem]:
    """Yield an expression that EventBridge refuses, and a period that is not the expression's."""
    yield from _check("schedule", stage.schedule)
    if stage.monitoring:
        yield from _check("monitoring.schedule", stage.monitoring.schedule)


def _check(option: str, schedule: Schedule) -> Iterator[Problem]:
    expression, period_hours = schedule.expression, schedule.period_hours
    try:
        gap = find_longest_gap(expression)
    except ExpressionError as error:
        yield Problem(f"{option}.expression", f"is {expression!r}: {error}")
        return
    hours = math.ceil(gap / timedelta(hours=1)) if gap else period_hours
    if period_hours != hours:
        yield Problem(
            f"{option}.period_hours",
            f"is {period_hours}: {expression} leaves up to {hours} h between two starts: set {hours}",
        )
