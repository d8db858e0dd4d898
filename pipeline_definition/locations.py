"""Where the pipeline's files lie in the data bucket. Every output has the execution's id in its path."""

from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join

from pipeline_definition.placeholders import DATA_BUCKET
from settings import (
    CAPTURE_PREFIX,
    INTERMEDIATES_PREFIX,
    MODELS_PREFIX,
    MONITORING_PREFIX,
    PREDICTIONS_PREFIX,
    RAW_PREFIX,
    SCORING_PREFIX,
    Stage,
)

RAW_DATA = f"s3://{DATA_BUCKET}/{RAW_PREFIX}"
RECORDS_TO_SCORE = f"s3://{DATA_BUCKET}/{SCORING_PREFIX}"
FIGURES_OF_WINDOWS = f"s3://{DATA_BUCKET}/{MONITORING_PREFIX}"


def captured_traffic(stage: Stage) -> str:
    """Return the S3 prefix below which the endpoint's answers lie, in folders of their hours.

    "Capture data from real-time endpoint" in the SageMaker developer guide; the deployment has the one variant.
    """
    return f"s3://{DATA_BUCKET}/{CAPTURE_PREFIX}{stage.endpoint_name}/AllTraffic/"


def intermediate(name: str) -> Join:
    """Return the S3 prefix of an output that other steps read and nobody needs once the step cache has forgotten it."""
    return _of_this_execution(INTERMEDIATES_PREFIX, name)


def model(*name: str) -> Join:
    """Return the S3 prefix of an output that registered models refer to, and that is never deleted."""
    return _of_this_execution(MODELS_PREFIX, *name)


def predictions(*name: str) -> Join:
    """Return the S3 prefix of what was predicted for people, which they fetch, and which is deleted some time later."""
    return _of_this_execution(PREDICTIONS_PREFIX, *name)


def monitoring() -> Join:
    """Return the S3 prefix of what was found about the traffic, which later windows are shown beside."""
    return _of_this_execution(MONITORING_PREFIX)


def _of_this_execution(prefix: str, *name: str) -> Join:
    folder = f"s3://{DATA_BUCKET}/{prefix.rstrip('/')}"
    return Join(on="/", values=[folder, ExecutionVariables.PIPELINE_EXECUTION_ID, *name])
