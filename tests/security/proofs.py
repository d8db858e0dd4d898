"""The proofs about the rights of an account: each returns what contradicts it."""

from collections import defaultdict
from collections.abc import Iterator

from artefacts.iam.evaluator import decide
from artefacts.iam.patterns import matches
from artefacts.iam.policies import Policies, Statement
from tests.security.deployed_stage import DeployedStage
from tests.security.needs import Need
from tests.security.needs.application import executions
from tests.security.needs.trust import needs_to_assume_roles
from tests.security.questions import Questions
from tests.security.vocabulary import faults
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


def undenied(questions: Questions) -> list[str]:
    """Return what is allowed and must not be."""
    return [
        f"{each.name}: {each.request.action} on {each.request.resource} by {each.request.caller}"
        for each in questions.all
        if not each.expected and questions.answers[each]
    ]


def misunderstood(world: World) -> list[str]:
    """Return the words of statements that AWS does not know."""
    return [fault for statement in world.ours for fault in faults(statement)]


def mistrusted(world: World, application: DeployedStage) -> set[tuple[str, str]]:
    """Return roles with services that may assume them and need not, or need to and may not."""
    expected = {
        (need.request.resource, need.request.caller)
        for execution in executions(application)
        for need in needs_to_assume_roles(application, execution)
    }
    trusted = {
        (role.arn, name)
        for role in application.resources("AWS::IAM::Role")
        for statement in world.policies.resources[role.arn]
        for kind, name in statement.principals or ()
        if kind == "Service"
    }
    return trusted ^ expected
