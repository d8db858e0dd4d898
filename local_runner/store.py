"""S3 as a directory: a folder per bucket, a file per object."""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local_runner.errors import StepFailedError


@dataclass(frozen=True)
class DirectoryStore:
    """Objects below one folder."""

    root: Path

    def path(self, uri: str) -> Path:
        """Return where the object or prefix *uri* (`s3://bucket/key`) lies, whether it exists or not."""
        scheme, _, rest = uri.partition("://")
        bucket, _, key = rest.partition("/")
        if scheme != "s3" or not bucket or ".." in key.split("/"):
            raise StepFailedError(f"ClientError: {uri!r} is no S3 URI: write s3://bucket/key")
        return self.root / bucket / key

    def read(self, uri: str) -> str:
        """Return the text of the object *uri*."""
        path = self.path(uri)
        if not path.is_file():
            raise StepFailedError(f"ClientError: there is no object {uri}")
        return path.read_text(encoding="utf-8")

    def put(self, file: Path, uri: str) -> None:
        """Copy *file* to the object *uri*."""
        target = self.path(uri)
        target.parent.mkdir(parents=True, exist_ok=True)
        # A reader sees the old object or the new one, never half of it; so do two runs at once.
        part = target.with_name(f".{target.name}.{id(self)}")
        shutil.copyfile(file, part)
        part.replace(target)

    def download(self, uri: str, folder: Path) -> None:
        """Copy the object *uri*, or all objects below the prefix *uri*, into *folder*."""
        source = self.path(uri)
        folder.mkdir(parents=True, exist_ok=True)
        if source.is_file():
            shutil.copyfile(source, folder / source.name)
            return
        if not source.is_dir() or not any(files(source)):
            raise StepFailedError(f"ClientError: no S3 objects found under {uri}")
        for path in files(source):
            target = folder / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)

    def upload(self, folder: Path, uri: str) -> None:
        """Move all files of *folder* below the prefix *uri*; raise `StepFailedError` where an object is there."""
        for path in files(folder):
            target = self.path(uri) / path.relative_to(folder)
            if target.exists():
                # SageMaker would overwrite it without a word.
                raise StepFailedError(f"ClientError: two instances wrote {target.name} to {uri}")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target)
        self.path(uri).mkdir(parents=True, exist_ok=True)


def files(folder: Path) -> Iterator[Path]:
    """Yield all files below *folder*, in a fixed order."""
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def content_hash(path: Path) -> str:
    """Return the SHA-256 of a file, or of the names and contents of all files of a folder."""
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    listing = "".join(f"{each.relative_to(path).as_posix()} {content_hash(each)}\n" for each in files(path))
    return hashlib.sha256(listing.encode()).hexdigest()
