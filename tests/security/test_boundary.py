"""A permissions boundary leaves the roles what they need, or the needs that it cuts off are named."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from artefacts.iam.evaluator import decide
from artefacts.iam.policies import Policies, read_statements
from tests.security.world import World


def bounded(world: World, statement: Mapping[str, Any]) -> Policies:
    """Return the policies of *world* with a boundary of one *statement* around every role of ours."""
    boundary = tuple(read_statements({"Statement": {"Resource": "*", **statement}}, "boundary"))
    roles = {role.arn: boundary for each in world.applications for role in each.resources("AWS::IAM::Role")}
    return replace(world.policies, boundaries=roles)


def lost(world: World, policies: Policies) -> set[str]:
    """Return the services that roles can no longer use as they need to."""
    return {
        need.request.action.partition(":")[0]
        for need in world.needs
        if decide(need.request, world.policies).allowed and not decide(need.request, policies).allowed
    }


def test_every_role_is_bounded_where_the_stage_says_so_and_none_elsewhere(world: World) -> None:
    for application in world.applications:
        roles = {role.arn for role in application.resources("AWS::IAM::Role")}
        bounded_roles = roles & world.policies.boundaries.keys()
        assert bounded_roles == (roles if application.stage.security.permissions_boundary_arn else set())


@pytest.mark.parametrize("world", ["in a VPC"], indirect=True)
@pytest.mark.parametrize(
    ("statement", "cut_off"),
    [
        ({"Effect": "Allow", "Action": "*"}, set()),
        ({"Effect": "Allow", "NotAction": ["iam:CreateRole", "iam:Put*", "organizations:*"]}, set()),
        ({"Effect": "Allow", "NotAction": "kms:*"}, {"kms"}),
        ({"Effect": "Deny", "Action": ["iam:PassRole", "lambda:*"]}, None),
    ],
)
def test_boundary_cuts_off_what_it_does_not_allow_and_nothing_else(
    world: World, statement: Mapping[str, Any], cut_off: set[str] | None
) -> None:
    found = lost(world, bounded(world, statement))
    if cut_off is None:
        assert found >= {"iam", "lambda", "s3", "kms"}, "a boundary that only denies allows nothing"
    else:
        assert found == cut_off
