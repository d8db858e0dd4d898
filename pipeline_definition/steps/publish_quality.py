"""EmpBonusPublishQuality: how good the champion is on rows new to it -> metrics of CloudWatch."""

from sagemaker.core.lambda_helper import Lambda
from sagemaker.core.workflow.functions import Join
from sagemaker.mlops.workflow.lambda_step import LambdaStep
from sagemaker.mlops.workflow.steps import ProcessingStep

from pipeline_definition import names
from pipeline_definition.build import TrainingBuild
from pipeline_definition.placeholders import PUBLISH_QUALITY_ARN
from pipeline_definition.steps.evaluate import figure
from pipeline_definition.steps.find_champion import Champion

FIGURES = {
    "ChampionRmse": "champion.rmse.value",
    "ChallengerRmse": "champion.challenger_rmse.value",
    "ChampionWorse": "champion.worsening.significant",
}
"""Name of a metric -> the figure's path in the evaluation."""


def publish_quality_step(build: TrainingBuild, evaluation: ProcessingStep, champion: Champion) -> LambdaStep:
    """Return the step; its code is `functions/publish_quality.py`."""
    return LambdaStep(
        name=names.PUBLISH_QUALITY_STEP,
        lambda_func=Lambda(function_arn=PUBLISH_QUALITY_ARN, session=build.session),
        inputs={
            "Pipeline": build.stage.pipeline_name,
            "Champion": champion.name,
            # That arguments of a Lambda step take figures of a file, as those of RegisterModel and Fail do, is our
            # guess: operations/verify_account/assumptions.py. A join makes a text of each, whatever its type was.
            **{name: Join(on="", values=[figure(evaluation, path)]) for name, path in FIGURES.items()},
        },
        outputs=[],
    )
