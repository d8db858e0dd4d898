"""Copies objects from one account to another through this process, and makes sure that they arrived whole.

Neither account trusts the other: each side is asked with credentials of its own.
"""

import base64
import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from botocore.exceptions import ClientError

from operations.aws_errors import read_error
from operations.promotion.side import Side
from operations.refusal import RefusedError

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef, PutObjectOutputTypeDef

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
        answer = goal.aws.s3.put_object(Bucket=bucket, Key=key, Body=content, ChecksumSHA256=_encode(digest))
    _check(target, answer, digest, goal)
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
        for chunk in _chunks(answer["Body"]):
            digest.update(chunk)
            file.write(chunk)
    if file.tell() != answer["ContentLength"]:
        raise RefusedError(f"{uri} has {answer['ContentLength']} bytes, and {file.tell()} came: repeat it")
    size = file.tell()
    file.seek(0)
    return size, digest.digest()


def _chunks(body: IO[bytes]) -> Iterator[bytes]:
    while chunk := body.read(_CHUNK_BYTES):
        yield chunk


def _upload(file: IO[bytes], digest: bytes, target: str, side: Side) -> bool:
    """Write *file* to *target*, of which S3 itself computes the SHA-256; return whether it was there before."""
    bucket, key = split(target)
    with side.asked():
        try:
            answer = side.aws.s3.put_object(
                Bucket=bucket, Key=key, Body=file, ChecksumSHA256=_encode(digest), IfNoneMatch="*"
            )
        except ClientError as error:
            if read_error(error)[0] != "PreconditionFailed":
                raise
            present = side.aws.s3.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
            _check(target, present, digest, side)
            return True
    _check(target, answer, digest, side)
    return False


def _check(target: str, answer: "PutObjectOutputTypeDef | HeadObjectOutputTypeDef", digest: bytes, side: Side) -> None:
    """Raise `RefusedError` unless S3 has what was sent, encrypted with a key of the account."""
    if answer.get("ChecksumSHA256") != _encode(digest):
        raise RefusedError(
            f"{target} is not what was sent (SHA-256 {answer.get('ChecksumSHA256', 'unknown')}): see who wrote it"
        )
    key = answer.get("SSEKMSKeyId", "")
    if answer.get("ServerSideEncryption") != "aws:kms" or f":{side.account}:" not in key:
        raise RefusedError(
            f"{target} is encrypted with {key or answer.get('ServerSideEncryption') or 'no key'}, not with a key of"
            f" account {side.account}: deploy the storage stack of {side.stage.name}"
        )


def _encode(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
