"""Everything that is asked of an account, and how it must answer."""

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from artefacts.iam.evaluator import Request, decide, is_about
from artefacts.iam.mutations import Mutation
from artefacts.iam.policies import Statement
from tests.security.dangers import dangers_of
from tests.security.denials import denials_of
from tests.security.world import World


@dataclass(frozen=True, eq=False)
class Question:
    """May this be? And should it?"""

    name: str
    request: Request
    expected: bool


@dataclass(frozen=True)
class Questions:
    """All questions of a world."""

    world: World

    @functools.cached_property
    def all(self) -> tuple[Question, ...]:
        """Needs, then denials."""
        denials = (
            *denials_of(self.world),
            *(danger for application in self.world.applications for danger in dangers_of(application)),
        )
        return (
            *(Question(need.name, need.request, True) for need in self.world.needs),
            *(Question(denial.name, denial.request, False) for denial in denials),
        )

    @functools.cached_property
    def answers(self) -> Mapping[Question, bool]:
        """Question -> whether it is allowed."""
        return {each: decide(each.request, self.world.policies).allowed for each in self.all}

    def noticing(self, mutation: Mutation) -> Question | None:
        """Return the first question that *mutation* answers otherwise, or None: it goes unnoticed."""
        policies = mutation.apply(self.world.policies)
        either = [each for each in (mutation.statement, mutation.mutant) if each]
        changed = (
            question
            for question in self._about(mutation.statement)
            if any(is_about(each, question.request) for each in either)
            and decide(question.request, policies).allowed != self.answers[question]
        )
        return next(changed, None)

    def _about(self, statement: Statement) -> Iterator[Question]:
        """Yield what *statement*, or a change of it, can have a say in."""
        owner = self.world.policies.owners[statement]
        of_resource = statement in self.world.policies.resources.get(owner, ())
        index = self._by_resource if of_resource else self._by_caller
        for service in {action.partition(":")[0] for action in statement.actions}:
            yield from index[owner, service]

    @functools.cached_property
    def _by_caller(self) -> Mapping[tuple[str, str], list[Question]]:
        found = defaultdict(list)
        for each in self.all:
            found[each.request.caller, each.request.action.partition(":")[0]].append(each)
        return found

    @functools.cached_property
    def _by_resource(self) -> Mapping[tuple[str, str], list[Question]]:
        found = defaultdict(list)
        for each in self.all:
            owner = self.world.policies.resource_with_policy(each.request.resource)
            found[owner, each.request.action.partition(":")[0]].append(each)
        return found
