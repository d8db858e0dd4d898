"""The pipeline that scores: the newest approved model, and what it predicts for the records that it is given."""

from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import Step

from pipeline_definition.build import Build
from pipeline_definition.parameters import ScoringParameters
from pipeline_definition.steps.drift_check import drift_check_step
from pipeline_definition.steps.find_champion import TO_SCORE_WITH, find_champion_step
from pipeline_definition.steps.monitor import monitor_files_step
from pipeline_definition.steps.score import records_to_score, score_step
from settings import Stage


def build_pipeline(stage: Stage, session: PipelineSession) -> Pipeline:
    """Return the pipeline of *stage* as the SDK's object."""
    parameters = ScoringParameters.of(stage)
    return Pipeline(
        name=stage.scoring_pipeline_name,
        parameters=parameters.in_order(),
        steps=_steps(Build(stage, parameters, session), parameters),
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=True),
        pipeline_experiment_config=None,
        sagemaker_session=session,
    )


def _steps(build: Build, parameters: ScoringParameters) -> list[Step]:
    watched = build.stage.monitoring
    finding = find_champion_step(build, (*TO_SCORE_WITH, *(["DataQuality"] if watched else [])))
    scoring = score_step(build, parameters, finding)
    if watched is None:
        return [finding, scoring]
    monitoring = monitor_files_step(build, watched, finding, scoring, records_to_score(parameters))
    return [finding, scoring, monitoring, drift_check_step(monitoring)]
