"""The pipeline as a whole: settings in, the JSON text of its definition out."""

import json

from pipeline_definition.offline_session import finish, new_session, offline
from settings import Stage


def build_definition(stage: Stage) -> str:
    """Return the definition for *stage*: the same settings give the same bytes, without AWS, network or clock.

    What only the deployment knows is left as the names in `placeholders`; with examples for it, it can be checked:

        definition = build_definition(find_stage("dev"))
        check_definition(bind(definition, EXAMPLES), pipeline_name="emp-bonus-training-pipeline-dev")
    """
    with offline(stage.region):
        # The SDK needs the offline environment when it is imported, not only when it is used.
        from pipeline_definition.pipeline import build_pipeline

        definition = json.loads(build_pipeline(stage, new_session(stage.region)).definition())
    return json.dumps(finish(definition), indent=2, allow_nan=False)
