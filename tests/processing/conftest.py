"""Fixtures of the tests of the processing jobs."""

from pathlib import Path

import pytest

from tests.processing.jobs import Jobs


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    return Jobs(tmp_path)
