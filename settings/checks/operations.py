"""Rules about what people hear of, and about how long things are kept."""

from collections.abc import Iterator, Mapping

from settings.checks.problem import Problem
from settings.checks.rules import Rule, accept, is_whole, items, optional, text, whole
from settings.options import Stage

LOG_RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""PutRetentionPolicy, "retentionInDays"."""

MARGIN_DAYS = 7
"""How much longer than the step cache intermediates are kept: a job that begins with a hit still reads them."""

_ADDRESS = text(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", "give an e-mail address, such as 'ml-team@example.com'")
# LifecycleExpiration, "Days", is above 0, and a cache that expires at once would be none; the century is ours.
_DAYS = whole(1, 36_500)

OPERATIONS: Mapping[str, Rule] = {
    "operations.notified": items(_ADDRESS, "e-mail addresses"),
    "operations.missed_periods": optional(whole(1)),
    "operations.log_retention_days": accept(
        lambda value: is_whole(value) and value in LOG_RETENTION_DAYS,
        f"choose one of {', '.join(map(str, LOG_RETENTION_DAYS))}",
    ),
    "retention.step_cache_days": _DAYS,
    "retention.intermediates_days": _DAYS,
    "retention.predictions_days": _DAYS,
    "retention.monitoring_days": _DAYS,
    "retention.noncurrent_versions_days": _DAYS,
    "retention.access_logs_days": _DAYS,
}


def check_retention(stage: Stage) -> Iterator[Problem]:
    """Yield intermediates that expire while the step cache still points at them."""
    kept, needed = stage.retention.intermediates_days, stage.retention.step_cache_days + MARGIN_DAYS
    if kept < needed:
        yield Problem(
            "retention.intermediates_days",
            f"is {kept}: a cached step could point at deleted files; keep them at least {needed} days,"
            f" {MARGIN_DAYS} longer than step_cache_days",
        )
