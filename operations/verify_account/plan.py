"""What a verification does, how long it takes and what it costs, for whoever is asked."""

from operations.prices import JOB_MINUTES, find_hourly_usd
from settings import Stage

PROCESSING_JOBS = 4 + 2 + 1 + 2
"""On good data; with a champion, where the rest is cached; on broken data; at most, of the two that are stopped."""
TEXT = """This tries out stage {stage.name} in {stage.region}, on made-up data, and
  - listens to the topic and to SageMaker's events with a queue and a rule, which it deletes
  - runs the pipeline, approves the model, sees the next one rejected, and rejects the first
  - starts an execution and stops it, and runs one on data that breaks the contract
  - turns the schedule to each minute until it has started an execution, stops that, and restores the schedule
  - looks at metrics, alarms, tags and CloudTrail, and writes account-evidence.json and .md without the account's names
It takes about half an hour, and {trail_minutes:.0f} minutes for CloudTrail. {cost}.
Subscribers of the topic get about 4 messages; nobody else should start the pipeline meanwhile. What stays: one
rejected model version, and what the executions wrote."""


def describe(stage: Stage, trail_s: float) -> str:
    """Return what somebody should know who is asked whether *stage* may be verified."""
    usd = estimate_usd(stage)
    cost = "What it costs is unknown" if usd is None else f"It costs about {usd:.2f} USD"
    return TEXT.format(stage=stage, trail_minutes=trail_s / 60, cost=cost)


def estimate_usd(stage: Stage) -> float | None:
    """Return about what the jobs cost, each on as many instances as *stage* has; None for types without a price."""
    processing, training = stage.processing, stage.training
    types = (processing.instance_type, training.instance_type)
    processing_usd, training_usd = (find_hourly_usd(stage.region, each) for each in types)
    if processing_usd is None or training_usd is None:
        return None
    searched = training.tuning.maximum_jobs if training.tuning else 1
    hourly = PROCESSING_JOBS * processing.instance_count * processing_usd
    hourly += searched * training.instance_count * training_usd
    return hourly * JOB_MINUTES / 60
