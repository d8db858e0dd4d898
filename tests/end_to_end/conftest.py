"""Synthesizes with the real CDK CLI, once a stage."""

from pathlib import Path

import pytest

from settings import STAGES
from tests.end_to_end.commands import synthesize


@pytest.fixture(scope="session")
def assemblies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The cloud assembly of each stage."""
    folder = tmp_path_factory.mktemp("assemblies")
    for stage in STAGES:
        run = synthesize(stage, folder / stage)
        assert run.returncode == 0, run.stderr
    return {stage: folder / stage for stage in STAGES}
