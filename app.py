"""The application: settings -> definition -> stacks."""

import dataclasses
import json
import os
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from artefacts.definition.checker import (
    OBJECT_CREATED,
    SCHEDULED_EVENT,
    DefinitionError,
    check_definition,
    check_start,
)
from artefacts.definition.images import find_serving_image
from pipeline_definition import build_definition, build_scoring_definition
from pipeline_definition.names import INPUT_DATA
from pipeline_definition.placeholders import EXAMPLES, UnboundPlaceholderError, bind
from settings import STAGES, Scoring, SettingsError, Stage, check_names, check_options, find_stage
from stacks.acknowledgements import (
    acknowledge,
    deployment_findings,
    pipeline_findings,
    scoring_findings,
    storage_findings,
)
from stacks.deployment.stack import DeploymentStack
from stacks.scoring.stack import ScoringStack
from stacks.shared.stack import StorageStack
from stacks.training.data_contract import check_data_contract
from stacks.training.stack import PipelineStack

REFUSALS = (SettingsError, UnboundPlaceholderError, DefinitionError)
"""Errors shown without a traceback, with all that derive from them; any other is a bug."""


def compose(app: cdk.App) -> None:
    """Add the stacks of the stage that the context names to *app*."""
    name = app.node.try_get_context("stage")
    own = find_stage("dev" if name is None else name)
    check_names(own, STAGES.values())
    stage = with_engine(with_contract(own, app.node.try_get_context("contract")), app.node.try_get_context("engine"))
    check_data_contract(stage.data_contract)
    # The CLI shows it, whatever it is asked to do: nothing else than the stage has is deployed unseen.
    if stage.data_contract != own.data_contract:
        sys.stderr.write(f"data contract: {stage.data_contract} in place of {stage.name}'s {own.data_contract}\n")
    if stage.processing != own.processing:
        sys.stderr.write(f"engine: {stage.processing.engine} in place of {stage.name}'s {own.processing.engine}\n")
    definition = build_definition(stage)

    example = bind(definition, EXAMPLES)
    check_definition(example, pipeline_name=stage.pipeline_name, schemas=read_schemas())
    check_start(example, stage.schedule.parameters, option="schedule.parameters", event=SCHEDULED_EVENT)
    check_start(example, stage.new_data_start.parameters, option="new_data_start.parameters", event=OBJECT_CREATED)

    env = cdk.Environment(account=os.environ.get("CDK_DEFAULT_ACCOUNT"), region=stage.region)
    storage = StorageStack(app, stage=stage, env=env)
    pipeline = PipelineStack(
        app, stage=stage, definition=definition, data_bucket=storage.data_bucket, key=storage.key, env=env
    )
    pipeline.add_stack_dependency(storage)  # for the registry too, which the pipeline knows by its name only
    if stage.scoring:
        scoring = build_scoring_definition(stage)
        check_scoring(stage, stage.scoring, scoring)
        add_scoring(app, storage, stage, scoring, env)
    add_deployment(app, storage, stage, definition, env)
    acknowledge(storage, storage_findings(stage, storage.data_bucket))
    acknowledge(pipeline, pipeline_findings(stage, storage.data_bucket))
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app, verbose=True))


def check_scoring(stage: Stage, options: Scoring, definition: str) -> None:
    """Refuse a definition of the scoring pipeline, or a start of it, that the service would refuse."""
    example = bind(definition, EXAMPLES)
    check_definition(example, pipeline_name=stage.scoring_pipeline_name, schemas=read_schemas())
    given = {**options.new_data_start.parameters, INPUT_DATA: "s3://example/"}  # as the stack does
    check_start(example, given, option="scoring.new_data_start.parameters", event=OBJECT_CREATED)


def add_scoring(app: cdk.App, storage: StorageStack, stage: Stage, definition: str, env: cdk.Environment) -> None:
    """Add the stack of the pipeline that scores records, beside *storage*."""
    scoring = ScoringStack(
        app, stage=stage, definition=definition, data_bucket=storage.data_bucket, key=storage.key, env=env
    )
    scoring.add_stack_dependency(storage)  # for the registry, which it knows by its name only
    acknowledge(scoring, scoring_findings(stage, storage.data_bucket))


def add_deployment(app: cdk.App, storage: StorageStack, stage: Stage, definition: str, env: cdk.Environment) -> None:
    """Add the stack that deploys approved models, if *stage* asks for it."""
    if stage.deployment is None:
        return
    deployment = DeploymentStack(
        app,
        stage=stage,
        options=stage.deployment,
        image=find_serving_image(json.loads(definition)["Steps"]),
        data_bucket=storage.data_bucket,
        key=storage.key,
        env=env,
    )
    deployment.add_stack_dependency(storage)  # for the registry, which it knows by its name only
    acknowledge(deployment, deployment_findings(stage, stage.deployment, storage.data_bucket))


def with_contract(stage: Stage, file: str | None) -> Stage:
    """Return *stage* with the data contract that the context names, if it names one."""
    return dataclasses.replace(stage, data_contract=str(Path(file).expanduser())) if file else stage


def with_engine(stage: Stage, engine: str | None) -> Stage:
    """Return *stage* with the engine that the context names, if it names one; raise `SettingsError` if it cannot."""
    if not engine:
        return stage
    changed: Any = {"engine": engine}  # whatever text it is: the check says what it may be
    changed_stage = dataclasses.replace(stage, processing=dataclasses.replace(stage.processing, **changed))
    check_options(changed_stage)
    return changed_stage


def read_schemas() -> dict[str, Any]:
    """Return the JSON Schema of each document that crosses packages, by the name of its file."""
    paths = sorted(Path(__file__).with_name("schemas").glob("*.schema.json"))
    return {path.name.replace(".schema", ""): json.loads(path.read_text(encoding="utf-8")) for path in paths}


def missing_flags(app: cdk.App) -> list[str]:
    """Return the feature flags of cdk.json that *app* lacks: the CDK CLI gives them, and templates differ without."""
    flags = json.loads(Path(__file__).with_name("cdk.json").read_text(encoding="utf-8"))["context"]
    return sorted(flags.keys() - app.node.get_all_context().keys())


if __name__ == "__main__":
    application = cdk.App()
    if missing := missing_flags(application):
        sys.exit(f"{len(missing)} feature flags of cdk.json are not in the context: run make synth, or the CDK CLI")
    try:
        compose(application)
    except REFUSALS as error:
        sys.exit(f"cannot synthesize:\n{error}")
    application.synth()
