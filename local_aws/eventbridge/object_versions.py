"""MiniStack's events of S3 lack an object's version, which the events of AWS have where a bucket keeps versions."""

import json
from contextvars import ContextVar
from typing import Any

from ministack.services import eventbridge, s3

_fire = s3._fire_s3_event
_dispatch = eventbridge._dispatch_event
_version: ContextVar[str | None] = ContextVar("object version", default=None)


def install() -> None:
    """Put the version into events of S3 before rules see them."""
    s3._fire_s3_event = _fire_of_version
    eventbridge._dispatch_event = _dispatch_with_version


def _fire_of_version(*event: Any, version_id: str | None = None, **more: Any) -> None:
    reset = _version.set(version_id)
    try:
        _fire(*event, version_id=version_id, **more)
    finally:
        _version.reset(reset)


def _dispatch_with_version(event: dict[str, Any], view: Any = None) -> None:
    version = _version.get()
    if version is not None:
        _version.set(None)  # what rules make of the event is no event of S3
        detail = json.loads(event["Detail"])
        detail["object"]["version-id"] = version
        event, view = event | {"Detail": json.dumps(detail)}, None
    _dispatch(event, view)
