"""Fixtures of the tests of the processing jobs."""

from pathlib import Path

import pytest

from inference.application import Answerer
from inference.artefact import unpack
from processing.evaluation import serving
from processing.records.request_body import JSON
from tests.processing.jobs import Jobs


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    return Jobs(tmp_path)


@pytest.fixture(autouse=True)
def _artefacts_answer_in_this_process(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Spare each evaluation another Python: that an artefact's own code answers is shown by tests/inference."""

    def check(archive: Path, body: bytes, expected: float) -> None:
        artefact = unpack(archive, tmp_path_factory.mktemp("artefact"))
        (answer,) = Answerer(artefact, artefact.digest).answer(body, JSON)["predictions"]
        assert answer["prediction"] == pytest.approx(expected, rel=1e-9)

    monkeypatch.setattr(serving, "_check", check)


@pytest.fixture(autouse=True)
def _jobs_run_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare each job a process for each core: that they change nothing is shown by test_engines.py."""
    monkeypatch.setattr("processing.engines.pool.count_cores", lambda: 1)
