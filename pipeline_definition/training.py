"""The pipeline that trains: the order of its steps."""

from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import ProcessingStep, Step

from pipeline_definition.algorithms.trained_model import TrainedModel
from pipeline_definition.build import TrainingBuild
from pipeline_definition.parameters import TrainingParameters
from pipeline_definition.steps.data_quality import data_quality_step
from pipeline_definition.steps.evaluate import evaluate_step
from pipeline_definition.steps.find_champion import find_champion_step, refer_to_champion
from pipeline_definition.steps.preprocess import preprocess_step
from pipeline_definition.steps.publish_quality import publish_quality_step
from pipeline_definition.steps.quality_gate import quality_gate_step
from pipeline_definition.steps.register import register_step
from pipeline_definition.steps.reject import reject_step
from pipeline_definition.steps.split import split_step
from pipeline_definition.steps.train import read_trained_model, train_step
from pipeline_definition.steps.tune import read_best_model, tune_step
from settings import Stage


def build_pipeline(stage: Stage, session: PipelineSession) -> Pipeline:
    """Return the pipeline of *stage* as the SDK's object."""
    parameters = TrainingParameters.of(stage)
    return Pipeline(
        name=stage.pipeline_name,
        parameters=parameters.in_order(),
        steps=_steps(TrainingBuild(stage, parameters, session)),
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=True),
        pipeline_experiment_config=None,  # SageMaker Experiments is superseded; lineage is recorded without it
        sagemaker_session=session,
    )


def _steps(build: TrainingBuild) -> list[Step]:
    finding = find_champion_step(build)
    champion = refer_to_champion(finding)
    data_quality = data_quality_step(build, champion)
    preprocessing = preprocess_step(build, data_quality)
    split = split_step(build, preprocessing)
    training, trained = _train_or_tune(build, split)
    evaluation = evaluate_step(build, preprocessing, split, trained, champion)
    registration = register_step(build, data_quality, preprocessing, trained, evaluation)
    gate = quality_gate_step(build, evaluation, registration, reject_step(evaluation))
    watch = [publish_quality_step(build, evaluation, champion)] if build.stage.monitoring else []
    return [finding, data_quality, preprocessing, split, training, evaluation, *watch, gate]


def _train_or_tune(build: TrainingBuild, split: ProcessingStep) -> tuple[Step, TrainedModel]:
    tuning = build.stage.training.tuning
    if tuning:
        search = tune_step(build, split, tuning)
        return search, read_best_model(search)
    training = train_step(build, split)
    return training, read_trained_model(training)
