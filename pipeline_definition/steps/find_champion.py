"""EmpBonusFindChampion: the model registry -> the newest approved model, which a new one has to beat."""

from collections.abc import Sequence
from dataclasses import dataclass

from sagemaker.core.helper.pipeline_variable import StrPipeVar
from sagemaker.core.lambda_helper import Lambda
from sagemaker.mlops.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep

from pipeline_definition import names
from pipeline_definition.build import Build
from pipeline_definition.placeholders import CODE_BUCKET, FIND_CHAMPION_ARN, NO_CHAMPION

OUTPUTS = ("Name", "ModelData", "FeatureModel", "DataQuality", "Evaluation")
TO_SCORE_WITH = ("Name", "ServingModel")


@dataclass(frozen=True)
class Champion:
    """What later steps read of the champion. Where there is none, each URI leads to a file that says so."""

    name: StrPipeVar
    """ARN of its model package, or `none`."""
    model_data: StrPipeVar
    feature_model: StrPipeVar
    data_quality: StrPipeVar
    """Statistics of the data that it was trained on."""
    evaluation: StrPipeVar
    """Its figures, from when it was registered."""


def find_champion_step(build: Build, outputs: Sequence[str] = OUTPUTS) -> LambdaStep:
    """Return the step, of whose answer later steps read *outputs*; its code is `functions/find_champion.py`."""
    return LambdaStep(
        name=names.FIND_CHAMPION_STEP,
        lambda_func=Lambda(function_arn=FIND_CHAMPION_ARN, session=build.session),
        inputs={
            "ModelPackageGroupName": build.stage.model_package_group_name,
            # A job's input must exist, so the answer always names objects that do.
            "NoChampion": f"s3://{CODE_BUCKET}/{NO_CHAMPION}",
        },
        outputs=[LambdaOutput(name, LambdaOutputTypeEnum.String) for name in outputs],
    )


def refer_to_champion(step: LambdaStep) -> Champion:
    """Return what *step* found."""
    return Champion(*(step.properties.Outputs[name] for name in OUTPUTS))
