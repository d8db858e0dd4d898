"""The whole boundary of the engine: what a step needs of S3, the model registry, Lambda and whoever allows its jobs.

Every method raises `StepFailedError`, with what the service would say, when it cannot do what it says. `on_disk/` has
these as folders and processes; the stand-in for AWS has each as a role may use it.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from local_runner.errors import StepFailedError

Package = dict[str, Any]
"""A version of a model package group in the words of DescribeModelPackage."""


class Store(Protocol):
    """Objects by their URIs (`s3://bucket/key`), as far as one role may use them."""

    def read(self, uri: str) -> str:
        """Return the text of the object *uri*."""

    def put(self, file: Path, uri: str, *, kms_key_id: str = "") -> None:
        """Copy *file* to the object *uri*, encrypted with the key if one is given."""

    def download(self, uri: str, folder: Path) -> None:
        """Copy the object *uri*, or all objects below the prefix *uri*, into *folder*."""

    def upload(self, folder: Path, uri: str, *, kms_key_id: str = "") -> None:
        """Bring all files of *folder*, which may lose them, below the prefix *uri*."""

    def locate(self, uri: str) -> str:
        """Return where a person finds the object or prefix *uri*, whether it exists or not."""

    def exists(self, location: str) -> bool:
        """Return whether anything is left at what `locate` returned."""


class Registry(Protocol):
    """The model registry, for the step that registers a model."""

    def create(self, step: str, request: Mapping[str, Any], now: datetime) -> Package:
        """Do for *step* what CreateModelPackage does with *request*, and return the description of the new version."""


class Functions(Protocol):
    """Lambda, for the step that calls a function."""

    def invoke(self, arn: str, event: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
        """Call the function *arn* with *event* and return what it answers; *folder* is for the call's own files.

        Where there is no answer, the error that is raised has the function's if it had one.
        """


class Jobs(Protocol):
    """The part of SageMaker that says whether a job may be run, before it is."""

    def accept(self, step: str, operations: tuple[str, ...], arn: str, request: Mapping[str, Any]) -> None:
        """Take on the job *arn* of a *step* if the pipeline's role may call *operations*, the first with *request*."""


def split_uri(uri: str) -> tuple[str, str]:
    """Return the bucket and the key of *uri*; raise `StepFailedError` when it is no `s3://bucket/key`."""
    scheme, _, rest = uri.partition("://")
    bucket, _, key = rest.partition("/")
    if scheme != "s3" or not bucket or ".." in key.split("/"):
        raise StepFailedError(f"ClientError: {uri!r} is no S3 URI: write s3://bucket/key")
    return bucket, key
