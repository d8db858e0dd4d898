"""What a version's container would find: its model.tar.gz unpacked below /opt/ml, and its environment."""

import os
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local_runner.containers.processes import Host
from local_runner.errors import RefusedError
from local_runner.versions import Version

MODEL_VERSION = "MODEL_VERSION"
"""The variable that says what the answers call the model."""

_MODEL = "/opt/ml/model"
_PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Container:
    """A folder that is `/opt/ml` to a version, and the environment of its programs."""

    root: Path
    environment: Mapping[str, str]

    @property
    def model(self) -> Path:
        """Where the version's model.tar.gz is unpacked."""
        return self.root / "model"

    def command(self, module: str, *arguments: str) -> Sequence[str]:
        """Return what runs *module* with its own Python path, not with the folder that it is started from."""
        return [sys.executable, "-P", "-m", module, *arguments]


@contextmanager
def open_container(version: Version) -> Iterator[Container]:
    """Yield the container of *version*, which is gone after the block; raise `RefusedError` where it has no artefact."""
    with tempfile.TemporaryDirectory(prefix="emp-bonus-") as folder:
        host = Host("endpoint", Path(folder), Path(folder) / "log")
        try:
            with tarfile.open(version.archive, "r:gz") as archive:
                archive.extractall(host.path(_MODEL), filter="data")
        except (OSError, EOFError, tarfile.TarError) as error:
            raise RefusedError(f"{version.archive} cannot be unpacked: register another with make run") from error
        yield Container(host.root, _environment(host, version))


def _environment(host: Host, version: Version) -> dict[str, str]:
    """Return what the version's programs see: what is registered, and of this machine neither more nor credentials.

    The project comes behind the version's own code: modules that both have are the version's.
    """
    registered = {name: _rewrite_paths(host, value) for name, value in version.environment.items()}
    path = os.pathsep.join(filter(None, (registered.get("PYTHONPATH"), str(_PROJECT))))
    base = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(host.root), "TMPDIR": str(host.root)}
    # Registered is who made it; people here know it by its number.
    return {**base, **registered, "PYTHONPATH": path, MODEL_VERSION: str(version.number)}


def _rewrite_paths(host: Host, value: str) -> str:
    return ":".join(map(host.rewrite, value.split(":"))) if value.startswith("/") else value
