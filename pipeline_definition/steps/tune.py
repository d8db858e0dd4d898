"""EmpBonusTuning: the three channels -> the best of many Linear Learner regressors, by its loss on validation rows."""

from typing import Any

from sagemaker.core.parameter import ContinuousParameter, IntegerParameter, ParameterRange
from sagemaker.core.workflow.functions import Join
from sagemaker.mlops.workflow.steps import ProcessingStep, TuningStep
from sagemaker.train.tuner import HyperparameterTuner

from pipeline_definition import names
from pipeline_definition.algorithms import linear_learner
from pipeline_definition.algorithms.trained_model import TrainedModel
from pipeline_definition.build import TrainingBuild
from pipeline_definition.job_policies import JOB_ATTEMPTS, TUNING_RETRIES, cache
from pipeline_definition.placeholders import KEY_ARN
from settings import Range, Tuning


def tune_step(build: TrainingBuild, split: ProcessingStep, tuning: Tuning) -> TuningStep:
    """Return the step, which searches as *tuning* says."""
    fixed = linear_learner.fixed_hyperparameters(build)
    untried = {name: value for name, value in fixed.items() if name not in tuning.ranges}
    channels = linear_learner.make_channels(split)
    tuner = HyperparameterTuner(
        model_trainer=linear_learner.make_trainer(build, untried, channels),
        objective_metric_name=linear_learner.OBJECTIVE,
        objective_type="Minimize",
        hyperparameter_ranges={name: _range(tried) for name, tried in tuning.ranges.items()},
        strategy=tuning.strategy,
        max_jobs=tuning.maximum_jobs,
        max_parallel_jobs=tuning.maximum_parallel_jobs,
        max_runtime_in_seconds=tuning.max_runtime_s,
        random_seed=tuning.random_seed,
    )
    return _NamedTuningStep(
        name=names.TUNING_STEP,
        step_args=tuner.tune(inputs=channels),
        cache_config=cache(build.stage),
        retry_policies=list(TUNING_RETRIES),
        job_name=build.stage.tuning_job_prefix,
    )


def read_best_model(step: TuningStep) -> TrainedModel:
    """Return the best model that *step* finds, and its loss on the validation rows that the job reports."""
    # Not the SDK's get_top_model_s3_uri: it repeats a path of ours, which names this execution and not the one whose
    # result the step cache gives.
    folder = step.properties.TrainingJobDefinition.OutputDataConfig.S3OutputPath
    best = step.properties.BestTrainingJob
    loss = best.FinalHyperParameterTuningJobObjectiveMetric.Value
    return TrainedModel(
        artefact=Join(on="/", values=[folder, best.TrainingJobName, names.MODEL_FILE]),
        reported=("--reported-validation-loss", loss.to_string()),
        checked_on=(names.VALIDATION,),
    )


def _range(tried: Range) -> ParameterRange:
    if tried.whole:
        return IntegerParameter(int(tried.minimum), int(tried.maximum), tried.scaling)
    return ContinuousParameter(tried.minimum, tried.maximum, tried.scaling)


class _NamedTuningStep(TuningStep):  # type: ignore[misc]  # the SDK ships no types
    """A tuning step with what the SDK's tuner drops: a name, and its jobs' retries, volume key and isolation."""

    def __init__(self, *, job_name: str, **step: Any) -> None:
        super().__init__(**step)
        self._job_name = job_name

    @property
    def arguments(self) -> dict[str, Any]:
        request = super().arguments
        jobs = request["TrainingJobDefinition"]
        jobs = {
            **jobs,
            "ResourceConfig": {**jobs["ResourceConfig"], "VolumeKmsKeyId": KEY_ARN},
            "EnableNetworkIsolation": True,
            "EnableInterContainerTrafficEncryption": True,
            "RetryStrategy": {"MaximumRetryAttempts": JOB_ATTEMPTS},
        }
        return {"HyperParameterTuningJobName": self._job_name, **request, "TrainingJobDefinition": jobs}
