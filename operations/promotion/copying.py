"""Copies objects from one account to another through this process, and makes sure that they arrived whole.

Neither account trusts the other: each side is asked with credentials of its own.
"""

import base64
import hashlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from botocore.exceptions import ClientError

from operations.aws_errors import read_error
from operations.promotion.side import Side
from operations.refusal import RefusedError

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Copied:
    """An object that is in both accounts."""

    source: str
    target: str
    sha256: str
    size_bytes: int
    was_there: bool
    """Whether an earlier attempt had copied it."""


def list_objects(uri: str, side: Side) -> list[str]:
    """Return the URIs of the object *uri*, or of all objects below the folder *uri*."""
    bucket, key = split(uri)
    with side.asked():
        pages = side.aws.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key)
        keys = [each["Key"] for page in pages for each in page.get("Contents", [])]
    found = [key] if key in keys else [each for each in keys if each.startswith(f"{key.rstrip('/')}/")]
    if not found:
        raise RefusedError(f"{uri} does not exist: the version cannot be used any more, promote another")
    return [f"s3://{bucket}/{each}" for each in found]


def copy(uri: str, target: str, source: Side, goal: Side) -> Copied:
    """Copy the object *uri* of *source* to *target* of *goal*; what is there already has to be the same."""
    with tempfile.TemporaryFile() as file:
        size, digest = _download(uri, file, source)
        return Copied(uri, target, digest.hex(), size, was_there=_upload(file, digest, target, goal))


def write(content: bytes, target: str, goal: Side) -> str:
    """Write *content* to *target* of *goal*, also where something is; return its SHA-256."""
    digest = hashlib.sha256(content).digest()
    bucket, key = split(target)
    with goal.asked():
        goal.aws.s3.put_object(Bucket=bucket, Key=key, Body=content, ChecksumSHA256=_encode(digest))
    _check(target, digest, goal)
    return digest.hex()


def split(uri: str) -> tuple[str, str]:
    """Return the bucket and the key of *uri*."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def _download(uri: str, file: IO[bytes], side: Side) -> tuple[int, bytes]:
    """Write the object into *file*, and return its size and SHA-256."""
    bucket, key = split(uri)
    digest = hashlib.sha256()
    with side.asked():
        answer = side.aws.s3.get_object(Bucket=bucket, Key=key)
        for chunk in _chunks(answer["Body"].read):
            digest.update(chunk)
            file.write(chunk)
    if file.tell() != answer["ContentLength"]:
        raise RefusedError(f"{uri} has {answer['ContentLength']} bytes, and {file.tell()} came: repeat it")
    size = file.tell()
    file.seek(0)
    return size, digest.digest()


def _chunks(read: Callable[[int], bytes]) -> Iterator[bytes]:
    while chunk := read(_CHUNK_BYTES):
        yield chunk


def _upload(file: IO[bytes], digest: bytes, target: str, side: Side) -> bool:
    """Write *file* to *target*, unless something is there, and check it; return whether it was there before."""
    bucket, key = split(target)
    was_there = False
    with side.asked():
        try:
            side.aws.s3.put_object(Bucket=bucket, Key=key, Body=file, ChecksumSHA256=_encode(digest), IfNoneMatch="*")
        except ClientError as error:
            if read_error(error)[0] != "PreconditionFailed":
                raise
            was_there = True
    _check(target, digest, side)
    return was_there


def _check(target: str, digest: bytes, side: Side) -> None:
    """Raise `RefusedError` unless S3 has what was sent, by the SHA-256 of its own, under a key of the account."""
    bucket, key = split(target)
    with side.asked():
        found = side.aws.s3.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    if found.get("ChecksumSHA256") != _encode(digest):
        raise RefusedError(f"{target} is another file than was sent: see who wrote it, nothing was registered")
    encryption = found.get("SSEKMSKeyId", "") or found.get("ServerSideEncryption", "no key")
    if f":{side.account}:" not in encryption:
        raise RefusedError(
            f"{target} is encrypted with {encryption}, which is no key of account {side.account}: deploy"
            f" {side.stage.storage_stack}, nothing was registered"
        )


def _encode(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
