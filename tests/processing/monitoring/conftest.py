"""The data that a champion was trained on, and rows of other employees of the same kind."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from data.mock_data import COLUMNS, employees
from tests.processing.jobs import Jobs
from tests.processing.monitoring.monitor_job import MonitorJob


@pytest.fixture(scope="session")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the data quality report of 2,000 employees."""
    jobs = Jobs(tmp_path_factory.mktemp("baseline"))
    jobs.write(employees(2_000, seed=4))
    assert jobs.check_quality() == 0
    return jobs.root / "data-quality"


@pytest.fixture(scope="session")
def rows() -> Sequence[Sequence[str]]:
    """400 usable rows, of as many employees."""
    complete = (row for row in employees(1_000, seed=77) if len(row) == len(COLUMNS))
    usable = [row for row in complete if row[3][:1] != "-" and row[5][4] == "-" and row[6][-1:] in ("", "}") and row[7]]
    return list({row[0]: row for row in usable}.values())[:400]


@pytest.fixture
def job(tmp_path: Path) -> MonitorJob:
    return MonitorJob(tmp_path)
