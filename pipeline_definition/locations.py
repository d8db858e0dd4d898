"""Where the pipeline's files lie in the data bucket. Every output has the execution's id in its path."""

from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join

from pipeline_definition.placeholders import DATA_BUCKET
from settings import INTERMEDIATES_PREFIX, MODELS_PREFIX, PREDICTIONS_PREFIX, RAW_PREFIX, SCORING_PREFIX

RAW_DATA = f"s3://{DATA_BUCKET}/{RAW_PREFIX}"
RECORDS_TO_SCORE = f"s3://{DATA_BUCKET}/{SCORING_PREFIX}"


def intermediate(name: str) -> Join:
    """Return the S3 prefix of an output that other steps read and nobody needs once the step cache has forgotten it."""
    return _of_this_execution(INTERMEDIATES_PREFIX, name)


def model(*name: str) -> Join:
    """Return the S3 prefix of an output that registered models refer to, and that is never deleted."""
    return _of_this_execution(MODELS_PREFIX, *name)


def predictions(*name: str) -> Join:
    """Return the S3 prefix of what was predicted for people, which they fetch, and which is deleted some time later."""
    return _of_this_execution(PREDICTIONS_PREFIX, *name)


def _of_this_execution(prefix: str, *name: str) -> Join:
    folder = f"s3://{DATA_BUCKET}/{prefix.rstrip('/')}"
    return Join(on="/", values=[folder, ExecutionVariables.PIPELINE_EXECUTION_ID, *name])
