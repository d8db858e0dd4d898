"""What can be set of the pipeline that watches the approved model's traffic."""

from dataclasses import dataclass
from types import MappingProxyType

from settings.starts import Schedule

DAILY = Schedule(
    expression="cron(0 0 * * ? *)",
    period_hours=24,
    enabled=False,
    parameters=MappingProxyType({"WindowEnd": "$.time"}),
)
"""At midnight, so that a window of 24 hours is one folder of captured answers: across it, the month's would be read."""


@dataclass(frozen=True, kw_only=True)
class Monitoring:
    """The third pipeline, which compares a window of traffic with the champion's training data."""

    schedule: Schedule = DAILY
    """Off: `dataclasses.replace(DAILY, enabled=True)` starts it; one of your own has the parameters of `DAILY`."""
    window_hours: int = 24
    """Of traffic, before the window's end; as long as the schedule's period, each record is in one window."""
    minimum_records: int = 300
    """Distinct ones: with fewer a window is not judged."""
    limit_share: float = 0.5
    """Of the data contract's limits of drift: traffic is watched more closely than training data."""
    drifted_share: float = 0.1
    """Of the columns: with so many beyond the watched limits, the traffic has drifted."""
    minimum_labels: int = 100
    """Captured predictions with a later label: with fewer their error is not judged."""
    retrain: bool = False
    """Start the training pipeline for drift, if there is newer data to train on."""
