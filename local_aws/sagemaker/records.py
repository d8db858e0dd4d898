"""Where resources are kept, one table a kind, apart for each account and region."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region

from local_aws.sagemaker.errors import invalid

Record = dict[str, Any]
Table = Any
"""A mapping of names to records; MiniStack's, which has no types."""

pipelines: Table = AccountRegionScopedDict()
groups: Table = AccountRegionScopedDict()
packages: Table = AccountRegionScopedDict()
models: Table = AccountRegionScopedDict()
configurations: Table = AccountRegionScopedDict()
"""Of endpoints."""
endpoints: Table = AccountRegionScopedDict()
executions: Table = AccountRegionScopedDict()
"""Threads of executions by ARN."""
jobs: Table = AccountRegionScopedDict()
"""Jobs of executions by ARN."""
scalable_targets: Table = AccountRegionScopedDict()
"""Of Application Auto Scaling, with the policies of each, by resource."""
tags: Table = AccountRegionScopedDict()
"""Lists of tags by ARN."""


def arn(kind: str, name: str) -> str:
    """Return the ARN of a resource of the account that asks."""
    return f"arn:aws:sagemaker:{get_region()}:{get_account_id()}:{kind}/{name}"


def name_of(identifier: str) -> str:
    """Return the name in *identifier*, which is a name or an ARN, as the API takes either."""
    return identifier.split(":", 5)[-1].split("/", 1)[-1] if identifier.startswith("arn:") else identifier


def stamped(record: Record) -> Record:
    """Return *record* with the times of its creation."""
    now = time.time()
    return {**record, "CreationTime": now, "LastModifiedTime": now}


_LISTING = {"MaxResults", "NextToken", "SortBy", "SortOrder"}


def page(records: Iterable[Record], request: Record, filters: dict[str, Callable[[Record, Any], bool]]) -> Record:
    """Return the records that *filters* let through as `Records`, by creation, and `NextToken` if there are more."""
    if unknown := sorted(request.keys() - filters.keys() - _LISTING):
        raise invalid(f"{', '.join(unknown)} is not emulated: leave it out")
    if request.get("SortBy", "CreationTime") not in {"CreationTime", "Name"}:
        raise invalid(f"SortBy {request['SortBy']} is not emulated: use CreationTime")
    found = [each for each in records if all(filters[key](each, request[key]) for key in filters if key in request)]
    # Stable, and time stamps of the same instant are in the order of creation.
    found.sort(key=lambda each: each["CreationTime"])
    if request.get("SortOrder", "Descending") == "Descending":
        found.reverse()
    start = int(request.get("NextToken", "0"))
    end = start + request.get("MaxResults", 100)
    return {"Records": found[start:end], **({"NextToken": str(end)} if end < len(found) else {})}
