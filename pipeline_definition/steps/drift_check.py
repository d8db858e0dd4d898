"""EmpBonusDriftCheck: ends the execution at EmpBonusDrifted, with the job's message, if there is one to be told."""

from sagemaker.core.workflow.conditions import ConditionEquals
from sagemaker.core.workflow.functions import Join
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.steps import ProcessingStep

from pipeline_definition import names
from pipeline_definition.steps.monitor import find


def drift_check_step(monitoring: ProcessingStep) -> ConditionStep:
    """Return the step."""
    # As the rejection's: joined, a text whatever the service takes a figure of a file for.
    message = Join(on="", values=[find(monitoring, "message")])
    drifted = FailStep(name=names.DRIFTED_STEP, error_message=message)
    return ConditionStep(
        name=names.DRIFT_CHECK_STEP,
        # Text on both sides: whether a JSON true equals a Boolean of the language is not documented.
        conditions=[ConditionEquals(left=find(monitoring, "told"), right="true")],
        if_steps=[drifted],
        else_steps=[],
    )
