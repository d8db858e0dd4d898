"""EmpBonusQualityGate: registers a model that keeps every limit, and rejects any other."""

from sagemaker.core.workflow.conditions import (
    Condition,
    ConditionGreaterThanOrEqualTo,
    ConditionLessThanOrEqualTo,
)
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.model_step import ModelStep
from sagemaker.mlops.workflow.steps import ProcessingStep

from pipeline_definition import names
from pipeline_definition.build import TrainingBuild
from pipeline_definition.steps.evaluate import figure
from settings import Limit

COMPARISONS = {"at_least": ConditionGreaterThanOrEqualTo, "at_most": ConditionLessThanOrEqualTo}


def quality_gate_step(
    build: TrainingBuild, evaluation: ProcessingStep, registration: ModelStep, rejection: FailStep
) -> ConditionStep:
    """Return the step; *registration* runs when all conditions are met, *rejection* when one is not."""
    return ConditionStep(
        name=names.QUALITY_GATE_STEP,
        conditions=[_condition(build, evaluation, limit) for limit in build.stage.quality_gate.limits],
        if_steps=[registration],
        else_steps=[rejection],
    )


def _condition(build: TrainingBuild, evaluation: ProcessingStep, limit: Limit) -> Condition:
    compare = COMPARISONS[limit.comparison]
    return compare(left=figure(evaluation, limit.figure), right=build.parameters.limits[limit.name])
