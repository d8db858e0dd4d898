"""Names that CloudFormation makes up are as its public code makes them."""

import pytest

from artefacts.iam.generated_names import fair_split, generated_name

RULE, ALARM, LOG_GROUP = "AWS::Events::Rule", "AWS::CloudWatch::CompositeAlarm", "AWS::Logs::LogGroup"
FAULT = "OperationsNotificationsFault0A1B2C3D"


@pytest.mark.parametrize(
    ("cap", "wanted", "given"),
    [
        (50, (22, 36), [22, 28]),
        (50, (26, 36), [25, 25]),
        (50, (10, 12), [10, 12]),
        (3, (2, 2), [2, 1]),
        (0, (2, 2), [0, 0]),
    ],
)
def test_name_that_is_too_long_is_cut_where_it_is_longest(cap: int, wanted: tuple[int, int], given: list[int]) -> None:
    assert fair_split(cap, *wanted) == given


@pytest.mark.parametrize(
    ("kind", "stage", "begins"),
    [
        (RULE, "dev", "emp-bonus-dev-pipeline-Operations"),
        (RULE, "staging", "emp-bonus-staging-pipelin-Operations"),
        (LOG_GROUP, "production", f"emp-bonus-production-pipeline-{FAULT}-"),
        (ALARM, "dev", f"{FAULT}-"),
        ("AWS::SQS::Queue", "dev", f"emp-bonus-dev-pipeline-{FAULT}"),
    ],
)
def test_name_begins_with_as_much_of_the_stacks_as_there_is_room_for_where_that_is_known(
    kind: str, stage: str, begins: str
) -> None:
    found = generated_name(kind, f"emp-bonus-{stage}-pipeline", FAULT)
    assert found.startswith(begins)
    assert len(found) <= 64 or kind != RULE
