"""A model that was trained and packed by the jobs, on made-up employees of whom some have faults."""

import csv
from pathlib import Path

import pytest

from data.mock_data import COLUMNS, employees
from inference.artefact import Artefact, unpack
from processing.serving_files import ARCHIVE
from tests.inference.caller import Caller
from tests.processing.jobs import Jobs

ROWS = 1_500


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Jobs:
    jobs = Jobs(tmp_path_factory.mktemp("trained"), maximum_rejected_share=0.2)
    rows = [row for row in employees(ROWS, seed=11) if len(row) == len(COLUMNS)]
    with (jobs.raw / "employees.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *{row[0]: row for row in rows}.values()])  # nobody twice
    assert jobs.preprocess() == jobs.split() == 0
    jobs.train()
    assert jobs.evaluate() == 0
    return jobs


@pytest.fixture(scope="session")
def served(trained: Jobs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the artefact was unpacked into."""
    folder = tmp_path_factory.mktemp("served")
    unpack(trained.root / "serving" / ARCHIVE, folder)
    return folder


@pytest.fixture(scope="session")
def artefact(trained: Jobs, tmp_path_factory: pytest.TempPathFactory) -> Artefact:
    return unpack(trained.root / "serving" / ARCHIVE, tmp_path_factory.mktemp("artefact"))


@pytest.fixture(scope="session")
def caller(served: Path) -> Caller:
    return Caller.of(served, version="7")
