"""A function's S3 client lists what is in the folders of the buckets, as it would list it on AWS."""

import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders

from local_runner.on_disk.object_listing import list_objects
from local_runner.on_disk.object_store import DirectoryStore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Body(io.BytesIO):
    """A response's body as urllib3 gives it."""

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield self.read()


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    return DirectoryStore(tmp_path)


@pytest.fixture
def client(store: DirectoryStore, monkeypatch: pytest.MonkeyPatch) -> "S3Client":
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    client = boto3.client("s3", region_name="eu-west-1", endpoint_url="http://127.0.0.1:1")

    def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        url = urlsplit(request.url)
        found = list_objects(store, f"{url.path}?{url.query}")
        return AWSResponse(request.url, 200 if found else 501, HTTPHeaders(), Body(found or b""))

    # What the handler returns is taken for the response; the stubs know only those that return nothing.
    client.meta.events.register("before-send.s3", answer)  # type: ignore[arg-type]
    return client


def write(store: DirectoryStore, *keys: str, bucket: str = "data") -> None:
    for key in keys:
        path = store.root / bucket / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(key)


def listed(client: "S3Client", prefix: str, page_size: int = 1_000) -> list[str]:
    pages = client.get_paginator("list_objects_v2").paginate(
        Bucket="data", Prefix=prefix, PaginationConfig={"PageSize": page_size}
    )
    return [each["Key"] for page in pages for each in page.get("Contents", [])]


def test_keys_below_a_prefix_are_listed_in_the_order_of_their_bytes(store: DirectoryStore, client: "S3Client") -> None:
    write(store, "raw/b.csv", "raw/a/z.csv", "raw/a.csv", "raw/ä & <b>.csv", "raw-old/c.csv", "other/d.csv")
    write(store, "raw/e.csv", bucket="code")
    assert listed(client, "raw/") == ["raw/a.csv", "raw/a/z.csv", "raw/b.csv", "raw/ä & <b>.csv"]
    assert listed(client, "raw/a.c") == ["raw/a.csv"], "a prefix need not end where a folder does"


@pytest.mark.parametrize("page_size", [1, 2, 3])
def test_pages_have_each_key_once(store: DirectoryStore, client: "S3Client", page_size: int) -> None:
    keys = ["raw/a b.csv", "raw/a%20b.csv", "raw/c+d.csv", "raw/e.csv", "raw/é.csv"]
    write(store, *keys)
    assert listed(client, "raw/", page_size) == keys


def test_object_has_the_time_of_its_file(store: DirectoryStore, client: "S3Client") -> None:
    write(store, "raw/a.csv")
    time = datetime(2026, 11, 27, 3, 4, 5, 600_000, UTC)
    os.utime(store.root / "data/raw/a.csv", (time.timestamp(), time.timestamp()))
    (found,) = client.list_objects_v2(Bucket="data", Prefix="raw/")["Contents"]
    assert found["LastModified"] == time


def test_nothing_is_listed_of_a_prefix_without_objects(client: "S3Client") -> None:
    assert listed(client, "raw/") == []


def test_other_requests_are_not_served(store: DirectoryStore) -> None:
    write(store, "raw/a.csv")
    assert list_objects(store, "/data/raw/a.csv") is None
