"""EmpBonusRejected: ends the execution of a model that is not good enough, and says which limit it broke."""

from sagemaker.core.workflow.functions import Join
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.steps import ProcessingStep

from pipeline_definition import names
from pipeline_definition.steps.evaluate import figure


def reject_step(evaluation: ProcessingStep) -> FailStep:
    """Return the step."""
    return FailStep(
        name=names.REJECTION_STEP,
        # The language cannot name the condition that failed; the evaluation compares the same figures, and can.
        error_message=Join(on="", values=["model not registered: ", figure(evaluation, "gate.failed")]),
    )
