"""A queue that gets what a topic sends."""

import json
import time
from typing import Any

from local_aws.demo.user import User

_NAME = "subscriber"


def subscribe(user: User, topic: str) -> None:
    """Make the queue and subscribe it to *topic*."""
    sqs = user.client("sqs")
    queue = sqs.create_queue(QueueName=_NAME)["QueueUrl"]
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
    user.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)


def receive(user: User, word: str, patience_s: float) -> str | None:
    """Return the text of the next message with *word* in it, or None when none comes in time."""
    sqs, deadline = user.client("sqs"), time.monotonic() + patience_s
    queue = sqs.get_queue_url(QueueName=_NAME)["QueueUrl"]
    while time.monotonic() < deadline:
        messages: list[dict[str, Any]] = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages", [])
        texts = [str(json.loads(message["Body"])["Message"]) for message in messages]
        if found := next((text for text in texts if word in text), None):
            return found
    return None
