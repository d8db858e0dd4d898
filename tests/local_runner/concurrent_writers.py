"""Processes that write the same files at once, as runs in one workspace do; a program of its own, because it forks.

Forked processes hold the same objects at the same addresses: a name that is made from one of these is in all of them.
"""

import multiprocessing
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from artefacts.assembly import Account
from artefacts.definition.graph import all_steps
from execution_report import write_report
from local_runner.on_disk.model_registry import DirectoryRegistry
from local_runner.on_disk.object_store import DirectoryStore
from local_runner.on_disk.workspace import Workspace
from local_runner.record.execution import Execution
from local_runner.record.step_cache import Hit, Result, StepCache

PROCESSES = 4
ROUNDS = 100
NOW = datetime(2026, 11, 23, tzinfo=UTC)
GROUP = "Group"


Write = Callable[[int], object]
"""Does one thing in the round of that number."""


def writers(folder: Path) -> dict[str, Write]:
    """Return what each process does in each round, by name."""
    store = DirectoryStore(folder / "s3")
    cache = StepCache(folder / "cache", "arn:pipeline/bonus", may_reuse=True, store=store)
    registry = DirectoryRegistry(folder / "registry", Account("1" * 12, "eu-west-1"), frozenset({GROUP}))
    execution = Execution("abc", "arn:pipeline/bonus", {}, NOW, folder, {})
    document = {"Name": "A", "Type": "Processing", "Arguments": {}}
    (step,) = all_steps([{**document, "CacheConfig": {"Enabled": True, "ExpireAfter": "P1D"}}])
    asset = folder / "asset.zip"
    asset.write_bytes(bytes(1 << 16))
    inputs = [write_input(folder / "inputs" / str(number)) for number in range(ROUNDS)]
    execution.save(NOW)
    registry.create("Register", {"ModelPackageGroupName": GROUP}, NOW)
    return {
        "put": lambda _: store.put(asset, "s3://bucket/asset.zip"),
        "cache": lambda _: cache.add(step, {}, Hit("arn:execution", Result({}, {}, {})), NOW),
        "decide": lambda _: registry.decide(GROUP, 1, "Approved", NOW),
        "save": lambda _: execution.save(NOW),
        "report": lambda _: write_report(folder),
        "stage": lambda number: Workspace(folder).stage_input(inputs[number], "s3://bucket/raw/"),
    }


def write_input(folder: Path) -> Path:
    """Write several files that no other folder has."""
    folder.mkdir(parents=True)
    for name in ("a.csv", "b.csv", "c.csv"):
        (folder / name).write_text(str(folder))
    return folder


def repeat(write: Write, barrier: Any) -> None:
    """Do what the other processes do at the same time."""
    for number in range(ROUNDS):
        barrier.wait(10)
        write(number)


def main(name: str, folder: Path) -> int:
    """Let several processes do what *name* says, and return how many of them failed."""
    write = writers(folder)[name]
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(PROCESSES)
    processes = [context.Process(target=repeat, args=(write, barrier)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return sum(process.exitcode != 0 for process in processes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
