"""Each need has a statement, and each statement has a need."""

from dataclasses import replace

import pytest

from artefacts.iam.policies import Statement
from tests.security.deployed_stage import ChampionUseStage
from tests.security.proofs import unmet, unneeded
from tests.security.questions import Questions
from tests.security.sources import Kind, Source, fault_of
from tests.security.world import World


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
        assert len(needs) >= (90 if isinstance(application, ChampionUseStage) else 200)
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
