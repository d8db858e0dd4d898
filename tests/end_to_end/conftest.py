"""Synthesizes with the real CDK CLI, once a stage."""

import fcntl
from pathlib import Path

import pytest

from settings import STAGES
from tests.end_to_end.commands import synthesize


@pytest.fixture(scope="session")
def assemblies(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> dict[str, Path]:
    """The cloud assembly of each stage, from whichever of pytest's processes needs it first."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "assemblies"
    folder.mkdir(exist_ok=True)
    return {stage: synthesized_once(stage, folder / stage) for stage in STAGES}


def synthesized_once(stage: str, assembly: Path) -> Path:
    """Synthesize unless it is done, or wait for the process that is at it."""
    with assembly.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not assembly.exists():
            run = synthesize(stage, assembly.with_suffix(".unfinished"))
            assert run.returncode == 0, run.stderr
            assembly.with_suffix(".unfinished").rename(assembly)
    return assembly
