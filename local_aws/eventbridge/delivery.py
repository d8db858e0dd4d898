"""Delivers events in threads of their own: a target may be a request to this very server, whose loop must not wait."""

import contextvars
import itertools
import threading
import time
from typing import Any

from ministack.services import eventbridge

from local_aws.eventbridge import dead_letters
from local_aws.eventbridge.errors import DeliveryError
from local_aws.eventbridge.invocation import Invocation
from local_aws.eventbridge.retry_policy import RetryPolicy, delay_s
from local_aws.eventbridge.targets import leave, reach

_RULE = "arn:aws:events:"
"""What else MiniStack delivers with the same function are schedules of EventBridge Scheduler, another service."""
_TICK_S = 1
"""MiniStack looks at schedules every ten seconds, and so is up to that late."""


def install() -> None:
    """Replace MiniStack's delivery with ours."""
    eventbridge._invoke_target = dispatch
    eventbridge._SCHEDULER_TICK_INTERVAL = _TICK_S


def dispatch(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], view: Any = None) -> None:
    """Begin to deliver *event*, in MiniStack's form, and return at once."""
    invocation = Invocation(target, event, rule, view or eventbridge._pattern_event_view(event))
    if not invocation.rule_arn.startswith(_RULE):
        leave(invocation)
        return
    # The account and the region are in the context.
    run = contextvars.copy_context().run
    threading.Thread(target=run, args=(deliver, invocation), name="eventbridge-delivery", daemon=True).start()


def deliver(invocation: Invocation) -> None:
    """Deliver, with retries where they may help; what cannot be delivered becomes a dead letter."""
    policy = RetryPolicy.of(invocation.target)
    started = time.monotonic()
    for retries in itertools.count():
        try:
            reach(invocation)
            return
        except DeliveryError as error:
            exhausted = policy.exhausted_by(retries, time.monotonic() - started) if error.is_transient else None
            if exhausted or not error.is_transient:
                dead_letters.send(invocation, error, retries=retries, exhausted=exhausted)
                return
        time.sleep(delay_s(retries))
