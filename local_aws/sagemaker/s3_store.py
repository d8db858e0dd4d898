"""S3 itself as a store, through a client that has the credentials of one role."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from local_runner.errors import StepFailedError
from local_runner.files import files
from local_runner.ports import split_uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import PutObjectRequestTypeDef

DOWNLOAD = "Data download failed:Unable to download"
UPLOAD = "Artifact upload failed:Unable to upload"


@dataclass(frozen=True)
class S3Store:
    """Objects in S3, with the meaning that SageMaker gives to a prefix; an object has at most 5 GB."""

    client: "S3Client"

    def read(self, uri: str) -> str:
        """Return the text of the object *uri*."""
        bucket, key = split_uri(uri)
        with _translate_errors(f"{DOWNLOAD} object {uri}"):
            return self.client.get_object(Bucket=bucket, Key=key)["Body"].read().decode()

    def put(self, file: Path, uri: str, *, kms_key_id: str = "") -> None:
        """Copy *file* to the object *uri*, encrypted with the key if one is given, else as the bucket has it."""
        bucket, key = split_uri(uri)
        with file.open("rb") as body, _translate_errors(f"{UPLOAD} object {uri}"):
            request: PutObjectRequestTypeDef = {"Bucket": bucket, "Key": key, "Body": body}
            if kms_key_id:
                request |= {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key_id}
            self.client.put_object(**request)

    def download(self, uri: str, folder: Path) -> None:
        """Copy all objects whose keys begin with that of *uri* into *folder*, the object *uri* under its last name."""
        bucket, prefix = split_uri(uri)
        folder.mkdir(parents=True, exist_ok=True)
        keys = list(self._keys(uri))
        if not keys:
            raise StepFailedError(f"ClientError: no S3 objects found under {uri}")
        for key in keys:
            target = folder / _relative(key, prefix)
            target.parent.mkdir(parents=True, exist_ok=True)
            with _translate_errors(f"{DOWNLOAD} object s3://{bucket}/{key}"), target.open("wb") as file:
                shutil.copyfileobj(self.client.get_object(Bucket=bucket, Key=key)["Body"], file)

    def upload(self, folder: Path, uri: str, *, kms_key_id: str = "") -> None:
        """Copy all files of *folder* below the prefix *uri*; as with SageMaker, the last of two writers wins."""
        for path in files(folder):
            self.put(path, f"{uri.rstrip('/')}/{path.relative_to(folder).as_posix()}", kms_key_id=kms_key_id)

    def locate(self, uri: str) -> str:
        """Return *uri*: a person finds it in S3, too."""
        return uri

    def exists(self, location: str) -> bool:
        """Return whether there is an object whose key begins with that of *location*."""
        return any(True for _ in self._keys(location))

    def _keys(self, uri: str) -> Iterator[str]:
        bucket, prefix = split_uri(uri)
        with _translate_errors(f"{DOWNLOAD} {uri}"):
            for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
                # A key that ends with a slash is what consoles show as an empty folder.
                yield from (found["Key"] for found in page.get("Contents", []) if not found["Key"].endswith("/"))


def _relative(key: str, prefix: str) -> str:
    """Return the path that the object *key* gets in a folder that *prefix* is downloaded to."""
    rest = key.removeprefix(prefix)
    # A prefix that ends within a name is not a folder: the whole of that name stays.
    path = rest if not prefix or prefix.endswith("/") or rest.startswith("/") else key[prefix.rfind("/") + 1 :]
    path = path.lstrip("/")
    if ".." in path.split("/"):
        raise StepFailedError(f"ClientError: key {key!r} leads out of the folder that it is downloaded to: rename it")
    return path


@contextmanager
def _translate_errors(failure: str) -> Iterator[None]:
    """Turn what a client raises into `StepFailedError`, in the words of a job's FailureReason."""
    try:
        yield
    except ClientError as error:
        details = error.response["Error"]
        raise StepFailedError(f"ClientError: {failure} ({details['Code']}: {details['Message']})") from error
    except BotoCoreError as error:
        raise StepFailedError(f"InternalServerError: {failure} ({error})") from error
