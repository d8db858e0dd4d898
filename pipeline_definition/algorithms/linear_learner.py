"""Linear Learner: how it is trained, what it takes and answers, and what its jobs report."""

from collections.abc import Mapping

from sagemaker.core.shapes import Tag
from sagemaker.mlops.workflow.steps import ProcessingStep
from sagemaker.train.configs import Compute, InputData, OutputDataConfig, StoppingCondition
from sagemaker.train.model_trainer import ModelTrainer

from pipeline_definition import names
from pipeline_definition.build import TrainingBuild
from pipeline_definition.jobs.image import image
from pipeline_definition.jobs.network import training_network
from pipeline_definition.jobs.processing_job import output_of
from pipeline_definition.locations import model
from pipeline_definition.offline_session import STAND_IN_ROLE_ARN
from pipeline_definition.placeholders import KEY_ARN

CONTENT_TYPE = "text/csv"
RESPONSE_TYPES = ("application/json", "application/jsonlines")
"""The only two in which it answers; docs/decisions/0010."""

TEST_LOSS = "test:mse"
OBJECTIVE = "validation:objective_loss"
"""What a search minimizes."""


def make_trainer(build: TrainingBuild, hyperparameters: Mapping[str, str], channels: list[InputData]) -> ModelTrainer:
    """Return a trainer of the regressor with *hyperparameters* on *channels*."""
    training = build.stage.training
    return ModelTrainer(
        training_image=find_image(build),
        role=STAND_IN_ROLE_ARN,
        compute=Compute(
            instance_type=build.parameters.training_instance_type,
            instance_count=1,
            volume_size_in_gb=training.volume_size_gb,
            volume_kms_key_id=KEY_ARN,
        ),
        networking=training_network(build),
        stopping_condition=StoppingCondition(max_runtime_in_seconds=training.max_runtime_s),
        hyperparameters=dict(hyperparameters),
        input_data_config=channels,
        output_data_config=OutputDataConfig(s3_output_path=model(), kms_key_id=KEY_ARN),
        tags=[Tag(key=tag["Key"], value=tag["Value"]) for tag in build.tags],
        sagemaker_session=build.session,
    )


def fixed_hyperparameters(build: TrainingBuild) -> dict[str, str]:
    """Return the fixed hyperparameters of the stage."""
    training = build.stage.training
    return {**training.hyperparameters, "mini_batch_size": str(training.mini_batch_size)}


def make_channels(split: ProcessingStep) -> list[InputData]:
    """Return the channels that *split* made."""
    return [
        InputData(channel_name=name, data_source=output_of(split, name), content_type=CONTENT_TYPE)
        for name in (names.TRAIN, names.VALIDATION, names.TEST)
    ]


def find_image(build: TrainingBuild) -> str:
    """Return the URI of the managed algorithm's image, for training and for serving."""
    return image("linear-learner", build, digest=build.stage.training.image_digest)
