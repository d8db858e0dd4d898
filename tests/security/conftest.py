"""Accounts in which both stages are deployed, with the settings that change what must be allowed."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pipeline_definition import build_definition, build_monitoring_definition, build_scoring_definition
from settings import (
    STAGES,
    Autoscaling,
    Deployment,
    Monitoring,
    Network,
    NewDataStart,
    Scoring,
    ScoringStart,
    Security,
    Stage,
    Tuning,
    find_stage,
)
from stacks.training import code_asset
from tests.security.deployed_stage import ACCOUNT, ChampionUseStage, DeployedStage
from tests.security.questions import Questions
from tests.security.world import World
from tests.stacks.synthesis import synthesize

Definitions = Mapping[str, str]

DIGEST = f"sha256:{'0' * 64}"

BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/organisation/Boundary"


def _as_set(definitions: Definitions) -> World:
    return World(tuple(each for name, stage in STAGES.items() for each in _all(stage, definitions[name])))


def _with_a_search(definitions: Definitions) -> World:
    return World(tuple(_deployed(_searching(stage), definitions[f"{name}.tuning"]) for name, stage in STAGES.items()))


def _in_a_vpc(_: Definitions) -> World:
    """Return a stage that uses every option of its security, Spark and a watched endpoint, as no other world does."""
    network = Network(
        vpc_id="vpc-0a1b2c3d", subnet_ids=("subnet-0a1b2c3d", "subnet-1a1b2c3d"), security_group_ids=("sg-0a1b2c3d",)
    )
    stage = find_stage("dev")
    changed = dataclasses.replace(
        stage,
        security=Security(network=network, permissions_boundary_arn=BOUNDARY),
        new_data_start=NewDataStart(enabled=True),
        scoring=Scoring(new_data_start=ScoringStart(enabled=True)),
        processing=dataclasses.replace(
            stage.processing, engine="spark", instance_count=2, image_digest=DIGEST, spark_image_digest=DIGEST
        ),
        training=dataclasses.replace(stage.training, image_digest=DIGEST),
        deployment=Deployment(autoscaling=Autoscaling(), capture_percent=10),
        monitoring=Monitoring(retrain=True),
    )
    no_users = {"Statement": {"Effect": "Allow", "NotAction": ["iam:*User*", "organizations:*"], "Resource": "*"}}
    return World(_all(changed, build_definition(changed)), {BOUNDARY: no_users})


def _searching(stage: Stage) -> Stage:
    return dataclasses.replace(stage, training=dataclasses.replace(stage.training, tuning=Tuning()), scoring=None)


def _all(stage: Stage, definition: str) -> tuple[DeployedStage, ...]:
    """Return what trains, what scores, and what watches if anything does."""
    watching = build_monitoring_definition(stage) if stage.monitoring else ""
    synthesis = synthesize(stage, definition, build_scoring_definition(stage), watching)
    uses = ("scoring", *(["monitoring"] if watching else []))
    return DeployedStage.of(stage, synthesis), *(ChampionUseStage.using(stage, synthesis, use) for use in uses)


def _deployed(stage: Stage, definition: str) -> DeployedStage:
    return DeployedStage.of(stage, synthesize(stage, definition))


WORLDS: Mapping[str, Callable[[Definitions], World]] = {
    "as set": _as_set,
    "with a search": _with_a_search,
    "in a VPC": _in_a_vpc,
}


@pytest.fixture(scope="session", params=WORLDS)
def world(request: pytest.FixtureRequest, definitions: dict[str, str], libraries: Path) -> World:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(code_asset, "fetch_wheel", lambda: libraries)
        return WORLDS[request.param](definitions)


@pytest.fixture(scope="session")
def questions(world: World) -> Questions:
    return Questions(world)
