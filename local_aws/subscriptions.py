"""SNS: an e-mail address waits for its owner to confirm. MiniStack takes it for confirmed; here, no mail ever comes."""

import re
from typing import Any

from ministack.services import sns

_EMAIL = re.compile(
    rb"(<SubscriptionArn>)[^<]+(</SubscriptionArn><Owner>\d+</Owner><TopicArn>[^<]+</TopicArn><Protocol>email<)"
)


def install() -> None:
    """List addresses as AWS lists those that nobody has confirmed."""
    list_of_ministack = sns._list_subscriptions_by_topic

    def list_subscriptions(parameters: Any) -> Any:
        status, headers, body = list_of_ministack(parameters)
        return status, headers, _EMAIL.sub(rb"\1PendingConfirmation\2", body)

    sns._list_subscriptions_by_topic = list_subscriptions
