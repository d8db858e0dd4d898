"""Finds what there is to judge a window of traffic by: captured answers, earlier windows, labels, and their ages."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectTypeDef

# A Lambda step takes no retry policy, so throttling and faults of the service are tried again here.
RETRIES = Config(retries={"mode": "standard", "max_attempts": 8}, connect_timeout=3, read_timeout=10)

UNKNOWN = "none"
"""In place of a time, where there is no object that has one."""

_INSTANT = timedelta(microseconds=1)
_HOUR = "%Y/%m/%d/%H"
_IN_AN_HOUR = re.compile(r"\d{4}/\d\d/\d\d/\d\d/")
"""How data capture lays out what it writes: "Capture data from real-time endpoint" in the developer guide."""


class WindowError(Exception):
    """A window's end that is no time: the value, then the remedy."""


def handler(event: dict[str, str], _context: object) -> dict[str, str]:
    """Answer the pipeline's step: URIs of what the job reads, and when raw data was last written."""
    return find_traffic(boto3.client("s3", config=RETRIES), event)


def find_traffic(client: "S3Client", event: dict[str, str]) -> dict[str, str]:
    """Return the URIs and times that the job needs; each URI where there is no object is that of *Nothing*."""
    nothing = event["Nothing"]
    hours = find_hours(event["WindowEnd"], int(event["WindowHours"]))
    champion, newest_raw = event["ChampionDataQuality"], _find_newest(client, event["Raw"])
    return {
        "Traffic": _find_traffic(client, event["Traffic"], hours) or nothing,
        "History": _if_any(client, event["History"]) or nothing,
        "Labels": nothing if newest_raw == UNKNOWN else event["Raw"],
        "NewestRaw": newest_raw,
        # Where there is no champion, it is the file that says so, in a bucket that this function may not look at.
        "ChampionData": UNKNOWN if champion == nothing else _find_newest(client, champion),
    }


def find_hours(window_end: str, hours: int) -> str:
    """Return the path that the folders of all hours of the window have in common.

    >>> find_hours("2026-11-27T18:00:00Z", 6)
    '2026/11/27/'
    """
    try:
        end = datetime.fromisoformat(window_end)
    except ValueError as error:
        raise WindowError(_refuse(window_end)) from error
    if end.tzinfo is None:
        raise WindowError(_refuse(window_end))
    try:
        end = end.astimezone(UTC)
        start = end - timedelta(hours=hours)
    except OverflowError as error:
        raise WindowError(_refuse(window_end)) from error
    # The end itself belongs to the next window.
    first, last = (f"{time:{_HOUR}}".split("/") for time in (start, end - _INSTANT))
    common = takewhile(lambda parts: len(set(parts)) == 1, zip(first, last, strict=True))
    return "".join(f"{part}/" for part, _ in common)


def _refuse(window_end: str) -> str:
    return f"WindowEnd is {window_end!r}: give a time with its zone, such as 2026-11-27T06:00:00Z"


def _find_traffic(client: "S3Client", uri: str, hours: str) -> str | None:
    """Return the prefix below *uri* with all of the window's traffic; all of it where it is not laid out by hours."""
    first = next(_list(client, uri, most=1), None)
    if first is None:
        return None
    if not _IN_AN_HOUR.match(first["Key"].removeprefix(_split(uri)[1])):
        return uri
    return _if_any(client, f"{uri}{hours}")


def _if_any(client: "S3Client", uri: str) -> str | None:
    return uri if any(_list(client, uri, most=1)) else None


def _find_newest(client: "S3Client", uri: str) -> str:
    newest = max((each["LastModified"] for each in _list(client, uri)), default=None)
    return newest.astimezone(UTC).isoformat() if newest else UNKNOWN


def _list(client: "S3Client", uri: str, most: int | None = None) -> Iterator["ObjectTypeDef"]:
    """Yield the objects below *uri*, in the order of their keys; folders that the console makes are none."""
    bucket, prefix = _split(uri)
    pages = client.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=prefix, PaginationConfig={"PageSize": most or 1_000}
    )
    return (each for page in pages for each in page.get("Contents", []) if not each["Key"].endswith("/"))


def _split(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key
