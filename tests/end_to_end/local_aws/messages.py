"""Queues and topics, as whoever reads them meets them."""

import json
import time
from typing import Any

from tests.end_to_end.local_aws.aws import LocalAws


def deployed_one(aws: LocalAws, kind: str, *, stack: str = "") -> str:
    """Return the physical id of the only resource of type *kind* in *stack*, or else in the pipeline's."""
    name = stack or aws.stage.pipeline_stack
    found = aws.client("cloudformation").describe_stack_resources(StackName=name)["StackResources"]
    (identifier,) = (each["PhysicalResourceId"] for each in found if each["ResourceType"] == kind)
    return str(identifier)


def receive(aws: LocalAws, queue_url: str, *, deadline_s: float = 30.0) -> dict[str, Any]:
    """Wait for the next message of a queue, take it out and return it."""
    sqs, deadline = aws.client("sqs"), time.monotonic() + deadline_s
    while time.monotonic() < deadline:
        found = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=1, MessageAttributeNames=["All"])
        for message in found.get("Messages", []):
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
            return dict(message)
    raise AssertionError(f"no message came to {queue_url} in {deadline_s:g} s")


def notification(message: dict[str, Any]) -> str:
    """Return the text that a topic sent."""
    return str(json.loads(message["Body"])["Message"])
