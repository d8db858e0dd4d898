from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.scheduling import BY_MODULE, LONGEST, rank, scope

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("nodeid", "expected"),
    [
        ("tests/end_to_end/local_aws/test_destroy.py::test", "tests/end_to_end/local_aws/"),
        ("tests/end_to_end/local_aws/least_privilege/test_starts.py::test", "tests/end_to_end/local_aws/"),
        ("tests/end_to_end/test_run.py::test[a/b::c]", "tests/end_to_end/test_run.py"),
        ("tests/security/test_trust.py::test[a/b::c]", "tests/security"),
        ("tests/test_settings.py::test", "tests"),
    ],
)
def test_tests_stay_together_by_folder_but_for_long_modules(nodeid: str, expected: str) -> None:
    assert scope(nodeid) == expected


def test_longest_tests_are_scheduled_first() -> None:
    names = ["tests/data/a.py", "tests/stacks/a.py", "tests/end_to_end/a.py", "tests/end_to_end/local_aws/a.py"]
    assert sorted(names, key=rank) == names[::-1]


def test_folders_are_there() -> None:
    assert all((ROOT / folder).is_dir() for folder in (BY_MODULE, *LONGEST))


def test_pytest_xdist_has_the_replaced_method() -> None:
    assert callable(LoadScopeScheduling._split_scope)
