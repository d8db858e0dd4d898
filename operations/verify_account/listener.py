"""A queue that for a while receives what the topic sends, and SageMaker's events."""

import json
import re
from collections.abc import Callable
from typing import Any

from operations.aws import Aws
from operations.queue_policy import let_in
from operations.verify_account.deployment import Deployment
from operations.verify_account.observations import Document, Message

LONGEST_POLL_S = 1
"""Long enough for SQS to ask all of its servers."""


class Listener:
    """Hears everything from `listen` on."""

    def __init__(self, deployment: Deployment, aws: Aws) -> None:
        self._deployment = deployment
        self._sqs, self._sns, self._events = (aws.client(service) for service in ("sqs", "sns", "events"))
        self._url = ""
        self.messages: list[Message] = []
        self.events: list[Document] = []

    def listen(self, name: str, later: Callable[[str, Callable[[], object]], None]) -> None:
        """Make a queue for the topic, and a rule that sends it the pipeline's events; do *later* what undoes it."""
        topic, queue = self._deployment.topic, self._deployment.arn("sqs", name)
        policy = let_in(queue, {"sns": topic, "events": self._deployment.arn("events", f"rule/{name}")})
        attributes = {"Policy": json.dumps(policy), "SqsManagedSseEnabled": "true"}
        self._url = self._sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        later("delete the queue", lambda: self._sqs.delete_queue(QueueUrl=self._url))
        subscribed = self._sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, ReturnSubscriptionArn=True)
        later("unsubscribe it", lambda: self._sns.unsubscribe(SubscriptionArn=subscribed["SubscriptionArn"]))
        self._events.put_rule(Name=name, EventPattern=json.dumps(_pattern(self._deployment)))
        later("delete the rule", lambda: self._events.delete_rule(Name=name))
        self._events.put_targets(Rule=name, Targets=[{"Id": "Queue", "Arn": queue}])
        later("take its target", lambda: self._events.remove_targets(Rule=name, Ids=["Queue"]))

    def collect(self) -> None:
        """Take out of the queue what has come."""
        while found := self._sqs.receive_message(
            QueueUrl=self._url, MaxNumberOfMessages=10, WaitTimeSeconds=LONGEST_POLL_S
        ).get("Messages"):
            for each in found:
                self._keep(json.loads(each["Body"]))
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=each["ReceiptHandle"])

    def has_heard_of(self, execution_arn: str) -> bool:
        """Return whether a message about an execution has come by now."""
        self.collect()
        return any(each.execution and execution_arn.endswith(f"/{each.execution}") for each in self.messages)

    def _keep(self, body: dict[str, Any]) -> None:
        if "detail-type" in body:
            self.events.append(body)
        else:
            self.messages.append(read_message(str(body.get("Message", ""))))


def read_message(text: str) -> Message:
    """Return what a message of the topic is about: a rule's of lines in quotes, or an alarm's in JSON."""
    if alarm := re.search(r'"AlarmName":\s*"([^"]+)"', text):
        state = re.search(r'"NewStateValue":\s*"(\w+)"', text)
        return Message(f"alarm {alarm[1]}: {state[1] if state else '?'}")
    execution = re.search(r"/execution/(\w+)", text)
    return Message(text.partition("\n")[0].strip('"'), execution[1] if execution else "")


def _pattern(deployment: Deployment) -> dict[str, Any]:
    """Match the events of the pipeline, and those of its model versions."""
    pipeline = deployment.arn("sagemaker", f"pipeline/{deployment.stage.pipeline_name}")
    group = deployment.stage.model_package_group_name
    return {
        "source": ["aws.sagemaker"],
        "detail": {"$or": [{"pipelineArn": [pipeline]}, {"ModelPackageGroupName": [group]}]},
    }
