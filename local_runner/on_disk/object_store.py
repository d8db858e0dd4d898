"""S3 as a directory: a folder per bucket and a file per object."""

import errno
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from local_runner.errors import RefusedError, StepFailedError
from local_runner.files import content_hash, copy_files, files, temporary_path
from local_runner.ports import split_uri


@dataclass(frozen=True)
class DirectoryStore:
    """Objects below one folder, which every role may use; keys for encryption are ignored."""

    root: Path

    def locate(self, uri: str) -> str:
        """Return the path of the object or prefix *uri*."""
        return str(self._path(uri))

    def exists(self, location: str) -> bool:
        """Return whether the path *location* exists."""
        return Path(location).exists()

    def read(self, uri: str) -> str:
        """Return the text of the object *uri*."""
        path = self._path(uri)
        if not path.is_file():
            raise StepFailedError(f"ClientError: there is no object {uri}")
        return path.read_text(encoding="utf-8")

    def list_objects(self, bucket: str, prefix: str) -> list[tuple[str, datetime]]:
        """Return the keys that begin with *prefix*, in S3's order, and when each object was written."""
        folder = self.root / bucket
        keys = {path.relative_to(folder).as_posix(): path for path in files(folder / prefix.rpartition("/")[0])}
        return [
            (key, datetime.fromtimestamp(keys[key].stat().st_mtime, UTC))
            for key in sorted(keys, key=str.encode)
            if key.startswith(prefix)
        ]

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
