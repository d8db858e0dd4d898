"""What can be set of the EventBridge rules that start a pipeline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class StartRule:
    """An EventBridge rule that starts the pipeline."""

    enabled: bool
    parameters: Mapping[str, str]
    """Values of pipeline parameters; one that begins with `$.` is taken from the event that starts the run."""
    maximum_event_age_s: int = 3_600
    """A start that could not be delivered within this time goes to the dead-letter queue."""
    maximum_retries: int = 3


@dataclass(frozen=True, kw_only=True)
class Schedule(StartRule):
    """Starts the pipeline at set times."""

    expression: str
    """`rate(...)` or `cron(...)`, in UTC."""
    period_hours: int
    """The longest time between two starts that the expression gives."""
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({"DataVersion": "$.time"}))
