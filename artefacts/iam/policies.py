"""The policies of templates: what each statement says, and who or what it is attached to."""

import dataclasses
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from artefacts.iam.conditions import Condition
from artefacts.iam.deployment import Application, Resource

Document = Mapping[str, Any]


class UnreadPolicyError(NotImplementedError):
    """A policy, or a part of one, that this proof would pass over."""


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement, compared by identity."""

    name: str
    """Where it stands, such as `emp-bonus-dev-pipeline/JobRole Data[0]`."""
    allows: bool
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    """Empty in a policy that is a resource's own, and in trust policies, where it goes without saying."""
    not_resources: tuple[str, ...] = ()
    principals: frozenset[tuple[str, str]] | None = None
    """Type and name, such as `Service` and `sagemaker.amazonaws.com`; None in a policy that is attached to a role."""
    condition: Condition = field(default_factory=dict)


@dataclass(frozen=True)
class Policies:
    """Every policy that has a say in an account."""

    identities: Mapping[str, tuple[Statement, ...]]
    """ARN of a role, or of a managed policy that people hold -> what its policies say."""
    resources: Mapping[str, tuple[Statement, ...]]
    """ARN of a resource -> what its own policy says; of a role, who may assume it."""
    account: str
    """The account that they have a say in."""
    boundaries: Mapping[str, tuple[Statement, ...]] = field(default_factory=dict)
    """ARN of a role -> what its permissions boundary says."""

    @functools.cached_property
    def owners(self) -> Mapping[Statement, str]:
        """Statement -> ARN of the role, managed policy or resource that it is attached to."""
        attached = (*self.identities.items(), *self.resources.items())
        return {statement: arn for arn, statements in attached for statement in statements}

    def resource_with_policy(self, arn: str) -> str:
        """Return the ARN of the resource whose policy counts for *arn*: for an object, its bucket."""
        return arn if arn in self.resources else arn.partition("/")[0]

    def of_resource(self, arn: str) -> tuple[Statement, ...]:
        """Return what the policy of the resource says."""
        return self.resources.get(self.resource_with_policy(arn), ())

    def replacing(self, old: Statement, *new: Statement) -> "Policies":
        """Return the policies with *new* where *old* stands."""

        def replaced(owners: Mapping[str, tuple[Statement, ...]]) -> Mapping[str, tuple[Statement, ...]]:
            return {
                arn: tuple(each for found in statements for each in (new if found is old else (found,)))
                for arn, statements in owners.items()
            }

        return dataclasses.replace(self, identities=replaced(self.identities), resources=replaced(self.resources))


def policies_of(*applications: Application, boundaries: Mapping[str, Document] = MappingProxyType({})) -> Policies:
    """Return the policies of the account where *applications* are deployed; *boundaries* by the ARNs that roles name.

    Raises `UnreadPolicyError` for a policy whose text is not there, or that it would pass over.
    """
    (account,) = {application.deployment.account.id for application in applications}
    identities: dict[str, tuple[Statement, ...]] = {}
    resources: dict[str, tuple[Statement, ...]] = {}
    bounded: dict[str, tuple[Statement, ...]] = {}
    for application in applications:
        for resource in application.everything:
            _refuse_unread(resource)
            if resource.kind in _IDENTITIES:
                identities[resource.arn] = tuple(_identity_statements(resource, application))
            boundary = resource.properties.get("PermissionsBoundary")
            if boundary and boundary not in boundaries:
                raise UnreadPolicyError(f"{resource.path} is bounded by {boundary}: say what that allows")
            if boundary:
                bounded[resource.arn] = tuple(read_statements(boundaries[boundary], f"boundary of {resource.path}"))
            for owner, document in _resource_policies(resource):
                statements = tuple(read_statements(document, resource.path.removesuffix("/Resource")))
                resources[owner] = (*resources.get(owner, ()), *statements)
    return Policies(identities, resources, account, bounded)


def read_statements(document: Document, name: str) -> Iterator[Statement]:
    """Yield the statements of *document*, which stands at *name*."""
    for number, statement in enumerate(_listed(document["Statement"])):
        unread = statement.keys() - _ELEMENTS
        if unread:
            raise UnreadPolicyError(f"{name}[{number}] has {', '.join(sorted(unread))}: teach the evaluator")
        yield Statement(
            name=f"{name}[{number}]",
            allows={"Allow": True, "Deny": False}[statement["Effect"]],
            actions=_texts(statement.get("Action", ())),
            not_actions=_texts(statement.get("NotAction", ())),
            resources=_texts(statement.get("Resource", ())),
            not_resources=_texts(statement.get("NotResource", ())),
            principals=_principals(statement.get("Principal")),
            condition={
                operator: {key: _texts(values) for key, values in keys.items()}
                for operator, keys in statement.get("Condition", {}).items()
            },
        )


_ELEMENTS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "Condition"}

_IDENTITIES = ("AWS::IAM::Role", "AWS::IAM::ManagedPolicy")

_ATTACHED = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy")

_WITH_POLICIES = (
    *_IDENTITIES,
    *_ATTACHED,
    "AWS::KMS::Key",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
)


def _refuse_unread(resource: Resource) -> None:
    if resource.kind == "AWS::Lambda::Permission" or (
        resource.kind not in _WITH_POLICIES and any(_documents(resource.properties))
    ):
        raise UnreadPolicyError(f"{resource.path}: no policy of an {resource.kind} is read here yet")


def _documents(node: Any) -> Iterator[Any]:
    match node:
        case {"Statement": _}:
            yield node
        case dict():
            for value in node.values():
                yield from _documents(value)
        case list():
            for item in node:
                yield from _documents(item)


def _identity_statements(owner: Resource, application: Application) -> Iterator[Statement]:
    path = owner.path.removesuffix("/Resource").removesuffix("/Resource")
    if owner.kind == "AWS::IAM::ManagedPolicy":
        yield from read_statements(owner.properties["PolicyDocument"], path)
        return
    for policy in owner.properties.get("Policies", ()):
        yield from read_statements(policy["PolicyDocument"], f"{path} {policy['PolicyName']}")
    role = owner.arn.rpartition("/")[2]
    for other in application.everything:
        holders = (*other.properties.get("Roles", ()), other.properties.get("RoleName"))
        if other.kind in (*_ATTACHED, "AWS::IAM::ManagedPolicy") and role in holders:
            yield from read_statements(other.properties["PolicyDocument"], other.path)
    for arn in owner.properties.get("ManagedPolicyArns", ()):
        managed = application.with_arn(arn)
        if managed is None:
            raise UnreadPolicyError(f"{path} has {arn}, whose text is not in the template: write its statements out")
        yield from read_statements(managed.properties["PolicyDocument"], managed.path)


def _resource_policies(resource: Resource) -> Iterator[tuple[str, Document]]:
    properties = resource.properties
    match resource.kind:
        case "AWS::IAM::Role":
            yield resource.arn, properties["AssumeRolePolicyDocument"]
        case "AWS::KMS::Key":
            yield resource.arn, properties["KeyPolicy"]
        case "AWS::S3::BucketPolicy":
            yield f"arn:aws:s3:::{properties['Bucket']}", properties["PolicyDocument"]
        case "AWS::SNS::TopicPolicy":
            for topic in properties["Topics"]:
                yield topic, properties["PolicyDocument"]
        case "AWS::SQS::QueuePolicy":
            for url in properties["Queues"]:
                yield queue_arn(url), properties["PolicyDocument"]


def queue_arn(url: str) -> str:
    """Return the ARN of the queue at *url*."""
    host, account, name = url.removeprefix("https://").split("/")
    return f"arn:aws:sqs:{host.split('.')[1]}:{account}:{name}"


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _texts(value: Any) -> tuple[str, ...]:
    # JSON's true is the text "true" to IAM.
    return tuple(str(item).lower() if isinstance(item, bool) else str(item) for item in _listed(value))


def _principals(principal: Any) -> frozenset[tuple[str, str]] | None:
    match principal:
        case None:
            return None
        case "*":
            return frozenset({("AWS", "*")})
        case _:
            return frozenset((kind, str(name)) for kind, names in principal.items() for name in _listed(names))
