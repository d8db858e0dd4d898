"""A role that a service takes: its trust policy says whether, and its own policies what can be done then."""

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext
from ministack.core.responses import get_account_id, get_region
from ministack.services import iam, sts

from local_aws.clients import Credentials, client
from local_aws.iam import decisions
from local_aws.iam.errors import AccessDeniedError

_registering = threading.Lock()
"""MiniStack goes through its sessions when it adds one, and machines and endpoints take roles side by side."""


@dataclass(frozen=True)
class Session:
    """A role that was taken. Its policies are asked anew for each call, as they are when it is used."""

    role: str
    """ARN of the role."""
    principal: str
    """ARN of the session."""
    region: str
    credentials: Credentials = field(repr=False)

    def require(self, action: str, resource: str, context: Mapping[str, Any] | None = None) -> None:
        """Raise `AccessDeniedError` unless the role may do *action* on the ARN *resource*."""
        service = action.partition(":")[0]
        refusal = iam_evaluator.enforce(
            self.credentials.access_key,
            action,
            service,
            self.region,
            resource_arn=resource,
            service_context=dict(context or {}),
        )
        if refusal is not None:
            raise AccessDeniedError(self.principal, action, resource)

    def arn_prefix(self, service: str) -> str:
        """Return how the ARNs of the account's resources of *service* begin."""
        return f"arn:aws:{service}:{self.region}:{self.role.split(':')[4]}"

    def client(self, service: str) -> Any:
        """Return a client of *service* that signs with the session's credentials; the server asks IAM at each call."""
        return client(service, self.region, self.credentials)


def assume(role: str, *, service: str, source: str, session: str) -> Session:
    """Take *role* (an ARN) as *service* (such as events.amazonaws.com) does on behalf of the resource *source*.

    Raises `AccessDeniedError` when there is no such role, or when it does not trust the service.
    """
    account, region = get_account_id(), get_region()
    name = role.rpartition("/")[2]
    found = iam._roles.get(name)
    context = {"aws:sourcearn": source, "aws:sourceaccount": account}
    allowed = found is not None and _trusts(found["AssumeRolePolicyDocument"], service, role, context)
    decisions.record(service, "sts:AssumeRole", role, context, allowed=allowed)
    if not allowed:
        raise AccessDeniedError(service, "sts:AssumeRole", role)
    principal = f"arn:aws:sts::{account}:assumed-role/{name}/{session}"
    credentials = Credentials("ASIA" + secrets.token_hex(8).upper(), secrets.token_hex(20), secrets.token_hex(40))
    known = {
        "Arn": principal,
        "UserId": f"{name}:{session}",
        "SecretAccessKey": credentials.secret,
        "SessionToken": credentials.token,
    }
    with _registering:
        sts.register_session(credentials.access_key, known)
    return Session(role, principal, region, credentials)


def _trusts(policy: Any, service: str, role: str, context: Mapping[str, str]) -> bool:
    request = request_of_service(service, "sts:AssumeRole", role, context)
    return bool(iam_evaluator.evaluate_resource_policy(policy, request, service=service).decision == "Allow")


def request_of_service(service: str, action: str, resource: str, context: Mapping[str, str]) -> Any:
    """Return the request that *service* makes in its own name."""
    return EvalContext(
        principal_arn=service,
        principal_type="Service",
        principal_account=get_account_id(),
        action=action,
        resource_arn=resource,
        region=get_region(),
        secure_transport=True,
        service_context=dict(context),
    )
