"""Each role is assumed by the one service that needs it, and for this account only."""

from tests.security.deployed_stage import ACCOUNT
from tests.security.proofs import mistrusted
from tests.security.world import World


def test_each_role_is_trusted_to_exactly_the_service_that_needs_it(world: World) -> None:
    for application in world.applications:
        assert mistrusted(world, application) == set()


def test_each_trust_names_one_service_one_action_and_the_account_that_it_acts_for(world: World) -> None:
    for application in world.applications:
        for role in application.resources("AWS::IAM::Role"):
            (statement,) = world.policies.resources[role.arn]
            assert statement.allows
            assert statement.actions == ("sts:AssumeRole",)
            assert {kind for kind, _ in statement.principals or ()} == {"Service"}
            assert len(statement.principals or ()) == 1
            assert statement.condition["StringEquals"]["aws:SourceAccount"] == (ACCOUNT,), role.path


def test_role_of_a_rule_is_bound_to_that_rule_alone(world: World) -> None:
    for application in world.applications:
        rules = [
            (rule, target["RoleArn"])
            for rule in application.resources("AWS::Events::Rule")
            for target in rule.properties["Targets"]
            if "RoleArn" in target
        ]
        _, _, use = application.name.partition(" ")
        assert len(rules) == {"": 4 if application.stage.deployment else 2, "scoring": 1, "monitoring": 2}[use]
        for rule, role in rules:
            (statement,) = world.policies.resources[role]
            assert statement.condition["ArnEquals"]["aws:SourceArn"] == (rule.arn,), rule.path
