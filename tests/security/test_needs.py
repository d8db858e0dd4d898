"""Each need has a statement, and each statement has a need."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import pytest

from artefacts.iam.evaluator import decide
from artefacts.iam.patterns import matches
from artefacts.iam.policies import Policies, Statement
from tests.security.needs import Need
from tests.security.questions import Questions
from tests.security.sources import Kind, Source, fault_of
from tests.security.world import World


def unmet(world: World, policies: Policies) -> list[str]:
    """Return the needs that *policies* do not meet."""
    return [
        f"{need.name}: {need.request.action} on {need.request.resource} by {need.request.caller} ({need.source.text})"
        for need in world.needs
        if not decide(need.request, policies).allowed
    ]


def unneeded(world: World, policies: Policies, *statements: Statement) -> list[str]:
    """Return what *statements* of *policies* allow, by action and by resource, and no need rests on."""
    resting: dict[Statement, list[Need]] = defaultdict(list)
    for need in world.needs:
        for statement in decide(need.request, policies).because:
            resting[statement].append(need)
    return [
        f"{statement.name}: {part}"
        for statement in statements
        if statement.allows
        for part in _without_need(statement, resting[statement])
    ]


def _without_need(statement: Statement, needs: list[Need]) -> Iterator[str]:
    if not needs:
        yield "everything"
        return
    for action in statement.actions:
        if not any(matches(action, need.request.action, ignore_case=True) for need in needs):
            yield action
    for resource in statement.resources:
        if not any(matches(resource, need.request.resource) for need in needs):
            yield resource


def test_each_need_has_a_statement(world: World) -> None:
    missing = unmet(world, world.policies)
    assert not missing, "\n".join(missing)


def test_each_statement_has_a_need(world: World) -> None:
    spare = unneeded(world, world.policies, *world.ours)
    assert not spare, "\n".join(spare)


def passing(world: World) -> Statement:
    """Return a statement to make mistakes with."""
    return next(statement for statement in world.ours if statement.actions == ("iam:PassRole",))


def test_need_without_a_statement_is_named(world: World) -> None:
    known = unmet(world, world.policies)
    named = [name for name in unmet(world, world.policies.replacing(passing(world))) if name not in known]
    assert named
    assert all("pass the job its role: iam:PassRole on " in name for name in named)


def test_statement_without_a_need_is_named(world: World) -> None:
    needed = passing(world)
    spare_role = "arn:aws:iam::111122223333:role/Spare"
    wider = replace(needed, actions=("iam:PassRole", "iam:GetRole"), resources=(*needed.resources, spare_role))
    policies = world.policies.replacing(needed, wider)
    assert unneeded(world, policies, wider) == [f"{wider.name}: iam:GetRole", f"{wider.name}: {spare_role}"]
    other = replace(needed, actions=("iam:GetRole",))
    policies = world.policies.replacing(needed, needed, other)
    assert unneeded(world, policies, needed, other) == [f"{other.name}: everything"]


def test_no_need_is_asked_twice(world: World) -> None:
    for needs in world.needs_by_stage.values():
        assert len({need.request.identity for need in needs}) == len(needs)


def test_questions_are_as_many_as_the_definition_calls_for(world: World, questions: Questions) -> None:
    for application in world.applications:
        needs = world.needs_by_stage[application.name]
        assert len(needs) >= 200
    denials = len(questions.all) - len(world.needs)
    assert denials >= 10 * len(world.needs)


def test_each_needs_source_can_be_looked_up_or_says_that_it_is_a_guess(world: World) -> None:
    assert {need.name: fault_of(need.source) for need in world.needs if fault_of(need.source)} == {}


@pytest.mark.parametrize(
    ("kind", "text", "fault"),
    [
        (Kind.RECORD, "", "says too little to be looked up"),
        (Kind.RECORD, "somebody saw it once in 2026", "has no '/', so that nobody finds it"),
        (Kind.RECORD, "owner/name and its file, at an unknown time", "has no '20', so that nobody finds it"),
        (Kind.DOCUMENTATION, "AWS documentation says so somewhere", "has no 'guide', so that nobody finds it"),
        (Kind.MANAGED_POLICY, "AWS gives it to others too", "has no 'MAMIP', so that nobody finds it"),
        (Kind.GUESS, "perhaps", "says too little to be looked up"),
        (Kind.GUESS, "it is what the console does", ""),
    ],
)
def test_source_that_nobody_finds_is_refused(kind: Kind, text: str, fault: str) -> None:
    assert fault_of(Source(kind, text)) == fault
