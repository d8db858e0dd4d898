"""Puts an event that could not be delivered into the target's dead-letter queue, if its policy lets EventBridge."""

import json
import logging

from botocore.exceptions import BotoCoreError, ClientError
from ministack.core.responses import get_account_id, get_region

from local_aws.clients import ROOT, client, endpoint
from local_aws.eventbridge.errors import DeliveryError
from local_aws.eventbridge.invocation import Invocation
from local_aws.eventbridge.resource_policy import require

_logger = logging.getLogger(__name__)


def send(invocation: Invocation, error: DeliveryError, *, retries: int, exhausted: str | None) -> None:
    """Send the event as it was before any transformation; without a queue that takes it, it is lost.

    *exhausted* is the limit of the retry policy that was met, or None for an error that is not retried.
    """
    failure = f"{invocation.rule_arn} could not reach {invocation.target_arn}: {error.code}: {error}"
    queue = invocation.target.get("DeadLetterConfig", {}).get("Arn")
    if queue is None:
        _logger.warning("%s; the event is lost, as there is no dead-letter queue", failure)
        return
    attributes = {
        "RULE_ARN": invocation.rule_arn,
        "TARGET_ARN": invocation.target_arn,
        "ERROR_CODE": error.code,
        "ERROR_MESSAGE": str(error),
        "RETRY_ATTEMPTS": str(retries),
    }
    if exhausted:
        attributes["EXHAUSTED_RETRY_CONDITION"] = exhausted
    try:
        require("sqs:SendMessage", queue, rule=invocation.rule_arn)
        client("sqs", get_region(), ROOT).send_message(
            QueueUrl=f"{endpoint()}/{get_account_id()}/{queue.rpartition(':')[2]}",
            MessageBody=json.dumps(invocation.event),
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
            },
        )
    except (DeliveryError, ClientError, BotoCoreError) as refusal:
        _logger.warning("%s; the event is lost, as the dead-letter queue does not take it: %s", failure, refusal)
