"""Roles that were deployed, with less than they need."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.end_to_end.local_aws.aws import LocalAws


@contextmanager
def withdrawn(aws: LocalAws, role: str, action: str, *, below: str = "") -> Iterator[None]:
    """Take *action* from *role* (an ARN), on those resources only that end with *below*; give it back at the end."""
    iam, name, policies = aws.client("iam"), role.rpartition("/")[2], policies_of(aws, role)
    changed = {policy: less for policy, full in policies.items() if (less := _without(full, action, below)) != full}
    assert changed, f"{name} has no {action} on resources that end with {below!r}"
    try:
        for policy, document in changed.items():
            _put(iam, name, policy, document)
        yield
    finally:
        for policy in changed:
            _put(iam, name, policy, policies[policy])


def policies_of(aws: LocalAws, role: str) -> dict[str, Any]:
    """Return the documents of the policies in *role* (an ARN), by name."""
    iam, name = aws.client("iam"), role.rpartition("/")[2]
    return {
        policy: iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
    }


def _put(iam: Any, role: str, policy: str, document: dict[str, Any]) -> None:
    if document["Statement"]:
        iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))
    else:
        iam.delete_role_policy(RoleName=role, PolicyName=policy)


def _without(document: dict[str, Any], action: str, below: str) -> dict[str, Any]:
    statements = [less for statement in _listed(document["Statement"]) for less in _reduced(statement, action, below)]
    return {**document, "Statement": statements}


def _reduced(statement: dict[str, Any], action: str, below: str) -> Iterator[dict[str, Any]]:
    """Yield what is left of *statement*: its other actions, and the action on its other resources."""
    actions, resources = _listed(statement["Action"]), _listed(statement["Resource"])
    kept = [resource for resource in resources if not resource.endswith(below)]
    if action not in actions or kept == resources:
        yield statement
        return
    others = [each for each in actions if each != action]
    if others:
        yield {**statement, "Action": others}
    if kept:
        yield {**statement, "Action": action, "Resource": kept}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
