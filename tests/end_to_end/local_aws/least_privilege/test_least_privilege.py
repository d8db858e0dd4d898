"""Each right that the stage has is used where the stand-in asks for it, and none is missing."""

from collections.abc import Iterable

import pytest

from artefacts.iam.evaluator import Request, decide
from artefacts.iam.patterns import matches
from artefacts.iam.policies import Policies, Statement
from tests.end_to_end.local_aws.least_privilege import calls
from tests.end_to_end.local_aws.least_privilege.decisions import Answer
from tests.end_to_end.local_aws.least_privilege.starts import Delivered, Undelivered
from tests.end_to_end.local_aws.least_privilege.whole_run import WholeRun
from tests.security.world import World

Uses = set[tuple[Statement, str, str]]
"""Statement, action that it allowed, and which of its resources that was on."""


@pytest.fixture
def answers(run: WholeRun, delivered: Delivered) -> list[Answer]:
    """What IAM answered while nothing was withdrawn."""
    assert run.record.answers
    assert delivered.record.answers
    return [*run.record.answers, *delivered.record.answers]


@pytest.fixture
def allowed(answers: list[Answer], undelivered: Undelivered) -> list[Request]:
    """What was allowed at any time."""
    return [answer.request for answer in [*answers, *undelivered.record.answers] if answer.allowed]


@pytest.fixture
def called_for(world: World) -> list[Request]:
    """The needs that the stand-in knows."""
    return [need.request for need in world.needs if calls.rows(calls.MADE, need.request)]


def test_nothing_is_denied(answers: list[Answer]) -> None:
    assert [answer.request for answer in answers if not answer.allowed] == []


def test_proof_over_the_templates_allows_what_the_stand_in_allows(allowed: list[Request], policies: Policies) -> None:
    assert [request for request in allowed if not decide(request, policies).allowed] == []


def test_each_need_is_called_for_on_the_stand_in_or_said_not_to_be(world: World) -> None:
    rows = [[*calls.rows(calls.MADE, need.request), *calls.rows(calls.NOT_MADE, need.request)] for need in world.needs]
    assert [need for need, found in zip(world.needs, rows, strict=True) if len(found) != 1] == []
    assert {row for found in rows for row in found} == {*calls.MADE, *calls.NOT_MADE}, "a row is of no need"


def test_stand_in_calls_for_what_is_said_and_for_nothing_else(allowed: list[Request]) -> None:
    assert [request for request in allowed if not calls.rows(calls.MADE, request)] == []
    assert {row for request in allowed for row in calls.rows(calls.MADE, request)} == {*calls.MADE}


def test_deployed_policies_allow_each_call_that_is_needed(called_for: list[Request], policies: Policies) -> None:
    assert [request for request in called_for if not decide(request, policies).allowed] == []


def test_each_statement_that_a_call_needs_is_used_and_no_other(
    called_for: list[Request], policies: Policies, allowed: list[Request]
) -> None:
    needed = uses(called_for, policies)
    used = uses(allowed, policies)
    assert used
    assert told(needed - used) == told(used - needed) == []


def uses(requests: Iterable[Request], policies: Policies) -> Uses:
    return {
        (statement, each.action, resource)
        for each in requests
        for statement in decide(each, policies).because
        for resource in statement.resources or (each.resource,)
        if matches(resource, each.resource)
    }


def told(found: Uses) -> list[str]:
    """Return *found* as people read it."""
    return sorted(f"{statement.name}: {action} on {resource}" for statement, action, resource in found)
