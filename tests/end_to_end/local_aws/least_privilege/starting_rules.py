"""The rules that start the pipeline, switched on for a while: in dev, both are off."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.end_to_end.local_aws.aws import LocalAws
from tests.end_to_end.local_aws.executions import Execution, data_bucket, executions

FOLDER = "raw/unreadable/"
DEADLINE_S = 30.0
_SOURCE = "rehearsal"


@contextmanager
def new_data_starts(aws: LocalAws, rule: str) -> Iterator[Callable[[str], str]]:
    """Let new objects start executions through *rule*; yields what makes one of a name and returns its version.

    The objects are no employees, so that an execution ends soon, and are gone in the end.
    """
    s3, events, bucket = aws.client("s3"), aws.client("events"), data_bucket(aws)
    versions: dict[str, str] = {}

    def upload(name: str) -> str:
        key = f"{FOLDER}{name}"
        versions[key] = s3.put_object(Bucket=bucket, Key=key, Body=b"unreadable")["VersionId"]
        return versions[key]

    notifications: dict[str, Any] = {"EventBridgeConfiguration": {}}
    try:
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=notifications)
        events.enable_rule(Name=rule)
        yield upload
    finally:
        events.disable_rule(Name=rule)
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
        for key, version in versions.items():
            s3.delete_object(Bucket=bucket, Key=key, VersionId=version)


@contextmanager
def schedule_starts(aws: LocalAws, rule: str) -> Iterator[Callable[[], None]]:
    """Let events start executions through the scheduled *rule*, instead of the clock; yields what sends one."""
    events = aws.client("events")
    described = events.describe_rule(Name=rule)
    kept = {key: described[key] for key in ("Name", "ScheduleExpression", "State")}

    def send() -> None:
        events.put_events(Entries=[{"Source": _SOURCE, "DetailType": "It is Monday", "Detail": "{}"}])

    changed = {**kept, "State": "ENABLED", "EventPattern": json.dumps({"source": [_SOURCE]})}
    try:
        events.put_rule(**changed)
        yield send
    finally:
        events.put_rule(**kept)


def started_since(aws: LocalAws, known: list[Execution]) -> Execution:
    """Wait for the only execution that is not among those *known*, and until it has ended."""
    deadline = time.monotonic() + DEADLINE_S
    while not (new := [each for each in executions(aws) if each not in known]):
        assert time.monotonic() < deadline, "nothing was started"
        time.sleep(0.05)
    assert len(new) == 1, f"more than one was started: {[each.arn for each in new]}"
    new[0].wait()
    return new[0]
