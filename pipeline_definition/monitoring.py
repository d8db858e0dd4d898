"""The pipeline that watches: the approved model's traffic, compared with the data that it was trained on."""

from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import Step

from pipeline_definition.build import Build
from pipeline_definition.parameters import MonitoringParameters
from pipeline_definition.steps.drift_check import drift_check_step
from pipeline_definition.steps.find_champion import TO_MONITOR_WITH, find_champion_step
from pipeline_definition.steps.find_traffic import find_traffic_step
from pipeline_definition.steps.monitor import monitor_traffic_step
from settings import Monitoring, Stage


def build_pipeline(stage: Stage, session: PipelineSession) -> Pipeline:
    """Return the pipeline of *stage* as the SDK's object."""
    parameters = MonitoringParameters.of(stage)
    return Pipeline(
        name=stage.monitoring_pipeline_name,
        parameters=parameters.in_order(),
        steps=_steps(Build(stage, parameters, session), parameters, stage.monitoring or Monitoring()),
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=True),
        pipeline_experiment_config=None,
        sagemaker_session=session,
    )


def _steps(build: Build, parameters: MonitoringParameters, options: Monitoring) -> list[Step]:
    finding = find_champion_step(build, TO_MONITOR_WITH)
    traffic = find_traffic_step(build, parameters, options, finding)
    monitoring = monitor_traffic_step(build, parameters, options, finding, traffic)
    return [finding, traffic, monitoring, drift_check_step(monitoring)]
