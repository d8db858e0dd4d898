"""Queues and topics, as whoever reads them meets them."""

import json
import time
from typing import Any

from tests.end_to_end.local_aws.aws import LocalAws


def deployed_one(aws: LocalAws, kind: str) -> str:
    """Return the physical id of the only resource of type *kind* in the pipeline's stack."""
    found = aws.client("cloudformation").describe_stack_resources(StackName=aws.stage.pipeline_stack)["StackResources"]
    (identifier,) = (each["PhysicalResourceId"] for each in found if each["ResourceType"] == kind)
    return str(identifier)


def subscribe(aws: LocalAws, topic: str) -> str:
    """Subscribe a new queue to *topic*, and return the queue's URL."""
    sqs, queue_name = aws.client("sqs"), "subscriber"
    url: str = sqs.create_queue(QueueName=queue_name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    aws.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return url


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
