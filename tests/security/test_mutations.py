"""No statement can be changed by mistake without an answer that changes: the proof is as strong as the policies."""

from collections.abc import Callable, Iterator

import pytest

from artefacts.iam.mutations import Mutation, changes_nothing, narrowings, widenings
from artefacts.iam.policies import Statement
from tests.security.questions import Questions


def mutations(questions: Questions, kind: Callable[[Statement], Iterator[Mutation]]) -> list[Mutation]:
    """Return the changes of a *kind* of all statements, but those that change nothing."""
    return [
        mutation
        for statement in questions.world.ours
        for mutation in kind(statement)
        if not changes_nothing(mutation, questions.world.policies)
    ]


@pytest.mark.parametrize("kind", [narrowings, widenings])
def test_every_change_of_a_statement_changes_an_answer(
    questions: Questions, kind: Callable[[Statement], Iterator[Mutation]]
) -> None:
    changes = mutations(questions, kind)
    assert len(changes) >= 90 * len(questions.world.applications)
    unnoticed = [change.name for change in changes if questions.noticing(change) is None]
    assert not unnoticed, "\n".join(unnoticed)


def test_forgotten_allowance_is_noticed_by_a_need_and_a_wider_one_by_a_denial(questions: Questions) -> None:
    for kind, expected in ((narrowings, True), (widenings, False)):
        for change in mutations(questions, kind):
            question = questions.noticing(change) if change.statement.allows else None
            assert question is None or question.expected is expected, change.name
