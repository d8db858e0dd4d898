"""Files and folders: written whole, walked in a fixed order, known by their content.

What is written whole is brought into its path at once: readers find what was there or what is new, and writers do not
meet.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def temporary_path(folder: Path) -> Iterator[Path]:
    """Yield a path below *folder* that no other thread or process has, for what is renamed once it is whole.

    What is still there at the end of the block is removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".tmp-", dir=folder) as own:
        yield Path(own) / "unfinished"


def write_whole(path: Path, text: str) -> None:
    """Write *text* to *path*, whose folder is made if need be."""
    with temporary_path(path.parent) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)


def files(folder: Path) -> Iterator[Path]:
    """Yield all files below *folder*, in a fixed order; raise `OSError` for a folder that cannot be read."""
    found = (Path(top) / name for top, _, names in os.walk(folder, onerror=_refuse) for name in names)
    yield from sorted(path for path in found if path.is_file())


def _refuse(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):  # where nothing is, there are no files
        raise error


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
