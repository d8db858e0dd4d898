"""How an execution can end otherwise than well, as patterns of the events that SageMaker sends.

Each failed step of the pipeline that trains matches exactly one of `rejected_model`, `refused_data` and `fault`; of one
that watches, of `drifted` and `failed_otherwise`.
"""

from typing import Any

from pipeline_definition.names import DATA_QUALITY_STEP, DRIFTED_STEP, REJECTION_STEP

Pattern = dict[str, Any]

# What processing/contract/rules.py begins its message with, and the exit code of processing/job.py, where the service
# does not hand on the words. It puts words of its own before, and may put some after ("Retry not appropriate on ..."),
# so neither is matched at the end. Nothing in the container exits with 30 to 39, which would match, too.
_REFUSALS = ("*data contract violated*", "*exit code: 3*")

# How processing/monitoring ends a message after which a training starts, but for what the service may put after it.
_TRAINING_STARTS = "*; the training starts*"


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


def drifted(pipeline_arn: str) -> Pattern:
    """Match traffic that is not like the training data, or a model that has become worse."""
    return failed_step(pipeline_arn, {"stepName": [DRIFTED_STEP]})


def training_wanted(pipeline_arn: str) -> Pattern:
    """Match those of them after which a training is to start."""
    wanted = {"stepName": [DRIFTED_STEP], "failureReason": [{"wildcard": _TRAINING_STARTS}]}
    return failed_step(pipeline_arn, wanted)


def failed_otherwise(pipeline_arn: str) -> Pattern:
    """Match a step that failed for any other reason."""
    return failed_step(pipeline_arn, {"stepName": [{"anything-but": [DRIFTED_STEP]}]})


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
