"""Rules about the watch over traffic: when it is kept, and what it judges by."""

from collections.abc import Iterator, Mapping

from settings.checks.problem import Problem
from settings.checks.rules import Rule, number, whole
from settings.options import Stage

MONITORING: Mapping[str, Rule] = {
    "monitoring.window_hours": whole(1, 744),  # a month; what is captured expires soon after
    # Of fewer values than ten nothing is told; a mean is told of half as many as there are records at least. At most so
    # many are judged.
    "monitoring.minimum_records": whole(20, 100_000),
    # The least is ours: of a limit of nothing everything is beyond.
    "monitoring.limit_share": number(0.01, 1),
    "monitoring.drifted_share": number(0.01, 1),
    "monitoring.minimum_labels": whole(10),
}


def check_capture(stage: Stage) -> Iterator[Problem]:
    """Yield a schedule where no answer is captured: it would find nothing to watch."""
    captured = stage.deployment.capture_percent if stage.deployment else 0
    if stage.monitoring and stage.monitoring.schedule.enabled and not captured:
        yield Problem(
            "monitoring.schedule.enabled",
            "is True, and no traffic is captured: set deployment=Deployment(capture_percent=100), or give False",
        )
