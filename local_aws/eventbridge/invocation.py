"""One event on its way to one target of a rule: what is sent, and with whose rights."""

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
        """The event before any transformation."""
        event: dict[str, Any] = self.view.event_with_detail()
        return event

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
