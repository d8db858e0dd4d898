"""Brings files into their place whole: readers find what was there or what is new, and writers do not meet."""

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
