"""Which jobs run on Spark: their image, and the archive that goes with it, are chosen by this."""

from pipeline_definition.names import PREPARING_JOBS
from settings import Stage


def runs_on_spark(stage: Stage, job: str) -> bool:
    """Return whether *job*, a module of `processing.jobs`, is done by a Spark cluster in *stage*."""
    return stage.processing.on_spark and job in PREPARING_JOBS
