"""The checks of this project, made of what is deployed for one stage; each raises when it finds something."""

import functools
import json

import cfnlint.api

from artefacts.assembly import Account, Templates
from artefacts.definition.checker import check_definition
from settings import Stage
from tests.security import proofs
from tests.security.deployed_stage import ACCOUNT, DeployedStage
from tests.security.questions import Questions
from tests.security.world import World
from tests.stacks.synthesis import Synthesis


def world(synthesis: Synthesis, stage: Stage) -> World:
    return World((DeployedStage.of(stage, synthesis),))


def every_need_is_met(synthesis: Synthesis, stage: Stage) -> None:
    deployed = world(synthesis, stage)
    assert proofs.unmet(deployed, deployed.policies) == []


def nothing_is_allowed_beside_the_needs(synthesis: Synthesis, stage: Stage) -> None:
    assert proofs.undenied(Questions(world(synthesis, stage))) == []


def aws_understands_every_statement(synthesis: Synthesis, stage: Stage) -> None:
    assert proofs.misunderstood(world(synthesis, stage)) == []


def each_role_is_trusted_to_exactly_its_service(synthesis: Synthesis, stage: Stage) -> None:
    deployed = world(synthesis, stage)
    assert proofs.mistrusted(deployed, deployed.applications[0]) == set()


def cfn_lint_is_silent(synthesis: Synthesis, stage: Stage) -> None:
    for template in (synthesis.storage, synthesis.pipeline):
        assert _lint(json.dumps(template), stage.region) == []


@functools.cache
def _lint(template: str, region: str) -> list[str]:
    """Return what cfn-lint says, once a template: a defect in one leaves the other as it was."""
    return [f"{match.rule.id} {match.message}" for match in cfnlint.api.lint(template, regions=[region])]


def the_checker_accepts_the_definition(synthesis: Synthesis, stage: Stage) -> None:
    stacks = {stage.storage_stack: synthesis.storage, stage.pipeline_stack: synthesis.pipeline}
    properties = synthesis.one("AWS::SageMaker::Pipeline")["Properties"]
    body = properties["PipelineDefinition"]["PipelineDefinitionBody"]
    bound = Templates(stacks, Account(ACCOUNT, stage.region)).resolve(body, stage.pipeline_stack)
    check_definition(bound, pipeline_name=properties["PipelineName"])
