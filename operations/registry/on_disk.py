"""The registry that the local runner keeps."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from artefacts.assembly import load
from local_runner.choice import choose
from local_runner.on_disk.model_registry import DirectoryRegistry
from local_runner.on_disk.object_store import DirectoryStore
from local_runner.on_disk.workspace import Workspace
from operations.registry.version import Version, read_version


@dataclass(frozen=True)
class LocalRegistry:
    """The model package group called *group*, in a folder."""

    group: str
    registry: DirectoryRegistry
    store: DirectoryStore
    now: datetime

    @classmethod
    def open(cls, assembly: Path, stage: str, workspace: Path, now: datetime) -> "LocalRegistry":
        """Return the registry of *stage*, which *assembly* has the names of."""
        pipeline = next(iter(load(assembly, stage).values()))  # of whichever: the registry is the account's
        kept = Workspace(workspace.absolute())
        group = choose(pipeline.package_groups, None, kind="model package group", option="--stage")
        return cls(group, kept.registry(pipeline), kept.store, now)

    def numbers(self) -> list[int]:
        """Return the numbers of all versions, the newest first."""
        return [package["ModelPackageVersion"] for package in self.registry.list(self.group)]

    def describe(self, number: int) -> Version:
        """Return the version *number*."""
        return read_version(self.registry.find(self.group, number))

    def decide(self, version: Version, status: str, reason: str) -> None:
        """Give *version* the approval *status*, and keep the *reason* with it."""
        self.registry.decide(self.group, version.number, status, self.now, reason)

    def read(self, uri: str) -> bytes | None:
        """Return the content of the file that stands for the object *uri*."""
        path = Path(self.store.locate(uri))
        return path.read_bytes() if path.is_file() else None
