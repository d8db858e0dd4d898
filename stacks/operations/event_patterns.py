"""How an execution can end otherwise than well, as patterns of the events that SageMaker sends.

Each failed step of the pipeline matches exactly one of `rejected_model`, `refused_data` and `fault`.
"""

from typing import Any

from pipeline_definition.names import DATA_QUALITY_STEP, REJECTION_STEP

Pattern = dict[str, Any]

# What processing/contract/rules.py begins its message with, and the exit code of processing/job.py, where the service
# does not hand on the words. It puts words of its own before, and may put some after ("Retry not appropriate on ..."),
# so neither is matched at the end. Nothing in the container exits with 30 to 39, which would match, too.
_REFUSALS = ("*data contract violated*", "*exit code: 3*")


def rejected_model(pipeline_arn: str) -> Pattern:
    """Match a model that the quality gate rejects."""
    return failed_step(pipeline_arn, {"stepName": [REJECTION_STEP]})


def refused_data(pipeline_arn: str) -> Pattern:
    """Match data that violates the contract."""
    return failed_step(
        pipeline_arn, {"stepName": [DATA_QUALITY_STEP], "failureReason": [{"wildcard": each} for each in _REFUSALS]}
    )


def fault(pipeline_arn: str) -> Pattern:
    """Match a step that failed for any other reason, a lack of capacity in the data quality step included."""
    return failed_step(
        pipeline_arn,
        {
            "$or": [
                {"stepName": [{"anything-but": [REJECTION_STEP, DATA_QUALITY_STEP]}]},
                {"stepName": [DATA_QUALITY_STEP], "failureReason": [{"anything-but": {"wildcard": [*_REFUSALS]}}]},
                {"stepName": [DATA_QUALITY_STEP], "failureReason": [{"exists": False}]},
            ]
        },
    )


def unfinished(pipeline_arn: str) -> Pattern:
    """Match an execution that ended without a failed step."""
    return {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Building Pipeline Execution Status Change"],
        "detail": {
            "pipelineArn": [pipeline_arn],
            "currentPipelineExecutionStatus": ["Stopped", "CompletedWithFailures"],
        },
    }


def failed_step(pipeline_arn: str, which: Pattern | None = None) -> Pattern:
    """Match a step that failed, of all or of those *which* are matched."""
    return {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Building Pipeline Execution Step Status Change"],
        "detail": {"pipelineArn": [pipeline_arn], "currentStepStatus": ["Failed"], **(which or {})},
    }
