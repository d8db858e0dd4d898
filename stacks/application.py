"""The stacks of a stage, put together from its settings and its definitions."""

import json

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from artefacts.definition.images import find_serving_image
from settings import Stage
from stacks.acknowledgements import (
    acknowledge,
    deployment_findings,
    monitoring_findings,
    pipeline_findings,
    scoring_findings,
    storage_findings,
)
from stacks.champion_use.plan import PipelinePlan
from stacks.champion_use.stack import ChampionUseStack
from stacks.deployment.stack import DeploymentStack
from stacks.monitoring.plan import plan_monitoring
from stacks.scoring.plan import plan_scoring
from stacks.shared.stack import StorageStack
from stacks.training.stack import PipelineStack


def add_stacks(
    app: cdk.App, stage: Stage, account: str | None, *, definition: str, scoring: str, monitoring: str = ""
) -> None:
    """Add the stacks of *stage* to *app*: with its *definition*, and those of *scoring* and *monitoring*, if any."""
    env = cdk.Environment(account=account, region=stage.region)
    storage = StorageStack(app, stage=stage, env=env)
    pipeline = PipelineStack(
        app, stage=stage, definition=definition, data_bucket=storage.data_bucket, key=storage.key, env=env
    )
    pipeline.add_stack_dependency(storage)  # for the registry too, which the pipeline knows by its name only
    if scoring:
        add_scoring(app, storage, stage, scoring, env)
    if monitoring:
        add_monitoring(app, storage, stage, monitoring, env)
    add_deployment(app, storage, stage, definition, env)
    acknowledge(storage, storage_findings(stage, storage.data_bucket))
    acknowledge(pipeline, pipeline_findings(stage, storage.data_bucket))
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app, verbose=True))


def add_scoring(app: cdk.App, storage: StorageStack, stage: Stage, definition: str, env: cdk.Environment) -> None:
    """Add the stack of the pipeline that scores records, beside *storage*."""
    plan = plan_scoring(stage, definition, storage.data_bucket)
    acknowledge(_add_use(app, storage, stage, plan, env), scoring_findings(stage, storage.data_bucket))


def add_monitoring(app: cdk.App, storage: StorageStack, stage: Stage, definition: str, env: cdk.Environment) -> None:
    """Add the stack of the pipeline that watches traffic, beside *storage*."""
    plan = plan_monitoring(stage, definition, storage.data_bucket, storage.key)
    acknowledge(_add_use(app, storage, stage, plan, env), monitoring_findings(stage, storage.data_bucket))


def _add_use(
    app: cdk.App, storage: StorageStack, stage: Stage, plan: PipelinePlan, env: cdk.Environment
) -> ChampionUseStack:
    use = ChampionUseStack(app, stage=stage, plan=plan, data_bucket=storage.data_bucket, key=storage.key, env=env)
    use.add_stack_dependency(storage)  # for the registry, which it knows by its name only
    return use


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
