"""Rules start the pipeline in roles of their own, and what they may not start is kept."""

import json
from typing import Any

import pytest

from tests.end_to_end.local_aws.aws import LocalAws
from tests.end_to_end.local_aws.executions import data_bucket
from tests.end_to_end.local_aws.least_privilege.application import named, rule_name
from tests.end_to_end.local_aws.least_privilege.starting_rules import FOLDER, new_data_starts, schedule_starts
from tests.end_to_end.local_aws.least_privilege.starts import NEW_DATA, SCHEDULED, START, Delivered, Undelivered
from tests.security.deployed_stage import DeployedStage


def test_each_new_object_starts_one_execution_which_knows_the_objects_version(delivered: Delivered) -> None:
    known = {version: execution.parameters()["DataVersion"] for version, execution in delivered.by_version.items()}
    assert len(known) == 2
    assert known == {version: version for version in known}


@pytest.mark.parametrize("rule", [NEW_DATA, SCHEDULED])
def test_start_that_its_rule_may_not_make_becomes_a_dead_letter(
    deployed: LocalAws, application: DeployedStage, undelivered: Undelivered, rule: str
) -> None:
    letter = {name: each["StringValue"] for name, each in undelivered.letters[rule]["MessageAttributes"].items()}
    assert letter["RULE_ARN"] == named(application, f"{rule}/Resource").arn
    assert letter["TARGET_ARN"] == deployed.pipeline()["PipelineArn"]
    assert letter["ERROR_CODE"] == "NO_PERMISSIONS"
    assert f"is not authorized to perform: {START}" in letter["ERROR_MESSAGE"]
    assert undelivered.started == []


def test_dead_letter_of_new_data_names_the_object(undelivered: Undelivered) -> None:
    event = json.loads(undelivered.letters[NEW_DATA]["Body"])
    assert event["detail"]["object"]["key"] == f"{FOLDER}wednesday.csv"
    assert event["detail"]["object"]["version-id"]


def test_rules_and_bucket_are_left_as_they_were_found(deployed: LocalAws, application: DeployedStage) -> None:
    events, s3, bucket = deployed.client("events"), deployed.client("s3"), data_bucket(deployed)
    rules = [rule_name(application, NEW_DATA), rule_name(application, SCHEDULED)]

    def found() -> list[Any]:
        described = [events.describe_rule(Name=rule) for rule in rules]
        tells = "EventBridgeConfiguration" in s3.get_bucket_notification_configuration(Bucket=bucket)
        return [
            tells,
            *((each["State"], each.get("EventPattern"), each.get("ScheduleExpression")) for each in described),
        ]

    before = found()
    with new_data_starts(deployed, rules[0]), schedule_starts(deployed, rules[1]):
        assert all(one != other for one, other in zip(found(), before, strict=True))
    assert found() == before
