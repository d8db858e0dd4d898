"""Keeps results in a folder, each in a file of its own under the hash of what it was made of."""

import contextlib
import hashlib
import itertools
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

MOST = 20
MOST_BYTES = 200_000_000
"""As many files of a kind, and bytes in them, as stay; the one that was used longest ago goes first."""

_DIGEST_LENGTH = hashlib.sha256().digest_size


@dataclass(frozen=True)
class Kept:
    """The results in *folder*, under keys that begin with their kind.

    Where nothing can be written, nothing is kept, and everything is made anew.
    """

    folder: Path

    def find(self, key: str) -> bytes | None:
        """Return what was kept under *key*; None where nothing was, or where it is not whole any more."""
        path = self.folder / key
        try:
            file = path.read_bytes()
        except OSError:
            return None
        digest, content = file[:_DIGEST_LENGTH], file[_DIGEST_LENGTH:]
        if hashlib.sha256(content).digest() != digest:
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return content

    def keep(self, key: str, content: bytes) -> None:
        """Keep *content* under *key*; a reader, and another writer at the same time, see all of it or nothing."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".", delete=False) as file:
                try:
                    file.write(hashlib.sha256(content).digest() + content)
                    file.close()
                    Path(file.name).replace(self.folder / key)
                except OSError:
                    Path(file.name).unlink()
                    raise
            self._drop_oldest(key.partition("-")[0])

    def _drop_oldest(self, kind: str) -> None:
        files = sorted(self.folder.glob(f"{kind}-*"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        sizes = itertools.accumulate(path.stat().st_size for path in files)
        for number, (path, size) in enumerate(zip(files, sizes, strict=True)):
            if number and (number >= MOST or size > MOST_BYTES):
                path.unlink(missing_ok=True)
