"""A queue that gets what a topic sends."""

import json
import time
from collections.abc import Callable
from typing import Any

NAME = "subscriber"
Connect = Callable[[str], Any]
"""Makes a client of a service."""


def subscribe(connect: Connect, topic: str) -> str:
    """Make the queue, subscribe it to *topic*, and return its URL."""
    sqs = connect("sqs")
    queue: str = sqs.create_queue(QueueName=NAME)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    connect("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return queue


def receive(connect: Connect, queue: str, word: str, timeout_s: float) -> str | None:
    """Return the text of the *queue*'s next message with *word* in it, or None when none comes in time."""
    sqs, deadline = connect("sqs"), time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        messages: list[dict[str, Any]] = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages", [])
        texts = [str(json.loads(message["Body"])["Message"]) for message in messages]
        if found := next((text for text in texts if word in text), None):
            return found
    return None
