"""Synthesizes with the real CDK CLI, once a stage, and runs the pipeline of dev on the sample once."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from settings import STAGES
from tests.end_to_end import browser
from tests.end_to_end.commands import ROOT, Runner, synthesize


@pytest.fixture(scope="session")
def assemblies(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> dict[str, Path]:
    """The cloud assembly of each stage, from whichever of pytest's processes needs it first."""
    folder = shared(tmp_path_factory, worker_id) / "assemblies"
    folder.mkdir(exist_ok=True)
    return {stage: synthesized_once(stage, folder / stage) for stage in STAGES}


@pytest.fixture(scope="session")
def sample_run(assemblies: dict[str, Path], tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Runner:
    """The only run on the sample in its workspace, for who reads; `said.txt` is what it printed."""
    runner = Runner(assemblies["dev"], shared(tmp_path_factory, worker_id) / "sample")
    said = runner.workspace / "said.txt"
    with locked(runner.workspace):
        if not said.exists():
            run = runner.run(ROOT / "data" / "mock_data.csv")
            assert run.returncode == 0, run.stdout + run.stderr
            said.write_text(run.stdout, encoding="utf-8")
    return runner


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[browser.Browser]:
    if not browser.PROGRAM:
        pytest.skip("there is no Chromium here: pages are tested by what is in them alone")
    with browser.open_browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return a folder that all of pytest's processes have."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


def synthesized_once(stage: str, assembly: Path) -> Path:
    """Synthesize unless it is done, or wait for the process that is at it."""
    with locked(assembly):
        if not assembly.exists():
            run = synthesize(stage, assembly.with_suffix(".unfinished"))
            assert run.returncode == 0, run.stderr
            assembly.with_suffix(".unfinished").rename(assembly)
    return assembly


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let no other process make *path* meanwhile."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
