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

# Capacity comes back by itself, but not at once.
_CAPACITY_RETRIES = SageMakerJobStepRetryPolicy(
    exception_types=[SageMakerJobExceptionTypeEnum.CAPACITY_ERROR, SageMakerJobExceptionTypeEnum.RESOURCE_LIMIT],
    interval_seconds=120,
    backoff_rate=2.0,
    expire_after_mins=180,
)

JOB_RETRIES = [
    *STEP_RETRIES,
    SageMakerJobStepRetryPolicy(
        exception_types=[SageMakerJobExceptionTypeEnum.INTERNAL_ERROR],
        interval_seconds=30,
        backoff_rate=2.0,
        max_attempts=JOB_ATTEMPTS,
    ),
    _CAPACITY_RETRIES,
]

TUNING_RETRIES = [*STEP_RETRIES, _CAPACITY_RETRIES]
"""For a tuning job, which takes no retry of internal errors; its training definition has a strategy of its own."""


def cache(stage: Stage) -> CacheConfig:
    """Reuse a step's result as long as *stage* says."""
    return CacheConfig(enable_caching=True, expire_after=f"P{stage.retention.step_cache_days}D")
