from pathlib import Path

import pytest

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


ran: list[int] = []


@pytest.mark.parametrize("number", range(8))
def test_tests_of_a_group_run_in_one_process_in_their_order(number: int) -> None:
    assert ran == list(range(number)), "run the whole module"
    ran.append(number)


def test_longest_tests_are_scheduled_first() -> None:
    names = ["tests/data/a.py", "tests/stacks/a.py", "tests/end_to_end/a.py", "tests/end_to_end/local_aws/a.py"]
    assert sorted(names, key=rank) == names[::-1]


def test_folders_are_there() -> None:
    assert all((ROOT / folder).exists() for folder in (*SHARED, *LONGEST))
