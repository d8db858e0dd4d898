"""EmpBonusFindTraffic: the window's end and the bucket's prefixes -> what of it there is to read, and how old it is."""

from sagemaker.core.lambda_helper import Lambda
from sagemaker.mlops.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep

from pipeline_definition import names
from pipeline_definition.build import Build
from pipeline_definition.locations import FIGURES_OF_WINDOWS, RAW_DATA
from pipeline_definition.parameters import MonitoringParameters
from pipeline_definition.placeholders import CODE_BUCKET, FIND_TRAFFIC_ARN, NO_CHAMPION
from settings import Monitoring

OUTPUTS = ("Traffic", "History", "Labels", "NewestRaw", "ChampionData")


def find_traffic_step(
    build: Build, parameters: MonitoringParameters, options: Monitoring, champion: LambdaStep
) -> LambdaStep:
    """Return the step; its code is `functions/find_traffic.py`."""
    return LambdaStep(
        name=names.FIND_TRAFFIC_STEP,
        lambda_func=Lambda(function_arn=FIND_TRAFFIC_ARN, session=build.session),
        inputs={
            "Traffic": parameters.input_data,
            "WindowEnd": parameters.window_end,
            "WindowHours": str(options.window_hours),
            "Raw": RAW_DATA,
            "History": FIGURES_OF_WINDOWS,
            "ChampionDataQuality": champion.properties.Outputs["DataQuality"],
            # A job's input must exist, so the answer always names objects that do.
            "Nothing": f"s3://{CODE_BUCKET}/{NO_CHAMPION}",
        },
        outputs=[LambdaOutput(name, LambdaOutputTypeEnum.String) for name in OUTPUTS],
    )
