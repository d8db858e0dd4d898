from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conftest import pytest_xdist_make_scheduler
from tests.scheduling import LONGEST, SHARED, group, rank

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("nodeid", "expected"),
    [
        ("tests/end_to_end/local_aws/test_access.py::test", "local_aws"),
        ("tests/end_to_end/local_aws/test_destroy.py::test", "destroy"),
        ("tests/end_to_end/local_aws/least_privilege/test_starts.py::test", "local_aws"),
        ("tests/end_to_end/test_run.py::test[a/b::c]", "tests/end_to_end/test_run.py"),
        ("tests/security/test_trust.py::test[a/b::c]", "security"),
        ("tests/test_documents.py::test", "tests/test_documents.py"),
    ],
)
def test_tests_stay_together_by_what_they_share_else_by_module(nodeid: str, expected: str) -> None:
    assert group(nodeid) == expected


def test_xdist_keeps_a_group_in_one_process() -> None:
    config: Any = SimpleNamespace(getvalue=lambda _: ["popen"])  # one process
    scheduler = pytest_xdist_make_scheduler(config, None)
    assert scheduler._split_scope("tests/security/test_trust.py::test[a/b::c]") == "security"


def test_longest_tests_are_scheduled_first() -> None:
    names = ["tests/data/a.py", "tests/stacks/a.py", "tests/end_to_end/a.py", "tests/end_to_end/local_aws/a.py"]
    assert sorted(names, key=rank) == names[::-1]


def test_folders_are_there() -> None:
    assert all((ROOT / folder).exists() for folder in (*SHARED, *LONGEST))
