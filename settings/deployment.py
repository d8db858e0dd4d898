"""What can be set of the endpoint that serves the approved model."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Canary:
    """How an update of the endpoint is tried out before it gets all traffic."""

    instance_count: int = 1
    """New instances that get their part of the traffic first: at most half of all."""
    baking_s: int = 600
    """How long they are watched by the alarms, and again all new ones before the old ones are ended."""


@dataclass(frozen=True, kw_only=True)
class Autoscaling:
    """How the number of instances follows the traffic."""

    maximum_count: int = 4
    """The least is the deployment's `instance_count`."""
    invocations_per_minute: int = 6_000
    """Of one instance, on average; above it there are more."""


@dataclass(frozen=True, kw_only=True)
class EndpointAlarms:
    """What ends an update of the endpoint, and is told at any time; a refused request (4xx) is no fault of a model."""

    errors_per_minute: int = 1
    """Answers of 5xx."""
    latency_ms: int = 500
    """Of the slowest hundredth of the requests, in each of three minutes."""


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """An endpoint that serves the newest approved model; it costs as long as it is there, see docs/deploy.md."""

    instance_type: str = "ml.m5.large"
    instance_count: int = 2
    """A single one is no canary's, and a gap in service when it fails."""
    canary: Canary | None = Canary()
    """None: all traffic moves at once, still watched by the alarms."""
    autoscaling: Autoscaling | None = None
    capture_percent: int = 0
    """Of the answers, kept below `capture/` with cleaned figures; requests, with names and addresses, never are."""
    alarms: EndpointAlarms = EndpointAlarms()
