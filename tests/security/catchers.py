"""The checks of this project, made of what is deployed for one stage; each raises when it finds something."""

import json
from collections.abc import Callable

import cfnlint.api

from artefacts.assembly import Account, Templates
from artefacts.definition.checker import check_definition
from settings import find_stage
from tests.security import test_needs, test_trust, test_vocabulary
from tests.security.deployed_stage import ACCOUNT, DeployedStage
from tests.security.questions import Questions
from tests.security.world import World
from tests.stacks import test_stacks
from tests.stacks.synthesis import Synthesis

Catch = Callable[[Synthesis], None]

STAGE = "prod"


def world(synthesis: Synthesis) -> World:
    return World((DeployedStage.of(find_stage(STAGE), synthesis),))


def every_need_is_met(synthesis: Synthesis) -> None:
    deployed = world(synthesis)
    assert test_needs.unmet(deployed, deployed.policies) == []


def nothing_is_allowed_beside_the_needs(synthesis: Synthesis) -> None:
    questions = Questions(world(synthesis))
    assert [each.name for each in questions.all if not each.expected and questions.answers[each]] == []


def aws_understands_every_statement(synthesis: Synthesis) -> None:
    test_vocabulary.test_aws_understands_every_statement(world(synthesis))


def each_role_is_trusted_to_exactly_its_service(synthesis: Synthesis) -> None:
    test_trust.test_each_role_is_trusted_to_exactly_the_service_that_needs_it(world(synthesis))


def cfn_lint_is_silent(synthesis: Synthesis) -> None:
    for template in (synthesis.storage, synthesis.pipeline):
        found = cfnlint.api.lint(json.dumps(template), regions=["eu-west-1"])
        assert [f"{match.rule.id} {match.message}" for match in found] == []


def the_checker_accepts_the_definition(synthesis: Synthesis) -> None:
    stage = find_stage(STAGE)
    stacks = {stage.storage_stack: synthesis.storage, stage.pipeline_stack: synthesis.pipeline}
    properties = synthesis.one("AWS::SageMaker::Pipeline")["Properties"]
    body = properties["PipelineDefinition"]["PipelineDefinitionBody"]
    bound = Templates(stacks, Account(ACCOUNT, stage.region)).resolve(body, stage.pipeline_stack)
    check_definition(bound, pipeline_name=properties["PipelineName"])


def stack_test(name: str) -> Catch:
    """Return a test of the stacks, as it is run on both stages."""
    test = getattr(test_stacks, name)

    def catch(synthesis: Synthesis) -> None:
        test({STAGE: synthesis}, STAGE)

    catch.__name__ = name
    return catch


def survives(kind: str) -> Catch:
    def catch(synthesis: Synthesis) -> None:
        test_stacks.test_data_and_models_survive_stack_deletion_but_not_a_failed_creation(
            {STAGE: synthesis}, STAGE, kind
        )

    catch.__name__ = f"{kind}_survives_stack_deletion"
    return catch


PRIVATE = stack_test("test_every_bucket_is_private_encrypted_and_versioned")
ENCRYPTED = stack_test("test_data_is_encrypted_with_a_rotated_customer_managed_key")
TLS = stack_test("test_every_bucket_refuses_plain_and_old_connections")
LOGGED = stack_test("test_data_accesses_are_logged_in_another_bucket")
KEPT = stack_test("test_models_never_expire_and_intermediates_outlive_the_step_cache")
SCHEDULED = stack_test("test_schedule_starts_the_pipeline_with_the_time_as_data_version")
NEW_DATA = stack_test("test_new_objects_below_raw_would_start_the_pipeline_with_their_version")
WILDCARDS = stack_test("test_no_role_has_a_wildcard_action_or_an_unscoped_resource")
ACCOUNT_ONLY = stack_test("test_every_role_is_assumed_for_this_account_only")
APPROVERS = stack_test("test_models_are_approved_by_people_with_a_policy_of_their_own_and_by_no_role")
OUTPUTS = stack_test("test_stack_outputs_name_bucket_group_and_pipeline")
