"""EmpBonusTraining: the three channels -> a Linear Learner regressor."""

from typing import Any

from sagemaker.mlops.workflow.steps import ProcessingStep, TrainingStep

from pipeline_definition import names
from pipeline_definition.algorithms import linear_learner
from pipeline_definition.algorithms.trained_model import TrainedModel
from pipeline_definition.build import TrainingBuild
from pipeline_definition.job_policies import JOB_RETRIES, cache


def train_step(build: TrainingBuild, split: ProcessingStep) -> TrainingStep:
    """Return the step."""
    hyperparameters = linear_learner.fixed_hyperparameters(build)
    trainer = linear_learner.make_trainer(build, hyperparameters, linear_learner.make_channels(split))
    return _PrefixedTrainingStep(
        name=names.TRAINING_STEP,
        step_args=trainer.train(),
        cache_config=cache(build.stage),
        retry_policies=list(JOB_RETRIES),
        job_name=build.job_name("train"),
    )


def read_trained_model(step: TrainingStep) -> TrainedModel:
    """Return the model that *step* trains, and the loss on the test rows that its job reports."""
    test_mse = step.properties.FinalMetricDataList[linear_learner.TEST_LOSS].Value
    return TrainedModel(
        artefact=step.properties.ModelArtifacts.S3ModelArtifacts,
        reported=("--reported-test-mse", test_mse.to_string()),
    )


class _PrefixedTrainingStep(TrainingStep):  # type: ignore[misc]  # the SDK ships no types
    """A training step whose job name begins as we say: ModelTrainer drops its own (sagemaker-python-sdk #5776)."""

    def __init__(self, *, job_name: str, **step: Any) -> None:
        super().__init__(**step)
        self._job_name = job_name

    @property
    def arguments(self) -> dict[str, Any]:
        return {"TrainingJobName": self._job_name, **super().arguments}
