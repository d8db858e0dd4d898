"""No statement can be changed by mistake without an answer that changes: the proof is as strong as the policies."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from artefacts.iam.mutations import Mutation, changes_nothing, narrowings, widenings
from artefacts.iam.policies import Statement
from tests.security.questions import Question, Questions

Kind = Callable[[Statement], Iterator[Mutation]]
Noticed = Mapping[Kind, Mapping[Mutation, Question | None]]
"""Kind -> each change with the first question that it answers otherwise, if one does."""


def mutations(questions: Questions, kind: Kind) -> list[Mutation]:
    """Return the changes of a *kind* of all statements, but those that change nothing."""
    return [
        mutation
        for statement in questions.world.ours
        for mutation in kind(statement)
        if not changes_nothing(mutation, questions.world.policies)
    ]


@pytest.fixture(scope="module")
def noticed(questions: Questions) -> Noticed:
    return {
        kind: {change: questions.noticing(change) for change in mutations(questions, kind)}
        for kind in (narrowings, widenings)
    }


@pytest.mark.parametrize("kind", [narrowings, widenings])
def test_every_change_of_a_statement_changes_an_answer(questions: Questions, noticed: Noticed, kind: Kind) -> None:
    assert len(noticed[kind]) >= 90 * len(questions.world.applications)
    unnoticed = [change.name for change, question in noticed[kind].items() if question is None]
    assert not unnoticed, "\n".join(unnoticed)


def test_forgotten_allowance_is_noticed_by_a_need_and_a_wider_one_by_a_denial(noticed: Noticed) -> None:
    for kind, expected in ((narrowings, True), (widenings, False)):
        for change, question in noticed[kind].items():
            if question and change.statement.allows:
                assert question.expected is expected, change.name
