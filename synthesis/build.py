"""Makes the definitions of a stage, and refuses what the service would refuse."""

import json
from collections.abc import Mapping
from typing import Any

from artefacts.definition.checker import (
    OBJECT_CREATED,
    SCHEDULED_EVENT,
    DefinitionError,
    check_definition,
    check_start,
)
from pipeline_definition import build_definition, build_monitoring_definition, build_scoring_definition
from pipeline_definition.names import INPUT_DATA
from pipeline_definition.placeholders import EXAMPLES, UnboundPlaceholderError, bind
from settings import Monitoring, Scoring, SettingsError, Stage
from synthesis.definitions import Definitions
from synthesis.inputs import ROOT

REFUSALS = (SettingsError, UnboundPlaceholderError, DefinitionError)
"""Errors shown without a traceback, as in `command`."""


def build_definitions(stage: Stage) -> Definitions:
    """Return the definitions of *stage*, or raise one of `REFUSALS`."""
    training = build_definition(stage)
    check_training(stage, training)
    scoring = monitoring = ""
    if stage.scoring:
        scoring = build_scoring_definition(stage)
        check_scoring(stage, stage.scoring, scoring)
    if stage.monitoring:
        monitoring = build_monitoring_definition(stage)
        check_monitoring(stage, stage.monitoring, monitoring)
    return Definitions(training, scoring, monitoring)


def check_training(stage: Stage, definition: str) -> None:
    """Refuse a definition of the pipeline that trains, or a start of it, that the service would refuse."""
    example = _check(definition, stage.pipeline_name)
    check_start(example, stage.schedule.parameters, option="schedule.parameters", event=SCHEDULED_EVENT)
    check_start(example, stage.new_data_start.parameters, option="new_data_start.parameters", event=OBJECT_CREATED)


def check_scoring(stage: Stage, options: Scoring, definition: str) -> None:
    """Do the same for the pipeline that scores."""
    example = _check(definition, stage.scoring_pipeline_name)
    given = {**options.new_data_start.parameters, INPUT_DATA: "s3://example/"}  # as the stack does
    check_start(example, given, option="scoring.new_data_start.parameters", event=OBJECT_CREATED)


def check_monitoring(stage: Stage, options: Monitoring, definition: str) -> None:
    """Do the same for the pipeline that watches traffic."""
    example = _check(definition, stage.monitoring_pipeline_name)
    given = options.schedule.parameters
    check_start(example, given, option="monitoring.schedule.parameters", event=SCHEDULED_EVENT)


def _check(definition: str, name: str) -> str:
    """Refuse a *definition* of the pipeline called *name*; return it with examples in place of its placeholders."""
    example = bind(definition, EXAMPLES)
    check_definition(example, pipeline_name=name, schemas=read_schemas())
    return example


def read_schemas() -> Mapping[str, Any]:
    """Return the JSON Schema of each document that crosses packages, by the name of its file."""
    paths = sorted((ROOT / "schemas").glob("*.schema.json"))
    return {path.name.replace(".schema", ""): json.loads(path.read_text(encoding="utf-8")) for path in paths}
