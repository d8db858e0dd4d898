"""Remembers what steps made, and finds it again by the service's own keys."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from artefacts.definition.cache_keys import CACHE_KEYS, key_attributes
from artefacts.definition.durations import read_duration
from artefacts.definition.graph import Step
from local_runner.files import write_whole
from local_runner.ports import Store


@dataclass(frozen=True)
class Result:
    """What a step made."""

    description: dict[str, Any]
    """What the service would answer when asked to describe it; references are looked up in it."""
    metadata: dict[str, Any]
    outputs: dict[str, str]
    """Output name -> where it lies."""


@dataclass(frozen=True)
class Hit:
    """An earlier result that may be used again."""

    execution_arn: str
    result: Result


@dataclass(frozen=True)
class StepCache:
    """Results of earlier executions of one pipeline, in a folder."""

    folder: Path
    pipeline_arn: str
    may_reuse: bool
    """Whether earlier results are looked for; new ones are remembered in any case."""
    store: Store
    """Where the files of results lie; no role's, as the service asks for no right to reuse a result."""

    def find(self, step: Step, arguments: Mapping[str, Any], now: datetime) -> Hit | None:
        """Return the result of the same step with the same key, if it is young enough and its files are still there."""
        path = self._path(step, arguments)
        if not self.may_reuse or path is None or not path.is_file():
            return None
        entry = json.loads(path.read_text(encoding="utf-8"))
        if datetime.fromisoformat(entry["EndTime"]) + read_duration(step.document["CacheConfig"]["ExpireAfter"]) < now:
            return None
        if not all(self.store.exists(output) for output in entry["Result"]["outputs"].values()):
            return None
        return Hit(entry["PipelineExecutionArn"], Result(**entry["Result"]))

    def add(self, step: Step, arguments: Mapping[str, Any], hit: Hit, end_time: datetime) -> None:
        """Remember the result of a step that has succeeded."""
        path = self._path(step, arguments)
        if path is None:
            return
        entry = {
            "PipelineExecutionArn": hit.execution_arn,
            "EndTime": end_time.isoformat(),
            "Result": vars(hit.result),
        }
        write_whole(path, json.dumps(entry, indent=2) + "\n")

    def _path(self, step: Step, arguments: Mapping[str, Any]) -> Path | None:
        """Return where the result of a step with these *arguments* is kept, or None when it is not cached."""
        if step.type not in CACHE_KEYS or not step.document.get("CacheConfig", {}).get("Enabled"):
            return None
        key = [self.pipeline_arn, step.name, step.type, key_attributes(step.type, arguments)]
        name = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()
        return self.folder / f"{name}.json"
