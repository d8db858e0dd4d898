"""Writes down every decision of IAM about a role or a service, so that what a run used of its rights can be read."""

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import sts

_lock = threading.Lock()
_file: Path | None = None


def record_to(file: Path) -> None:
    """Write decisions to *file* from now on, one JSON object a line; what it held is dropped."""
    global _file
    _file = file
    file.write_text("", encoding="utf-8")
    decide = iam_evaluator.enforce

    def enforce(access_key: str, action: str, service: str, region: str, *more: Any, **named: Any) -> Any:
        refusal = decide(access_key, action, service, region, *more, **named)
        session = sts._sessions.get(access_key)
        if session:  # a user's or the root's rights are not what anybody deploys
            keys = ("resource_arn", "service_context")
            given = dict(zip(keys, more, strict=False)) | named
            record(
                session["Arn"],
                action,
                given.get("resource_arn", "*"),
                given.get("service_context") or {},
                allowed=refusal is None,
            )
        return refusal

    iam_evaluator.enforce = enforce


def record(principal: str, action: str, resource: str, context: Mapping[str, Any], *, allowed: bool) -> None:
    """Write down one decision, if anybody wants to know."""
    if _file is None:
        return
    entry = {"Principal": principal, "Action": action, "Resource": resource, "Context": context, "Allowed": allowed}
    with _lock, _file.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry, default=str) + "\n")
