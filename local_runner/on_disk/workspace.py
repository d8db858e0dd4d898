"""The folder in which everything that runs here is kept."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from artefacts.assembly import Pipeline
from artefacts.definition.graph import Step
from local_runner.errors import RefusedError
from local_runner.files import content_hash, files
from local_runner.on_disk.model_registry import DirectoryRegistry
from local_runner.on_disk.object_store import DirectoryStore
from local_runner.record.execution import Execution
from local_runner.record.step_cache import StepCache

GIVE_FILES = "give a CSV file or a folder of them"

DEFINITION = "definition.json"
"""In the folder of an execution: what it was started with."""


@dataclass(frozen=True)
class Workspace:
    """Buckets, executions, models and cached results below one folder."""

    root: Path

    @property
    def store(self) -> DirectoryStore:
        """The buckets."""
        return DirectoryStore(self.root / "s3")

    def registry(self, pipeline: Pipeline) -> DirectoryRegistry:
        """Return the model registry of the account that *pipeline* is in."""
        return DirectoryRegistry(self.root / "registry", pipeline.account, pipeline.package_groups)

    def cache(self, pipeline: Pipeline, *, may_reuse: bool) -> StepCache:
        """Return the cached results of *pipeline*."""
        return StepCache(self.root / "cache", pipeline.arn, may_reuse, self.store)

    def publish(self, pipeline: Pipeline) -> None:
        """Upload what `cdk deploy` would upload."""
        for asset in pipeline.assets:
            self.store.put(asset.path, f"s3://{asset.bucket}/{asset.key}")

    def stage_input(self, path: Path, prefix: str, remedy: str = GIVE_FILES, suffix: str = "") -> tuple[str, str]:
        """Upload the file or folder *path* below *prefix*; return the URI of what is there now, and its version.

        Where there is no file, or none whose name ends with *suffix*, *remedy* says what to do.
        """
        if odd := next((each for each in [path, *path.rglob("*")] if not _is_utf8(each.name)), None):
            raise RefusedError(f"the name of input {os.fsencode(odd)!r} is not UTF-8: rename it, S3 takes nothing else")
        if not path.exists():
            raise RefusedError(f"input {path} does not exist: {remedy}")
        if self.root.resolve().is_relative_to(path.resolve()):
            raise RefusedError(
                f"input {path} holds the workspace {self.root}: give the folder with the CSV files alone"
            )
        if link := next((each for each in path.rglob("*") if each.is_symlink() and not each.is_file()), None):
            raise RefusedError(f"input {link} is a link to no file: give the files themselves")
        if not any(each.name.endswith(suffix) for each in ([path] if path.is_file() else files(path))):
            raise RefusedError(f"input {path} holds no {f'{suffix} file' if suffix else 'file'}: {remedy}")
        uri = self.store.add_prefix(path, prefix)
        staged = Path(self.store.locate(uri))
        return uri, content_hash(staged / path.name if path.is_file() else staged)

    def new_execution(
        self, pipeline: Pipeline, steps: Mapping[str, Step], parameters: dict[str, Any], now: datetime
    ) -> Execution:
        """Make the folder of a new execution; `latest` points at it from now on."""
        execution = Execution.begin(self.root / "executions", pipeline.arn, steps, parameters, now)
        # What DescribePipelineDefinitionForExecution would answer.
        (execution.folder / DEFINITION).write_text(json.dumps(pipeline.definition), encoding="utf-8")
        link = execution.folder.with_name(f".latest.{execution.id}")
        link.symlink_to(execution.id)
        link.replace(execution.folder.with_name("latest"))
        return execution


def _is_utf8(name: str) -> bool:
    """Return whether the file name *name* is one; Python has stand-ins for bytes that are not."""
    return not any("\udc80" <= character <= "\udcff" for character in name)
