"""Linear Learner: how it is trained, what it takes and answers, and what its jobs report."""

from collections.abc import Mapping

from sagemaker.core.helper.pipeline_variable import StrPipeVar
from sagemaker.core.shapes import Channel, DataSource, S3DataSource, Tag
from sagemaker.mlops.workflow.steps import ProcessingStep
from sagemaker.train.configs import Compute, OutputDataConfig, StoppingCondition
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


def make_trainer(build: TrainingBuild, hyperparameters: Mapping[str, str], channels: list[Channel]) -> ModelTrainer:
    """Return a trainer of the regressor with *hyperparameters* on *channels*."""
    training = build.stage.training
    return ModelTrainer(
        training_image=find_image(build),
        role=STAND_IN_ROLE_ARN,
        compute=Compute(
            instance_type=build.parameters.training_instance_type,
            instance_count=build.parameters.training_instance_count,
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


def make_channels(split: ProcessingStep) -> list[Channel]:
    """Return the channels that *split* made: an instance gets its share of the training files, and all others whole."""
    distributions = {names.TRAIN: "ShardedByS3Key", names.VALIDATION: "FullyReplicated", names.TEST: "FullyReplicated"}
    return [
        Channel(channel_name=name, content_type=CONTENT_TYPE, data_source=_files(output_of(split, name), distribution))
        for name, distribution in distributions.items()
    ]


def _files(prefix: StrPipeVar, distribution: str) -> DataSource:
    source = S3DataSource(s3_data_type="S3Prefix", s3_uri=prefix, s3_data_distribution_type=distribution)
    return DataSource(s3_data_source=source)


def find_image(build: TrainingBuild) -> str:
    """Return the URI of the managed algorithm's image, for training and for serving."""
    return image("linear-learner", build, digest=build.stage.training.image_digest)
