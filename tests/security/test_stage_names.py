"""Whatever a stage is called, its trusts and policies let through what they have to, by the names that are deployed."""

import dataclasses

import pytest

from artefacts.definition.checker import check_definition
from pipeline_definition import build_definition
from pipeline_definition.placeholders import EXAMPLES, bind
from settings import NewDataStart
from tests.security.deployed_stage import DeployedStage
from tests.security.proofs import unmet, unneeded
from tests.security.world import World
from tests.stacks.synthesis import synthesize
from tests.stages import named

NAME = "production-eu"
"""Begins with another stage's, has a hyphen, and is the longest that job names leave room for."""


@pytest.fixture(scope="module")
def world() -> World:
    stage = dataclasses.replace(named(NAME), new_data_start=NewDataStart(enabled=True))
    definition = build_definition(stage)
    check_definition(bind(definition, EXAMPLES), pipeline_name=stage.pipeline_name)
    return World((DeployedStage.of(stage, synthesize(stage, definition)),))


def test_each_need_has_a_statement_and_each_statement_a_need(world: World) -> None:
    assert unmet(world, world.policies) == []
    assert unneeded(world, world.policies, *world.ours) == []


def test_needs_are_asked_with_the_names_of_what_is_deployed(world: World) -> None:
    (application,) = world.applications
    sources = {str(need.request.context.get("aws:SourceArn", "")) for need in world.needs}
    rules = {rule.arn for rule in application.resources("AWS::Events::Rule")}
    assert len(rules) == 6
    assert rules <= sources
    alarms = {arn for arn in sources if ":alarm:" in arn}
    assert len(alarms) == 9
    assert all(f":alarm:{application.stage.pipeline_stack}-" in arn for arn in alarms)
