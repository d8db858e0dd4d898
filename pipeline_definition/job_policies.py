"""What every job step has in common: how long its result is reused, and what is tried again."""

from sagemaker.mlops.workflow.retry import (
    SageMakerJobExceptionTypeEnum,
    SageMakerJobStepRetryPolicy,
    StepExceptionTypeEnum,
    StepRetryPolicy,
)
from sagemaker.mlops.workflow.steps import CacheConfig

from settings import Stage

STEP_RETRIES = [
    StepRetryPolicy(
        exception_types=[StepExceptionTypeEnum.THROTTLING, StepExceptionTypeEnum.SERVICE_FAULT],
        interval_seconds=5,
        backoff_rate=2.0,
        max_attempts=6,
    ),
]
"""For a step that calls the service and starts no job."""

JOB_ATTEMPTS = 3
"""How often a job that failed for an internal error is tried again."""

_SHORTAGE_RETRIES = [
    # Capacity comes back by itself, but not at once. Tried after 2, 6, 14, 30, 62, 126 and 254 minutes: what counts is
    # whether the error recurs after ExpireAfterMin ("Retry policy for pipeline steps" in the developer guide).
    SageMakerJobStepRetryPolicy(
        exception_types=[SageMakerJobExceptionTypeEnum.CAPACITY_ERROR],
        interval_seconds=120,
        backoff_rate=2.0,
        expire_after_mins=180,
    ),
    # A quota that other jobs use up is free when they end, one that is too small never is: that must be reported soon.
    # Tried for the last time after 23 minutes.
    SageMakerJobStepRetryPolicy(
        exception_types=[SageMakerJobExceptionTypeEnum.RESOURCE_LIMIT],
        interval_seconds=45,
        backoff_rate=2.0,
        max_attempts=5,
    ),
]

JOB_RETRIES = [
    *STEP_RETRIES,
    SageMakerJobStepRetryPolicy(
        exception_types=[SageMakerJobExceptionTypeEnum.INTERNAL_ERROR],
        interval_seconds=30,
        backoff_rate=2.0,
        max_attempts=JOB_ATTEMPTS,
    ),
    *_SHORTAGE_RETRIES,
]

TUNING_RETRIES = [*STEP_RETRIES, *_SHORTAGE_RETRIES]
"""For a tuning job, which takes no retry of internal errors; its training definition has a strategy of its own."""


def cache(stage: Stage) -> CacheConfig:
    """Reuse a step's result as long as *stage* says."""
    return CacheConfig(enable_caching=True, expire_after=f"P{stage.retention.step_cache_days}D")
