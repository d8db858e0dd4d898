"""The policy of a queue that a command makes for a while."""

from collections.abc import Mapping
from typing import Any


def let_in(queue: str, senders: Mapping[str, str]) -> dict[str, Any]:
    """Return the policy of *queue* (an ARN) that lets in *senders*: service, such as sns -> the ARN it acts for."""
    statements = [
        {
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue,
            "Condition": {"ArnEquals": {"aws:SourceArn": arn}},
        }
        for service, arn in senders.items()
    ]
    return {"Version": "2012-10-17", "Statement": statements}
