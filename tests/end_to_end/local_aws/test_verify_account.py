"""The verification runs on the stand-in as somebody with its documented rights, and leaves everything as it was.

What the stand-in shows proves nothing about AWS; it proves that the verification does what it says, and tells it apart.
"""

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from local_aws.server_control import ACCOUNT
from operations.verify_account.rights import build_policy
from settings import find_stage
from tests.end_to_end.commands import ROOT
from tests.end_to_end.local_aws.aws import LocalAws
from tests.end_to_end.local_aws.executions import data_bucket
from tests.end_to_end.local_aws.inventory import inventory
from tests.end_to_end.local_aws.messages import deployed_one

CONFIRMED = {
    *("registration-rights", "quota", "volume-grants", "trusts", "lambda-listing", "schedule-time", "job-names"),
    *("rule-reaches-topic", "refused-data-told", "rejected-model-told", "event-reason", "event-exit-code"),
    *("job-reason", "refused-data-report", "exit-message", "package-spelling", "stack-tags", "cache-hits"),
    *("raw-records", "model-card"),
}
NOT_SEEN = {
    **dict.fromkeys(
        ("registration-calls", "tags-in-creation", "no-denials", "session-names"), "the trail records nothing"
    ),
    **dict.fromkeys(("execution-metrics", "fail-step-metric", "fault-suppressed"), "no service sends metrics"),
    "log-streams": "jobs write no logs to CloudWatch",
    **dict.fromkeys(("overdue-alarm", "cache-expiry"), "takes days"),
    **dict.fromkeys(("spark-peers", "training-hosts"), "takes several instances"),
    "watched-figures": "takes a stage with monitoring",
}
"""Assumption -> what the stand-in lacks."""
RULE = ("Name", "ScheduleExpression", "EventPattern", "State", "Description", "RoleArn")
"""All that somebody may set of a rule but its targets."""


class Verified(NamedTuple):
    """A verification that has ended."""

    run: "subprocess.CompletedProcess[str]"
    folder: Path
    before: dict[str, Any]
    after: dict[str, Any]

    def read(self, suffix: str) -> str:
        return (self.folder / f"account-evidence.{suffix}").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def verifier(deployed: LocalAws) -> Iterator[dict[str, str]]:
    """The environment of somebody who may do what `--policy` prints, and nothing else."""
    # MiniStack names the default bus in a rule's ARN, which AWS does not, and for targets it asks on no rule at all.
    policy = json.dumps(build_policy(find_stage("dev"))).replace(":rule/", ":rule/default/")
    targets = {"Effect": "Allow", "Action": ["events:PutTargets", "events:RemoveTargets"], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [*json.loads(policy)["Statement"], targets]})
    iam = deployed.client("iam")
    iam.create_user(UserName="verifier")
    iam.put_user_policy(UserName="verifier", PolicyName="Verification", PolicyDocument=policy)
    key = iam.create_access_key(UserName="verifier")["AccessKey"]
    own = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    yield {**os.environ, **deployed.environment, **own}
    iam.delete_access_key(UserName="verifier", AccessKeyId=key["AccessKeyId"])
    iam.delete_user_policy(UserName="verifier", PolicyName="Verification")
    iam.delete_user(UserName="verifier")


@pytest.fixture(scope="module")
def verified(counting: LocalAws, verifier: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Verified:
    """What a verification without much patience has found."""
    folder, before = tmp_path_factory.mktemp("evidence"), state(counting)
    patience = {"poll": 0.2, "run": 100, "message": 20, "start": 75, "settle": 0, "trail": 0}
    options = [f"--{name}-s={seconds}" for name, seconds in patience.items()]
    command = [sys.executable, "-m", "operations", "verify-account", "--yes", "--out", str(folder), *options]
    run = subprocess.run(command, cwd=ROOT, env=verifier, capture_output=True, text=True, check=False)
    return Verified(run, folder, before, state(counting))


def state(aws: LocalAws) -> dict[str, Any]:
    """Return all that a verification touches and has to leave as it was."""
    events, sagemaker, bucket = aws.client("events"), aws.client("sagemaker"), data_bucket(aws)
    rules = [events.describe_rule(Name=each["Name"]) for each in events.list_rules()["Rules"]]
    topic = deployed_one(aws, "AWS::SNS::Topic")
    versions = aws.client("s3").list_object_versions(Bucket=bucket, Prefix="raw/")
    group = aws.stage.model_package_group_name
    return {
        "resources": inventory(aws),
        "rules": [{member: each.get(member) for member in RULE} for each in rules],
        "targets": {each["Name"]: events.list_targets_by_rule(Rule=each["Name"])["Targets"] for each in rules},
        "subscriptions": aws.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"],
        "data": sorted(each["VersionId"] for kind in ("Versions", "DeleteMarkers") for each in versions.get(kind, [])),
        "champions": sagemaker.list_model_packages(ModelPackageGroupName=group, ModelApprovalStatus="Approved")[
            "ModelPackageSummaryList"
        ],
    }


def test_some_assumptions_are_confirmed_some_cannot_be_seen_and_none_is_refuted(verified: Verified) -> None:
    assert verified.run.returncode == 0, verified.run.stdout + verified.run.stderr
    document = json.loads(verified.read("json"))
    found = {each["id"]: each["verdict"] for each in document["assumptions"]}
    assert found == dict.fromkeys(CONFIRMED, "confirmed") | dict.fromkeys(NOT_SEEN, "not seen")
    assert document["counts"] == {"confirmed": len(CONFIRMED), "refuted": 0, "not seen": len(NOT_SEEN)}
    assert document["ran on"] == "a stand-in, which proves nothing about AWS"
    assert document["undone"] == {}


def test_observations_are_written_to_the_evidence(verified: Verified) -> None:
    document = json.loads(verified.read("json"))
    ends = {purpose: run["status"] for purpose, run in document["runs"].items()}
    assert ends == {
        "good data": "Succeeded",
        "the same data, with a champion": "Failed",
        "to be stopped": "Stopped",
        "data that breaks the contract": "Failed",
        "by the schedule": "Stopped",
    }
    assert len(document["messages"]) == 4
    steps = document["events"]["SageMaker Model Building Pipeline Execution Step Status Change"]
    assert {"detail.failureReason: str", "detail.stepName: str"} <= set(steps)
    assert all(re.search(": [a-z]+$", member) for member in steps)
    assert document["unasked"] == {"log_streams": "DescribeLogStreams: ResourceNotFoundException"}


def test_account_is_left_as_it_was(verified: Verified) -> None:
    assert verified.after == verified.before
    assert verified.after["champions"] == []


@pytest.mark.parametrize("suffix", ["json", "md"])
def test_evidence_names_neither_account_nor_bucket_nor_a_value_of_the_data(
    deployed: LocalAws, verified: Verified, suffix: str
) -> None:
    text = verified.read(suffix)
    resources = deployed.client("cloudformation").describe_stack_resources(StackName=deployed.stage.pipeline_stack)
    roles = [each for each in resources["StackResources"] if each["ResourceType"] == "AWS::IAM::Role"]
    names = [each["Name"] for each in deployed.client("s3").list_buckets()["Buckets"]]
    names += [each["PhysicalResourceId"] for each in roles]
    assert [name for name in [ACCOUNT, *names] if name in text] == []
    with (ROOT / "data" / "mock_data.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    told = {row[column] or "" for row in rows for column in ("employee_id", "salary", "bonus")}
    told = {value for value in told if len(re.sub(r"\D", "", value)) >= 5}
    told |= {address for row in rows if row["profile"] and (address := json.loads(row["profile"]).get("address"))}
    assert len(told) > 5_000
    assert {value for value in told if value in text} == set()
