"""EmpBonusTraining: the three channels -> a Linear Learner regressor."""

from typing import Any

from sagemaker.core import image_uris
from sagemaker.mlops.workflow.steps import ProcessingStep, TrainingStep
from sagemaker.train.configs import Compute, InputData, OutputDataConfig, StoppingCondition
from sagemaker.train.model_trainer import ModelTrainer

from pipeline_definition.build import Build
from pipeline_definition.job_policies import JOB_RETRIES, cache
from pipeline_definition.locations import model
from pipeline_definition.offline_session import STAND_IN_ROLE_ARN
from pipeline_definition.steps.processing_job import output_of

CHANNELS = ("train", "validation", "test")


def train_step(build: Build, split: ProcessingStep) -> TrainingStep:
    """Return the step."""
    training = build.stage.training
    trainer = ModelTrainer(
        training_image=linear_learner_image(build),
        role=STAND_IN_ROLE_ARN,
        compute=Compute(
            instance_type=build.parameters.training_instance_type,
            instance_count=1,
            volume_size_in_gb=training.volume_size_gb,
        ),
        stopping_condition=StoppingCondition(max_runtime_in_seconds=training.max_runtime_s),
        hyperparameters={**training.hyperparameters, "mini_batch_size": str(training.mini_batch_size)},
        input_data_config=[
            InputData(channel_name=name, data_source=output_of(split, name), content_type="text/csv")
            for name in CHANNELS
        ],
        output_data_config=OutputDataConfig(s3_output_path=model()),
        sagemaker_session=build.session,
    )
    return _PrefixedTrainingStep(
        name="EmpBonusTraining",
        step_args=trainer.train(),
        cache_config=cache(build.stage),
        retry_policies=list(JOB_RETRIES),
        job_name=build.job_name("train"),
    )


def linear_learner_image(build: Build) -> str:
    """Return the URI of the managed algorithm's image, for training and for serving."""
    uri: str = image_uris.retrieve("linear-learner", build.stage.region)
    return uri


class _PrefixedTrainingStep(TrainingStep):  # type: ignore[misc]  # the SDK ships no types
    """A training step whose job name begins as we say: ModelTrainer drops its own (sagemaker-python-sdk #5776)."""

    def __init__(self, *, job_name: str, **step: Any) -> None:
        super().__init__(**step)
        self._job_name = job_name

    @property
    def arguments(self) -> dict[str, Any]:
        return {"TrainingJobName": self._job_name, **super().arguments}
