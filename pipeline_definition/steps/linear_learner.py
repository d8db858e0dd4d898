"""Linear Learner as the training and the tuning step use it."""

from collections.abc import Mapping

from sagemaker.core.shapes import Tag
from sagemaker.mlops.workflow.steps import ProcessingStep
from sagemaker.train.configs import Compute, InputData, Networking, OutputDataConfig, StoppingCondition
from sagemaker.train.model_trainer import ModelTrainer

from pipeline_definition.build import Build
from pipeline_definition.locations import model
from pipeline_definition.offline_session import STAND_IN_ROLE_ARN
from pipeline_definition.placeholders import KEY_ARN
from pipeline_definition.steps.image import image
from pipeline_definition.steps.processing_job import output_of
from settings import Network

CHANNELS = ("train", "validation", "test")


def linear_learner(build: Build, hyperparameters: Mapping[str, str], channels: list[InputData]) -> ModelTrainer:
    """Return a trainer of the regressor with *hyperparameters* on *channels*."""
    training = build.stage.training
    return ModelTrainer(
        training_image=linear_learner_image(build),
        role=STAND_IN_ROLE_ARN,
        compute=Compute(
            instance_type=build.parameters.training_instance_type,
            instance_count=1,
            volume_size_in_gb=training.volume_size_gb,
            volume_kms_key_id=KEY_ARN,
        ),
        networking=_isolated(build.stage.security.network),
        stopping_condition=StoppingCondition(max_runtime_in_seconds=training.max_runtime_s),
        hyperparameters=dict(hyperparameters),
        input_data_config=channels,
        output_data_config=OutputDataConfig(s3_output_path=model(), kms_key_id=KEY_ARN),
        tags=[Tag(key=tag["Key"], value=tag["Value"]) for tag in build.tags],
        sagemaker_session=build.session,
    )


def hyperparameters_of(build: Build) -> dict[str, str]:
    """Return the fixed hyperparameters of the stage."""
    training = build.stage.training
    return {**training.hyperparameters, "mini_batch_size": str(training.mini_batch_size)}


def channels_of(split: ProcessingStep) -> list[InputData]:
    """Return the channels that *split* made."""
    return [
        InputData(channel_name=name, data_source=output_of(split, name), content_type="text/csv") for name in CHANNELS
    ]


def linear_learner_image(build: Build) -> str:
    """Return the URI of the managed algorithm's image, for training and for serving."""
    return image("linear-learner", build, digest=build.stage.training.image_digest)


def _isolated(network: Network | None) -> Networking:
    """Return a network in which the algorithm reaches nothing; channels and artefacts are SageMaker's business."""
    return Networking(
        enable_network_isolation=True,
        enable_inter_container_traffic_encryption=True,
        subnets=list(network.subnet_ids) if network else None,
        security_group_ids=list(network.security_group_ids) if network else None,
    )
