"""The order of the steps."""

from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.mlops.workflow.pipeline import Pipeline

from pipeline_definition.build import Build
from pipeline_definition.parameters import Parameters
from pipeline_definition.steps.preprocess import preprocess_step
from pipeline_definition.steps.register import register_step
from pipeline_definition.steps.split import split_step
from pipeline_definition.steps.train import train_step
from settings import Stage


def build_pipeline(stage: Stage, session: PipelineSession) -> Pipeline:
    """Return the pipeline of *stage* as the SDK's object."""
    parameters = Parameters.of(stage)
    build = Build(stage, parameters, session)
    preprocessing = preprocess_step(build)
    split = split_step(build, preprocessing)
    training = train_step(build, split)
    registration = register_step(build, preprocessing, training)
    return Pipeline(
        name=stage.pipeline_name,
        parameters=list(vars(parameters).values()),
        steps=[preprocessing, split, training, registration],
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=True),
        pipeline_experiment_config=None,  # SageMaker Experiments is superseded; lineage is recorded without it
        sagemaker_session=session,
    )
