"""One event on its way to one target of a rule: what is sent, and with whose rights."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ministack.services import eventbridge

from local_aws.eventbridge.errors import DeliveryError
from local_aws.iam import roles
from local_aws.iam.errors import AccessDeniedError

SERVICE = "events.amazonaws.com"


@dataclass(frozen=True)
class Invocation:
    """What MiniStack says when a rule matches."""

    target: Mapping[str, Any]
    """As in PutTargets."""
    record: Mapping[str, Any]
    """The event, in MiniStack's form."""
    rule: Mapping[str, Any]
    view: Any
    """The event as patterns and targets see it, in MiniStack's form."""

    @property
    def target_arn(self) -> str:
        """ARN of the target."""
        return str(self.target["Arn"])

    @property
    def rule_arn(self) -> str:
        """ARN of the rule."""
        return str(self.rule["Arn"])

    @property
    def event(self) -> dict[str, Any]:
        """The event as it is delivered where nothing is transformed."""
        event: dict[str, Any] = self.view.event_with_detail()
        return event

    def payload(self) -> str:
        """Return what the target gets: the event, or what its input settings make of it."""
        match self.target:
            case {"InputTransformer": transformer}:
                return str(eventbridge._apply_input_transformer(transformer, self.rule, self.view))
            case {"Input": str(constant)}:
                return constant
            case {"InputPath": str(path)}:
                return json.dumps(_part(self.event, path))
            case _:
                return json.dumps(self.event)

    def value(self, text: str) -> str:
        """Return what *text* finds in the event if it is a JSON path, nothing if it finds nothing, or else *text*."""
        return str(eventbridge._resolve_http_parameter(text, self.event))

    def session(self) -> roles.Session:
        """Take the target's role, or raise a `DeliveryError` that EventBridge does not repeat."""
        role = self.target.get("RoleArn", "")
        try:
            return roles.assume(role, service=SERVICE, source=self.rule_arn, session=self.rule["Name"])
        except AccessDeniedError as error:
            raise DeliveryError("FAILED_TO_ASSUME_ROLE", str(error)) from error


def _part(event: Any, path: str) -> Any:
    """Return what *path* finds in *event*, or all of it where it finds nothing, as MiniStack does."""
    found = event
    for key in filter(None, path.removeprefix("$").split(".")):
        if not isinstance(found, dict) or key not in found:
            return event
        found = found[key]
    return found
