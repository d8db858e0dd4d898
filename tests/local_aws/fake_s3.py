"""S3 in memory: the operations of a client that a store calls."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PAGE = 2
"""Keys on a page; the service has 1,000."""


class FakeS3:
    """Buckets with objects; any bucket exists."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], bytes] = {}
        """(bucket, key) -> content."""
        self.keys_used: dict[tuple[str, str], str] = {}
        """(bucket, key) -> the KMS key that was asked for."""

    @property
    def client(self) -> "S3Client":
        """This, as the client that it stands for."""
        return cast("S3Client", self)

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803  the service's names
        """Answer GetObject."""
        if (Bucket, Key) not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": "There is no such key."}}, "GetObject")
        return {"Body": io.BytesIO(self.objects[Bucket, Key])}

    def put_object(self, *, Bucket: str, Key: str, Body: io.BufferedIOBase, **more: str) -> None:  # noqa: N803  the same
        """Answer PutObject."""
        self.objects[Bucket, Key] = Body.read()
        if more.get("ServerSideEncryption") == "aws:kms":
            self.keys_used[Bucket, Key] = more["SSEKMSKeyId"]

    def get_paginator(self, operation: str) -> "FakeS3":
        """Return what pages through ListObjectsV2."""
        assert operation == "list_objects_v2"
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:  # noqa: N803  the same
        """Yield the pages of ListObjectsV2; one that has no key on it has no Contents."""
        keys = sorted(key for bucket, key in self.objects if bucket == Bucket and key.startswith(Prefix))
        for start in range(0, max(len(keys), 1), PAGE):
            page = [{"Key": key} for key in keys[start : start + PAGE]]
            yield {"Contents": page} if page else {}
