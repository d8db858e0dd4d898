"""A test message, which has to come through the topic and its key to a queue that is there for it alone."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError

from operations.aws import Aws
from operations.aws_errors import read_error
from operations.preflight.deployment import find_topic
from operations.preflight.findings import Finding, cannot_ask, fails, later, ok
from operations.preflight.names import is_deployed
from operations.preflight.refusals import POLICY, explain
from operations.queue_policy import let_in
from settings import Stage

TRIES = 6
WAIT_S = 10
"""Of each try: a minute in all."""
KEPT_S = 300
"""How long the queue keeps what it gets, should it be left over."""

TEXT = """[{stage.name}] TEST: make preflight sent this, nothing has happened
It came through topic and key. It does not show that EventBridge and CloudWatch may send: stop an execution for that.
"""


def send_test(stage: Stage, aws: Aws) -> Iterator[Finding]:
    """Send a message to all that are subscribed, and yield whether it came to a queue that was subscribed for it."""
    if not is_deployed(stage.pipeline_stack, aws):
        yield later(stage.pipeline_stack)
        return
    topic = find_topic(stage.pipeline_stack, aws)
    try:
        with _subscribed_queue(topic, stage, aws) as queue:
            message = aws.client("sns").publish(
                TopicArn=topic, Subject=f"[{stage.name}] TEST", Message=TEXT.format(stage=stage)
            )["MessageId"]
            arrived = _arrives(message, queue, aws)
    except ClientError as error:
        yield _explain(error)
        return
    if arrived:
        yield ok(f"message {message} came through topic and key; that EventBridge and CloudWatch may send is not shown")
    else:
        what = f"message {message} did not come through in {TRIES * WAIT_S} s"
        yield fails(what, "send another; then look at the topic's NumberOfNotificationsFailed in CloudWatch")


def _explain(error: ClientError) -> Finding:
    """Return what a refusal means; SNS passes those of the topic's key on."""
    code, words = read_error(error)
    if code == "KMSAccessDenied":
        return cannot_ask("needs kms:Decrypt and kms:GenerateDataKey on the topic's key", POLICY)
    if code.startswith("KMS"):
        return fails(f"the topic's key cannot be used ({code}: {words})", "docs/runbooks/rotate-the-key.md")
    return explain(error)


@contextmanager
def _subscribed_queue(topic: str, stage: Stage, aws: Aws) -> Iterator[str]:
    """Subscribe a queue for a while, and yield its URL; what was made goes again, whatever happens."""
    name = f"{stage.pipeline_stack}-preflight-{secrets.token_hex(4)}"
    arn = f"{topic.rpartition(':')[0].replace(':sns:', ':sqs:')}:{name}"
    attributes = {"Policy": json.dumps(let_in(arn, {"sns": topic})), "MessageRetentionPeriod": str(KEPT_S)}
    sqs, sns = aws.client("sqs"), aws.client("sns")
    queue = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    try:
        subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True)
        try:
            yield str(queue)
        finally:
            sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
    finally:
        sqs.delete_queue(QueueUrl=queue)


def _arrives(message: str, queue: str, aws: Aws) -> bool:
    """Return whether the message comes to the queue, to which others may come as well."""
    for _ in range(TRIES):
        received = aws.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=WAIT_S, MaxNumberOfMessages=10)
        if message in {json.loads(each["Body"])["MessageId"] for each in received.get("Messages", [])}:
            return True
    return False
