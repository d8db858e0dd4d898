from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

from tests.scheduling import LOCAL_AWS, scope

ROOT = Path(__file__).parents[1]


def test_the_tests_on_the_stand_in_for_aws_stay_together() -> None:
    modules = [path.relative_to(ROOT).as_posix() for path in (ROOT / LOCAL_AWS).glob("test_*.py")]
    assert len(modules) > 1
    assert len({scope(f"{module}::test") for module in modules}) == 1


def test_of_other_tests_those_of_a_module_stay_together() -> None:
    names = ["tests/a.py::test", "tests/a.py::test[b::c]", "tests/b.py::test"]
    assert [scope(name) for name in names] == ["tests/a.py", "tests/a.py", "tests/b.py"]


def test_pytest_xdist_still_has_what_is_replaced() -> None:
    assert callable(LoadScopeScheduling._split_scope)
