"""What a verification does, how long it takes and what it costs, for whoever is asked."""

from operations.prices import JOB_MINUTES
from settings import Stage

PROCESSING_JOBS = 4 + 2 + 1 + 2
"""On good data; with a champion, where the rest is cached; on broken data; at most, of the two that are stopped."""
USD_PER_HOUR = 0.125
"""Of an ml.m5.large: 0.115 in us-east-1 (scott2borg/cs401r-2026-instructor, 2026-08), a tenth more in Ireland."""
SIZES = {"medium": 0.5, "large": 1, "xlarge": 2, "2xlarge": 4, "4xlarge": 8}
"""What an instance costs in terms of a large one; c5 and t3 cost a little less than m5."""

TEXT = """This tries out stage {stage.name} in {stage.region}, on made-up data, and
  - listens to the topic and to SageMaker's events with a queue and a rule, which it deletes
  - runs the pipeline, approves the model, sees the next one rejected, and rejects the first
  - starts an execution and stops it, and runs one on data that breaks the contract
  - turns the schedule to each minute until it has started an execution, stops that, and restores the schedule
  - looks at metrics, alarms, tags and CloudTrail, and writes account-evidence.json and .md without the account's names
It takes about half an hour, and {trail_minutes:.0f} minutes for CloudTrail. It costs about {usd:.2f} USD.
Subscribers of the topic get about 4 messages; nobody else should start the pipeline meanwhile. What stays: one
rejected model version, and what the executions wrote."""


def describe(stage: Stage, trail_s: float) -> str:
    """Return what somebody should know who is asked whether *stage* may be verified."""
    return TEXT.format(stage=stage, trail_minutes=trail_s / 60, usd=estimate_usd(stage))


def estimate_usd(stage: Stage) -> float:
    """Return about what the jobs cost, each on as many instances as *stage* has."""
    processing, training = stage.processing, stage.training
    searched = training.tuning.maximum_jobs if training.tuning else 1
    larges = PROCESSING_JOBS * processing.instance_count * _larges(processing.instance_type)
    return (larges + searched * _larges(training.instance_type)) * JOB_MINUTES / 60 * USD_PER_HOUR


def _larges(instance_type: str) -> float:
    return SIZES[instance_type.rpartition(".")[2]]
