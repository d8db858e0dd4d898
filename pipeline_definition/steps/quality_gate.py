"""EmpBonusQualityGate: registers a model that keeps every limit, and rejects any other."""

from sagemaker.core.workflow.conditions import ConditionGreaterThanOrEqualTo, ConditionLessThanOrEqualTo
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.model_step import ModelStep
from sagemaker.mlops.workflow.steps import ProcessingStep

from pipeline_definition.build import Build
from pipeline_definition.steps.evaluate import figure

R2 = "regression_metrics.r2.value"
RMSE = "regression_metrics.rmse.value"
IMPROVEMENT = "champion.improvement.value"


def quality_gate_step(
    build: Build, evaluation: ProcessingStep, registration: ModelStep, rejection: FailStep
) -> ConditionStep:
    """Return the step; *registration* runs when all conditions are met, *rejection* when one is not."""
    limits = build.parameters
    return ConditionStep(
        name="EmpBonusQualityGate",
        conditions=[
            ConditionGreaterThanOrEqualTo(left=figure(evaluation, R2), right=limits.minimum_r2),
            ConditionLessThanOrEqualTo(left=figure(evaluation, RMSE), right=limits.maximum_rmse),
            ConditionGreaterThanOrEqualTo(left=figure(evaluation, IMPROVEMENT), right=limits.minimum_improvement),
        ],
        if_steps=[registration],
        else_steps=[rejection],
    )
