"""Who may do what: the statements of all policies of a side, with every name resolved, by what they are attached to."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from artefacts.assembly import Account, AssemblyError, Templates
from artefacts.assembly.assembly import LOCAL_ACCOUNT
from artefacts.iam import Deployment, Statement, UnreadPolicyError, read_statements
from operations.pipeline_diff.compare.resources import ResourcePair
from operations.pipeline_diff.read.side import Document

_IDENTITIES = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::ManagedPolicy")
_ATTACHED = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy")
_NARROWING = ("EventSourceToken", "FunctionUrlAuthType", "InvokedViaFunctionUrl", "PrincipalOrgID")
"""Members of a Lambda permission without which it lets more callers in, as keys of conditions of their own."""
_OWNERS = ("Bucket", "Queues", "Topics", "SecretId", "FunctionName", "Roles", "RoleName")
"""Properties in which a policy that is a resource of its own names what it is attached to."""


_UNRESOLVED = (AssemblyError, AttributeError, KeyError, TypeError, ValueError)
"""What resolving raises where a value is not known, or no function is what it should be."""


@dataclass
class Holder:
    """A role or resource, and what its policies say."""

    name: str
    is_identity: bool
    """Whether the statements are about what it may do itself, not about who may do something with it."""
    statements: list[Statement] = field(default_factory=list)
    resource: str = ""
    """Stack and logical id of what the policies are attached to; empty where another stack may have it."""
    unread: list[str] = field(default_factory=list)
    """Policies whose text cannot be judged here, in a few words each."""


class _Resolved(Deployment):
    """Templates in which what has no value here keeps a name of its own, the same on both sides."""

    def resolve(self, node: Any, stack: str) -> Any:
        """Return *node* with the values of its functions."""
        try:
            return super().resolve(node, stack)
        except _UNRESOLVED:
            return f"<{json.dumps(node, sort_keys=True)}>"

    def ref(self, name: str, stack: str) -> str:
        """Return what `Ref` gives."""
        try:
            return super().ref(name, stack)
        except _UNRESOLVED:
            return f"<{name}>"

    def attribute(self, name: str, attribute: str, stack: str) -> str:
        """Return what `Fn::GetAtt` gives."""
        try:
            return super().attribute(name, attribute, stack)
        except _UNRESOLVED:
            return f"<{name}.{attribute}>"


def find_holders(resources: Iterable[tuple[ResourcePair, Document | None]], templates: Templates) -> dict[str, Holder]:
    """Return the holders of policies among the *resources* of one side, by a key that both sides share."""
    holders: dict[str, Holder] = {}
    for pair, resource in resources:
        if resource is not None:
            for key, name, is_identity, document in _documents(pair, resource, templates):
                add_document(
                    holders.setdefault(key, Holder(name, is_identity, resource=_owner(pair, resource))), document
                )
    return holders


def _owner(pair: ResourcePair, resource: Document) -> str:
    """Return the stack and logical id of what *resource*, a policy, is attached to; else its own."""
    properties = resource.get("Properties", {})
    named = next((properties[name] for name in _OWNERS if name in properties), None)
    match named[0] if isinstance(named, list) and named else named:
        case None:
            return f"{pair.stack}/{pair.logical_id}"
        case {"Ref": str(logical_id)} | {"Fn::GetAtt": [str(logical_id), _]}:
            return f"{pair.stack}/{logical_id}"
        case _:
            return ""


def resolvable(stacks: Mapping[str, Document], region: str) -> Templates:
    """Return templates whose functions can be resolved, as if they were deployed to an account that nobody has."""
    return _Resolved(stacks, Account(LOCAL_ACCOUNT, region or "eu-west-1"))


def _documents(
    pair: ResourcePair, resource: Document, templates: Templates
) -> Iterator[tuple[str, str, bool, Document]]:
    """Yield what each policy document of *resource* is attached to, and the document."""
    kind = resource["Type"]
    wanted = {key: value for key, value in resource.get("Properties", {}).items() if key != "PipelineDefinition"}
    if kind not in (*_IDENTITIES, *_ATTACHED, "AWS::Lambda::Permission") and "Statement" not in json.dumps(wanted):
        return
    properties = templates.resolve(wanted, pair.stack)
    own = f"{pair.stack}/{pair.logical_id}"
    if kind in _IDENTITIES:
        if "AssumeRolePolicyDocument" in properties:
            yield f"{own} trust", f"{pair.name}, who may assume it", False, properties["AssumeRolePolicyDocument"]
        if kind == "AWS::IAM::ManagedPolicy":
            yield own, pair.name, True, properties.get("PolicyDocument")
        for policy in _listed(properties.get("Policies", ())):
            yield own, pair.name, True, policy.get("PolicyDocument", policy) if isinstance(policy, dict) else policy
        for arn in _listed(properties.get("ManagedPolicyArns", ())):
            yield own, pair.name, True, {"Statement": [], "Managed": arn}
        if properties.get("PermissionsBoundary"):
            yield own, pair.name, True, {"Statement": [], "Boundary": properties["PermissionsBoundary"]}
        return
    if kind in _ATTACHED:
        for role in _listed(properties.get("Roles", [properties.get("RoleName", own)])):
            logical_id = _named(role, pair.stack, templates)
            yield f"{pair.stack}/{logical_id}", logical_id, True, properties.get("PolicyDocument")
        return
    if kind == "AWS::Lambda::Permission":
        yield f"{properties.get('FunctionName')} use", f"{pair.name}, who may use it", False, _permission(properties)
        return
    owner = next((str(properties[name]) for name in _OWNERS if name in properties), own)
    for document in _find(properties):
        # A policy that names nobody, such as an AWS::IAM::UserPolicy, is about what its holder may do.
        is_identity = not re.search(r'Principal\\?":', json.dumps(document))
        yield f"{owner} policy", pair.name.removesuffix("/Policy"), is_identity, document


def _listed(value: Any) -> list[Any]:
    """Return the items of a list; of what only a deployment knows to be one, it."""
    return list(value) if isinstance(value, list | tuple) else [value]


def _named(role: str, stack: str, templates: Templates) -> str:
    """Return the logical id of the role that *role* is the name of."""
    resources = templates.stacks[stack]["Resources"]
    roles = [name for name, each in resources.items() if each["Type"] == "AWS::IAM::Role"]
    return next((name for name in roles if templates.ref(name, stack) == role), role)


def _permission(properties: Mapping[str, Any]) -> Document:
    """Return the statement that a Lambda permission is short for."""
    conditions = {
        key: {f"aws:{key}": properties[key]}
        for key in ("SourceArn", "SourceAccount")
        if properties.get(key) is not None
    }
    narrowing = {f"lambda:{key}": properties[key] for key in _NARROWING if key in properties}
    condition = {
        **({"ArnLike": conditions["SourceArn"]} if "SourceArn" in conditions else {}),
        "StringEquals": {**conditions.get("SourceAccount", {}), **narrowing},
    }
    principal = str(properties.get("Principal"))
    kind = "Service" if principal.endswith(".amazonaws.com") else "AWS"
    statement = {
        "Effect": "Allow",
        "Action": properties.get("Action"),
        "Principal": {kind: principal},
        "Resource": properties.get("FunctionName"),
        "Condition": condition,
    }
    return {"Statement": [statement]}


def _find(node: Any) -> Iterator[Any]:
    match node:
        case {"Statement": _}:
            yield node
        case str() if node.startswith("{") and '"Statement"' in node:
            yield node  # such as an AWS::Logs::ResourcePolicy
        case dict():
            for value in node.values():
                yield from _find(value)
        case list():
            for item in node:
                yield from _find(item)


def _with_known_operators(statement: Statement) -> Statement:
    """Return *statement* with conditions on addresses, dates and bytes as conditions on a key of their own.

    The evaluator knows no such operators: what equals is the same, and anything else counts as more and as less.
    """
    condition: dict[str, dict[str, tuple[str, ...]]] = {}
    for operator, keys in statement.condition.items():
        for key, values in keys.items():
            operator = _without_arns(operator, values)
            opaque = re.search(r"(Not)?((?:IpAddress|Date|Binary)(?:(?!IfExists)\w)*)", operator)
            told = operator.replace(opaque[0], f"String{opaque[1] or ''}Equals") if opaque else operator
            condition.setdefault(told, {})[f"{key} ({opaque[2]})" if opaque else key] = values
    return replace(statement, condition=condition)


def _without_arns(operator: str, values: tuple[str, ...]) -> str:
    """Return an operator on texts for *values* that have no parts to compare: `*`, or what only a deployment knows."""
    return (
        operator
        if all(value.count(":") >= 5 for value in values)
        else re.sub("Arn(Equals|Like)", r"StringLike", operator)
    )


def add_document(holder: Holder, document: Any) -> None:
    """Add what *document* says to *holder*; as a text where nothing here can read it."""
    match document:
        case {"Managed": arn}:
            holder.unread.append(f"managed policy {arn}")
        case {"Boundary": arn}:
            holder.unread.append(f"permissions boundary {arn}")
    try:
        # A variable of IAM's, such as ${aws:PrincipalTag/team}, is only known when somebody asks.
        text = (document if isinstance(document, str) else json.dumps(document)).replace("${", "<")
        statements = list(map(_with_known_operators, read_statements(json.loads(text), holder.name)))
    except (UnreadPolicyError, AttributeError, KeyError, TypeError, ValueError):
        holder.unread.append(f"a statement of {json.dumps(document, sort_keys=True)}")
        return
    holder.statements += statements
