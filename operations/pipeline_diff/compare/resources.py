"""What changed in the stacks: resources added, removed and changed, and everything else in a template."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from operations.pipeline_diff.change import Area, Change, Severity
from operations.pipeline_diff.compare.differences import Difference, find_differences
from operations.pipeline_diff.compare.matching import match_names
from operations.pipeline_diff.read.side import Document, Side

_SILENT_METADATA = (
    "aws:cdk:path",
    "aws:asset:path",
    "aws:asset:is-bundled",
    "aws:asset:property",
    "aws:cdk:cloudformation:props",
)
"""What the CDK writes for itself; the name of an archive is in it, too."""

_POLICIES = ("PolicyDocument", "AssumeRolePolicyDocument", "KeyPolicy", "Policies", "ManagedPolicyArns")
_NAMES_IN_POLICIES = ("Sid", "Version", "PolicyName", "Id")
"""Of which no request tells anything."""
_BOUNDARY = "PermissionsBoundary"


@dataclass(frozen=True)
class ResourcePair:
    """A resource on both sides, or on one."""

    stack: str
    logical_id: str
    before: Document | None
    after: Document | None

    @property
    def kind(self) -> str:
        """Its type, such as `AWS::S3::Bucket`."""
        return str((self.after or self.before or {}).get("Type"))

    @property
    def name(self) -> str:
        """Where it stands among the constructs, or else its logical id."""
        path = str((self.after or self.before or {}).get("Metadata", {}).get("aws:cdk:path", self.logical_id))
        parts = [part for part in path.split("/") if part not in ("Resource", "Default")]
        return "/".join(parts[1:]) or self.logical_id

    def differences(self) -> Iterator[Difference]:
        """Yield what is different in it, but for what the CDK writes for itself."""
        for difference in find_differences(self.before or {}, self.after or {}):
            if difference.path[0] != "Metadata" or (difference.path[1:] or ("",))[0] not in _SILENT_METADATA:
                yield difference


@dataclass(frozen=True)
class StackPairs:
    """The stacks of both sides."""

    resources: tuple[ResourcePair, ...]
    others: tuple[Change, ...]
    """What is different in templates outside of their resources."""
    names: Mapping[str, str]
    """Stack of the base -> the stack that is compared with it."""
    not_compared: tuple[str, ...]


def pair_stacks(base: Side, head: Side) -> StackPairs:
    """Return what the stacks of both sides hold, in pairs."""
    if not (base.stacks and head.stacks):
        lacking = base if head.stacks else head
        told = () if not (base.stacks or head.stacks) else (f"stacks: {lacking.name} is a definition, and has none",)
        return StackPairs((), (), {}, told)
    resources: list[ResourcePair] = []
    others: list[Change] = []
    not_compared: list[str] = []
    names: dict[str, str] = {}
    for old, new in match_names(_logical_ids(base), _logical_ids(head), alone=not (base.whole or head.whole)):
        lacking = head if new is None else base
        name = new or old or ""
        if (old is None or new is None) and not lacking.whole:
            not_compared.append(f"stack {name}: {lacking.name} has none like it")
            continue
        if old is None or new is None:
            others.append(Change(Area.RESOURCE, name, "stack removed" if new is None else "stack added"))
        else:
            names[old] = new
            others += _compare_deployments(old, new, base, head)
        before, after = base.stacks.get(old or "", {}), head.stacks.get(new or "", {})
        resources += _pair_resources(name, before.get("Resources", {}), after.get("Resources", {}))
        others += _compare_rest(name, before, after) if old and new else []
    return StackPairs(tuple(resources), tuple(others), names, tuple(not_compared))


_RENAMED = "CloudFormation makes a new stack; the old one stays, with what has a fixed name."
_MOVED = "CloudFormation makes a new stack there; the old one stays."
_UNPROTECTED = "Anybody who may delete the stack can do so at once."


def _compare_deployments(old: str, new: str, base: Side, head: Side) -> Iterator[Change]:
    """Yield what is different in how a whole stack is deployed, which no template says."""
    before, after = base.deployments.get(old), head.deployments.get(new)
    if before is None or after is None:
        return
    if old != new:
        yield Change(Area.RESOURCE, new, "stack renamed", old, new, Severity.REVIEW, _RENAMED)
    for difference in find_differences(before, after):
        texts = difference.said_before, difference.said_after
        severity, why = {
            "region": (Severity.REVIEW, _MOVED),
            "terminationProtection": (Severity.DANGER, _UNPROTECTED) if not difference.after else (Severity.NOTE, ""),
        }.get(difference.path[0], (Severity.NOTE, ""))
        yield Change(Area.RESOURCE, new, difference.where, *texts, severity, why)


def _logical_ids(side: Side) -> dict[str, frozenset[str]]:
    return {name: frozenset(template.get("Resources", {})) for name, template in side.stacks.items()}


def _pair_resources(stack: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[ResourcePair]:
    for logical_id in dict.fromkeys((*before, *after)):
        yield ResourcePair(stack, logical_id, before.get(logical_id), after.get(logical_id))


def _compare_rest(stack: str, before: Document, after: Document) -> list[Change]:
    """Return what is different in parameters, outputs, rules and the like; exports of other stacks' imports too."""
    rest = [{key: value for key, value in each.items() if key != "Resources"} for each in (before, after)]
    return [
        Change(Area.OTHER, stack, difference.where, difference.said_before, difference.said_after)
        for difference in find_differences(rest[0], rest[1])
    ]


def is_compared_elsewhere(pair: ResourcePair, difference: Difference) -> bool:
    """Return whether another comparison tells of *difference*: the definition's, that of code or of permissions."""
    path = difference.path
    if path[0] != "Properties" or len(path) < 2:
        return False
    if pair.kind == "AWS::Lambda::Permission" or (path[1] == _BOUNDARY and pair.kind.startswith("AWS::IAM::")):
        return True
    if pair.kind == "AWS::SageMaker::Pipeline" and path[1] == "PipelineDefinition":
        return "PipelineDefinitionS3Location" not in json.dumps(
            [(each or {}).get("Properties", {}).get(path[1]) for each in (pair.before, pair.after)]
        )
    if pair.kind == "AWS::Lambda::Function" and path[1:] == ("Code", "S3Key"):
        return True
    return path[1] in _POLICIES and path[-1] not in _NAMES_IN_POLICIES and _has_policies(pair)


def _has_policies(pair: ResourcePair) -> bool:
    """Return whether its policies are read as such: those of other types may be anything by that name."""
    return pair.kind.startswith("AWS::IAM::") or "Statement" in json.dumps([pair.before, pair.after])
