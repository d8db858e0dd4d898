"""Properties that AWS refuses and MiniStack's own handlers take: by the type's schema, and by the service's word."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ministack.services.cloudformation import provisioners

from local_aws.cloudformation.schema import Properties, ResourceType

TYPES = (
    *("AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::Events::Rule", "AWS::IAM::ManagedPolicy"),
    *("AWS::IAM::Role", "AWS::KMS::Key", "AWS::Lambda::Function", "AWS::Logs::LogGroup", "AWS::S3::Bucket"),
    *("AWS::S3::BucketPolicy", "AWS::SNS::Subscription", "AWS::SNS::Topic", "AWS::SNS::TopicPolicy"),
    *("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "AWS::StepFunctions::StateMachine"),
)
"""What our templates have beside the types that are ours here, which look at their schemas themselves."""

_BOOTSTRAP = "CDKToolkit"
"""The CDK's own stack, an empty list in which comes to MiniStack's handlers as a list with an empty text."""
_ADDRESS = re.compile(r"[^@\s,;]+@[^@\s,;]+")
_HANDLERS = {name: dict(provisioners._RESOURCE_HANDLERS[name]) for name in TYPES}


class RefusedPropertiesError(ValueError):
    """The service refused what its type's schema allows."""


def install() -> None:
    """Put the checks before MiniStack's creation and change of each type."""
    for name, handlers in _HANDLERS.items():
        changed = {"create": _create(name, handlers["create"])}
        if "update" in handlers:
            changed["update"] = _update(name, handlers["update"])
        provisioners._RESOURCE_HANDLERS[name].update(changed)


def _create(type_name: str, handler: Callable[..., Any]) -> Callable[..., Any]:
    def create(logical_id: str, properties: Properties, stack: str) -> Any:
        _check(type_name, properties, stack)
        return handler(logical_id, properties, stack)

    return create


def _update(type_name: str, handler: Callable[..., Any]) -> Callable[..., Any]:
    def update(physical_id: str, old: Properties, new: Properties, stack: str, *more: Any) -> Any:
        _check(type_name, new, stack)
        return handler(physical_id, old, new, stack, *more)

    return update


def _check(type_name: str, properties: Properties, stack: str) -> None:
    if stack == _BOOTSTRAP:
        return
    ResourceType(type_name, "").check(properties)
    for service, word in _SERVICES.get(type_name, _nothing)(properties):
        raise RefusedPropertiesError(
            f'Resource handler returned message: "{word} (Service: {service}, Status Code: 400)"'
            " (HandlerErrorCode: InvalidRequest)"
        )


def _nothing(_: Properties) -> Iterator[tuple[str, str]]:
    return iter(())


def _lifecycle_faults(properties: Properties) -> Iterator[tuple[str, str]]:
    """Yield what S3 has against days of lifecycle rules, in the words of PutBucketLifecycleConfiguration."""
    for rule in properties.get("LifecycleConfiguration", {}).get("Rules", []):
        noncurrent = rule.get("NoncurrentVersionExpiration", {})
        for action, member, days in (
            ("Expiration", "Days", rule.get("ExpirationInDays", 1)),
            ("NoncurrentVersionExpiration", "NoncurrentDays", noncurrent.get("NoncurrentDays", 1)),
        ):
            if days < 1:
                yield "S3", f"'{member}' for {action} action must be a positive integer"


def _address_faults(properties: Properties) -> Iterator[tuple[str, str]]:
    """Yield what SNS has against an e-mail address, in the words of Subscribe; what else it refuses is not known."""
    is_email = properties["Protocol"].startswith("email")
    if is_email and not _ADDRESS.fullmatch(properties.get("Endpoint", "")):
        yield "Sns", "Invalid parameter: Email address"


_SERVICES: Mapping[str, Callable[[Properties], Iterator[tuple[str, str]]]] = {
    "AWS::S3::Bucket": _lifecycle_faults,
    "AWS::SNS::Subscription": _address_faults,
}
