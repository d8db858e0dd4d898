"""Where objects are kept: what a store does, and S3 as a directory, a folder per bucket and a file per object."""

import errno
import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from local_runner.errors import RefusedError, StepFailedError
from local_runner.whole_files import temporary_path


class Store(Protocol):
    """Objects by their URIs (`s3://bucket/key`), as far as one role may use them.

    Every method raises `StepFailedError`, with what the service would say, when it cannot do what it says.
    """

    def read(self, uri: str) -> str:
        """Return the text of the object *uri*."""

    def put(self, file: Path, uri: str, *, kms_key_id: str = "") -> None:
        """Copy *file* to the object *uri*, encrypted with the key if one is given."""

    def download(self, uri: str, folder: Path) -> None:
        """Copy the object *uri*, or all objects below the prefix *uri*, into *folder*."""

    def upload(self, folder: Path, uri: str, *, kms_key_id: str = "") -> None:
        """Bring all files of *folder*, which may lose them, below the prefix *uri*."""

    def place(self, uri: str) -> str:
        """Return where a person finds the object or prefix *uri*, whether it exists or not."""

    def exists(self, place: str) -> bool:
        """Say whether anything is left at what `place` returned."""


@dataclass(frozen=True)
class DirectoryStore:
    """Objects below one folder, which every role may use; keys for encryption are ignored."""

    root: Path

    def place(self, uri: str) -> str:
        """Return the path of the object or prefix *uri*."""
        return str(self._path(uri))

    def exists(self, place: str) -> bool:
        """Say whether the path *place* exists."""
        return Path(place).exists()

    def read(self, uri: str) -> str:
        """Return the text of the object *uri*."""
        path = self._path(uri)
        if not path.is_file():
            raise StepFailedError(f"ClientError: there is no object {uri}")
        return path.read_text(encoding="utf-8")

    def put(self, file: Path, uri: str, *, kms_key_id: str = "") -> None:  # noqa: ARG002  the port has it
        """Copy *file* to the object *uri*."""
        target = self._path(uri)
        target.parent.mkdir(parents=True, exist_ok=True)
        # Beside the buckets: nothing below any prefix is half an object, also after a run that was killed.
        with temporary_path(self.root) as unfinished:
            shutil.copyfile(file, unfinished)
            unfinished.replace(target)

    def download(self, uri: str, folder: Path) -> None:
        """Copy the object *uri*, or all objects below the prefix *uri*, into *folder*."""
        source = self._path(uri)
        if not source.is_file() and not any(files(source)):
            raise StepFailedError(f"ClientError: no S3 objects found under {uri}")
        copy_files(source, folder)

    def upload(self, folder: Path, uri: str, *, kms_key_id: str = "") -> None:  # noqa: ARG002  the port has it
        """Move all files of *folder* below the prefix *uri*; raise `StepFailedError` where an object is there."""
        for path in files(folder):
            target = self._path(uri) / path.relative_to(folder)
            if target.exists():
                # SageMaker would overwrite it without a word.
                raise StepFailedError(f"ClientError: two instances wrote {target.name} to {uri}")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target)
        self._path(uri).mkdir(parents=True, exist_ok=True)

    def add_prefix(self, source: Path, below: str) -> str:
        """Copy the file *source*, or all files of the folder *source*, below a prefix of their own, and return its URI.

        The prefix is named after their names and contents, and appears with all of them at once: it never holds another
        file, whatever was added before, is added at the same time, or was killed half-way. Raises `RefusedError` when
        somebody has changed what is there.
        """
        with temporary_path(self.root) as unfinished:
            copy_files(source, unfinished)
            # Of the copy: somebody may be writing to the original.
            content = content_hash(unfinished)
            uri = f"{below}{content[:16]}/"
            target = self._path(uri)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                unfinished.rename(target)
            except OSError as error:
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
                if content_hash(target) != content:
                    raise RefusedError(f"{target} no longer holds what was staged there: remove it") from error
        return uri

    def _path(self, uri: str) -> Path:
        bucket, key = split_uri(uri)
        return self.root / bucket / key


def split_uri(uri: str) -> tuple[str, str]:
    """Return the bucket and the key of *uri*; raise `StepFailedError` when it is no `s3://bucket/key`."""
    scheme, _, rest = uri.partition("://")
    bucket, _, key = rest.partition("/")
    if scheme != "s3" or not bucket or ".." in key.split("/"):
        raise StepFailedError(f"ClientError: {uri!r} is no S3 URI: write s3://bucket/key")
    return bucket, key


def files(folder: Path) -> Iterator[Path]:
    """Yield all files below *folder*, in a fixed order."""
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def copy_files(source: Path, folder: Path) -> None:
    """Copy the file *source*, or all files of the folder *source*, into *folder*, which is made if need be."""
    top = source.parent if source.is_file() else source
    for path in [source] if source.is_file() else files(source):
        target = folder / path.relative_to(top)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def content_hash(path: Path) -> str:
    """Return the SHA-256 of a file, or of the names and contents of all files of a folder."""
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    listing = [(each.relative_to(path).as_posix(), content_hash(each)) for each in files(path)]
    return hashlib.sha256(json.dumps(listing).encode()).hexdigest()
