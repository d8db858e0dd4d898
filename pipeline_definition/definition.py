"""A pipeline as a whole: settings in, the JSON text of its definition out."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from pipeline_definition.offline_session import finish, new_session, offline
from settings import Stage

if TYPE_CHECKING:
    from sagemaker.core.workflow.pipeline_context import PipelineSession
    from sagemaker.mlops.workflow.pipeline import Pipeline

    BuildPipeline = Callable[[Stage, PipelineSession], Pipeline]


def build_definition(stage: Stage) -> str:
    """Return the definition for *stage*: the same settings give the same bytes, without AWS, network or clock.

    What only the deployment knows is left as the names in `placeholders`; with examples for it, it can be checked:

        definition = build_definition(find_stage("dev"))
        check_definition(bind(definition, EXAMPLES), pipeline_name="emp-bonus-training-pipeline-dev")
    """
    with offline(stage.region):
        # The SDK needs the offline environment when it is imported, not only when it is used.
        from pipeline_definition.training import build_pipeline

        return _build(stage, build_pipeline)


def build_scoring_definition(stage: Stage) -> str:
    """Return the definition of the pipeline that scores, in the same way."""
    with offline(stage.region):
        from pipeline_definition.scoring import build_pipeline

        return _build(stage, build_pipeline)


def build_monitoring_definition(stage: Stage) -> str:
    """Return the definition of the pipeline that watches traffic; where *stage* sets nothing of that, with defaults."""
    with offline(stage.region):
        from pipeline_definition.monitoring import build_pipeline

        return _build(stage, build_pipeline)


def _build(stage: Stage, build_pipeline: "BuildPipeline") -> str:
    definition = json.loads(build_pipeline(stage, new_session(stage.region)).definition())
    return json.dumps(finish(definition), indent=2, allow_nan=False)
