"""What a version's container would find: its model.tar.gz unpacked below /opt/ml, and its environment."""

import os
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local_runner.containers.processes import ROOT, Host
from local_runner.errors import RefusedError
from local_runner.versions import Version

_MODEL = f"{ROOT}/model"
_MODEL_VERSION = "MODEL_VERSION"
_ANSWER_FIGURES = "ANSWER_FIGURES"


@dataclass(frozen=True)
class Container:
    """A folder that is `/opt/ml` to a version, and the environment of its programs."""

    root: Path
    model: Path
    """Where model.tar.gz is unpacked."""
    environment: Mapping[str, str]

    def command(self, module: str, *arguments: object) -> list[str]:
        """Return what runs *module*; the folder that it is started from is not where modules are looked for."""
        return [sys.executable, "-P", "-m", module, *map(str, arguments)]


@contextmanager
def open_container(version: Version, *, figures: bool = False) -> Iterator[Container]:
    """Yield the container of *version*, which is gone after the block; raise `RefusedError` for a broken artefact.

    With *figures*, its answers say what they were predicted from, as those that are captured do.
    """
    with tempfile.TemporaryDirectory(prefix="emp-bonus-") as folder:
        host = Host("endpoint", Path(folder), Path(folder) / "log")
        _unpack(version.archive, host.path(_MODEL))
        told = {_ANSWER_FIGURES: "true"} if figures else {}
        yield Container(host.root, host.path(_MODEL), {**_make_environment(host, version), **told})


def _unpack(archive: Path, folder: Path) -> None:
    try:
        with tarfile.open(archive, "r:gz") as file:
            file.extractall(folder, filter="data")
    except (OSError, EOFError, tarfile.TarError) as error:
        raise RefusedError(f"{archive} cannot be unpacked: register another version with make run") from error


def _make_environment(host: Host, version: Version) -> dict[str, str]:
    """Return what the version's programs see: what is registered, and of this machine no more than they need."""
    registered = {name: host.rewrite(value) for name, value in version.environment.items()}
    base = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(host.root), "TMPDIR": str(host.root)}
    # Registered is the execution that made it; here, people know it by its number.
    return {**base, **registered, _MODEL_VERSION: str(version.number)}
