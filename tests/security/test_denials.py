"""What must be denied is denied, derived from the needs or thought of by name."""

import pytest

from artefacts.iam.evaluator import decide
from tests.security.dangers import dangers_of
from tests.security.denials import OTHER_ACCOUNT, foreign
from tests.security.proofs import undenied
from tests.security.questions import Questions
from tests.security.world import World


def test_nothing_is_allowed_beside_the_needs(questions: Questions) -> None:
    allowed = undenied(questions)
    assert not allowed, "\n".join(allowed)


def test_every_listed_danger_is_denied(world: World) -> None:
    for application in world.applications:
        dangers = dangers_of(application)
        allowed = [danger.name for danger in dangers if decide(danger.request, world.policies).allowed]
        assert not allowed, "\n".join(allowed)


def test_no_request_is_both_needed_and_denied(questions: Questions) -> None:
    needed = {each.request.identity for each in questions.all if each.expected}
    assert [each.name for each in questions.all if not each.expected and each.request.identity in needed] == []


def test_roles_of_each_stage_are_asked_for_what_is_another_stages(questions: Questions) -> None:
    asked = {
        (caller.name, other.name)
        for caller in questions.world.applications
        for other in questions.world.applications
        for each in questions.all
        if f":role/{caller.stage.pipeline_stack}-" in each.request.caller
        and other.stage.storage_stack in each.request.resource
        and not each.expected
    }
    stages = [application.name for application in questions.world.applications]
    assert asked >= {(caller, other) for caller in stages for other in stages}


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (
            "arn:aws:s3:::data/raw/a.csv",
            ["arn:aws:s3:::foreign-data/raw/a.csv", "arn:aws:s3:::data/foreign-raw/a.csv"],
        ),
        ("arn:aws:s3:::data", ["arn:aws:s3:::foreign-data"]),
        (
            "arn:aws:iam::111122223333:role/Job",
            ["arn:aws:iam::111122223333:role/foreign-Job", f"arn:aws:iam::{OTHER_ACCOUNT}:role/Job"],
        ),
        (
            "arn:aws:sqs:eu-west-1:111122223333:queue",
            [
                "arn:aws:sqs:eu-west-1:111122223333:foreign-queue",
                f"arn:aws:sqs:eu-west-1:{OTHER_ACCOUNT}:queue",
                "arn:aws:sqs:us-east-1:111122223333:queue",
            ],
        ),
        ("*", []),
    ],
)
def test_another_resource_of_the_kind_has_another_name_account_or_region(arn: str, expected: list[str]) -> None:
    assert list(foreign(arn)) == expected
