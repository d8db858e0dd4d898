"""Roles in MiniStack's IAM, as a stack would make them."""

import json
from typing import Any

from ministack.services import iam

ACCOUNT = "111122223333"


def make_role(name: str, service: str, *statements: dict[str, Any], condition: dict[str, Any] | None = None) -> str:
    """Make or replace the role *name* that trusts *service* and may do what *statements* say; return its ARN."""
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
        "Condition": condition or {},
    }
    arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    iam._roles[name] = {
        "Arn": arn,
        "AssumeRolePolicyDocument": json.dumps({"Statement": [trust]}),
        "InlinePolicies": {"Policy": json.dumps({"Statement": list(statements)})},
        "AttachedPolicies": [],
    }
    return arn


def allow(action: str, resource: str, **condition: dict[str, str]) -> dict[str, Any]:
    """Return a statement."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, "Condition": condition}
