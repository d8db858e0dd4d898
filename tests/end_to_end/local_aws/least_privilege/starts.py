"""Starts of the pipeline by its rules, as they are and without the right to start it."""

from dataclasses import dataclass
from typing import Any

from tests.end_to_end.local_aws.aws import LocalAws
from tests.end_to_end.local_aws.executions import Execution, executions
from tests.end_to_end.local_aws.least_privilege.application import named, rule_name
from tests.end_to_end.local_aws.least_privilege.decisions import Record, recorded
from tests.end_to_end.local_aws.least_privilege.starting_rules import new_data_starts, schedule_starts, started_since
from tests.end_to_end.local_aws.least_privilege.withdrawn_rights import withdrawn
from tests.end_to_end.local_aws.messages import deployed_one, receive
from tests.security.deployed_stage import DeployedStage

START = "sagemaker:StartPipelineExecution"
NEW_DATA, SCHEDULED = "NewDataStart", "ScheduledStart"


@dataclass(frozen=True)
class Delivered:
    """What the rules started."""

    record: Record
    by_version: dict[str, Execution]
    """Version of a new object -> the execution."""


def deliver(aws: LocalAws, application: DeployedStage) -> Delivered:
    """Start the pipeline by two new objects, then by the schedule's rule.

    One execution is awaited each time; another one for the same object would be among the next.
    """
    known = executions(aws)
    by_version: dict[str, Execution] = {}
    with (
        recorded(aws) as record,
        new_data_starts(aws, rule_name(application, NEW_DATA)) as upload,
        schedule_starts(aws, rule_name(application, SCHEDULED)) as send,
    ):
        for name in ("monday.csv", "tuesday.csv"):
            version = upload(name)
            by_version[version] = started_since(aws, [*known, *by_version.values()])
        send()
        started_since(aws, [*known, *by_version.values()])
    return Delivered(record, by_version)


@dataclass(frozen=True)
class Undelivered:
    """What became of events when the rules' roles could not start the pipeline."""

    record: Record
    letters: dict[str, dict[str, Any]]
    """Rule -> the message in the dead-letter queue."""
    started: list[Execution]
    """Executions that began nevertheless."""


def fail_to_deliver(aws: LocalAws, application: DeployedStage) -> Undelivered:
    """Send both rules an event while their roles lack the right to start the pipeline."""
    known, letters = executions(aws), {}
    queue = deployed_one(aws, "AWS::SQS::Queue")
    with (
        recorded(aws) as record,
        withdrawn(aws, named(application, f"{NEW_DATA}/Role/Resource").arn, START),
        withdrawn(aws, named(application, f"{SCHEDULED}/Role/Resource").arn, START),
        new_data_starts(aws, rule_name(application, NEW_DATA)) as upload,
        schedule_starts(aws, rule_name(application, SCHEDULED)) as send,
    ):
        upload("wednesday.csv")
        letters[NEW_DATA] = receive(aws, queue)
        send()
        letters[SCHEDULED] = receive(aws, queue)
        started = [each for each in executions(aws) if each not in known]
    return Undelivered(record, letters, started)
