"""Decides requests as IAM does; "Policy evaluation logic" of the IAM user guide, "Key policies" of the KMS guide."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass, field

from artefacts.iam.conditions import Context, holds
from artefacts.iam.patterns import matches
from artefacts.iam.policies import Policies, Statement


@dataclass(frozen=True)
class Request:
    """One API call, or one thing that the platform does in somebody's name."""

    caller: str
    """ARN of a role, of an account's root, or of a managed policy for whoever holds it; or a service's name."""
    action: str
    resource: str = "*"
    context: Context = field(default_factory=dict)

    @property
    def account(self) -> str:
        """Account of the caller; none for a service."""
        return self.caller.split(":")[4] if self.caller.startswith("arn:") else ""

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes two requests the same question."""
        return self.caller, self.action, self.resource, tuple(sorted(self.context.items()))

    @functools.cached_property
    def full_context(self) -> Context:
        """The context, with what IAM adds to every request."""
        return {
            "aws:SecureTransport": "true",
            "s3:TlsVersion": "1.3",
            **(
                {"aws:PrincipalArn": self.caller, "aws:PrincipalAccount": self.account}
                if self.account
                else {"aws:PrincipalServiceName": self.caller}
            ),
            "aws:PrincipalIsAWSService": str(not self.account).lower(),
            **self.context,
        }


@dataclass(frozen=True)
class Decision:
    """The answer to a request, and the statements that made it; none made an implicit denial."""

    allowed: bool
    because: tuple[Statement, ...] = ()


def decide(request: Request, policies: Policies) -> Decision:
    """Answer *request*: a denial beats everything, and what nobody allows is denied.

    >>> role, bucket = "arn:aws:iam::111122223333:role/Job", "arn:aws:s3:::data"
    >>> reading = Statement("Job Data[0]", True, ("s3:GetObject",), resources=(f"{bucket}/raw/*",))
    >>> policies = Policies({role: (reading,)}, {}, "111122223333")
    >>> [decide(Request(role, "s3:GetObject", f"{bucket}/{key}"), policies).allowed for key in ("raw/a", "models/a")]
    [True, False]
    """
    own = _speaking(policies.identities.get(request.caller, ()), request)
    attached = [
        statement
        for statement in _speaking(policies.of_resource(request.resource), request)
        if _naming(statement, request)
    ]
    boundary = policies.boundaries.get(request.caller)
    bounded = _speaking(boundary, request) if boundary is not None else None
    denials = tuple(each for each in (*own, *attached, *(bounded or ())) if not each.allows)
    if denials:
        return Decision(False, denials)
    if bounded == []:
        return Decision(False)
    return _granted(request, policies, own, attached)


def _granted(request: Request, policies: Policies, own: list[Statement], attached: list[Statement]) -> Decision:
    """Say what *own* policies and those *attached* to the resource allow together."""
    directly = tuple(statement for statement in attached if _naming(statement, request) == _CALLER)
    if directly:
        return Decision(True, directly)
    through_account = tuple(statement for statement in attached if _naming(statement, request) == _ACCOUNT)
    if request.account != policies.account or request.caller == _root(policies.account):
        # Another account's own policies are not ours to read: they are taken to allow everything. So are root's.
        return Decision(bool(through_account), through_account)
    if _takes_resource_policy(request.action):
        return Decision(True, (*own, *through_account)) if own and through_account else Decision(False)
    return Decision(bool(own), tuple(own))


_CALLER, _ACCOUNT, _NOBODY = "caller", "account", ""


def _naming(statement: Statement, request: Request) -> str:
    """Return what *statement* of a resource's policy names: the caller, or the account, which passes it on."""
    principals = statement.principals or frozenset()
    own_name = ("AWS" if request.account else "Service", request.caller)
    if ("AWS", "*") in principals or (own_name in principals and request.caller != _root(request.account)):
        return _CALLER
    of_account = {("AWS", request.account), ("AWS", _root(request.account))}
    return _ACCOUNT if request.account and principals & of_account else _NOBODY


def _root(account: str) -> str:
    return f"arn:aws:iam::{account}:root"


def _takes_resource_policy(action: str) -> bool:
    """Return whether an identity's own policies are not enough: a key's and a role's own policy must agree."""
    return action.startswith("kms:") or action == "sts:AssumeRole"


def is_about(statement: Statement, request: Request) -> bool:
    """Return whether *statement* has a say in *request*, whoever makes it: any other can be changed at will."""
    return (
        _covers(statement.actions, statement.not_actions, request.action, ignore_case=True)
        and _covers(statement.resources, statement.not_resources, request.resource, ignore_case=False)
        and holds(statement.condition, request.full_context)
    )


def _speaking(statements: Iterable[Statement], request: Request) -> list[Statement]:
    return [statement for statement in statements if is_about(statement, request)]


def _covers(patterns: tuple[str, ...], exceptions: tuple[str, ...], text: str, *, ignore_case: bool) -> bool:
    if exceptions:
        return not any(matches(pattern, text, ignore_case=ignore_case) for pattern in exceptions)
    return not patterns or any(matches(pattern, text, ignore_case=ignore_case) for pattern in patterns)
