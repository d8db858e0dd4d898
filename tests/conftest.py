"""What all tests share. At import it needs nothing but pytest, so that the container's tests can use it, too."""

from pathlib import Path
from typing import Any

import pytest

from tests.scheduling import rank, scope

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write golden files instead of comparing with them")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: rank(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Spread the tests over the processes by what they share, where `--dist loadscope` asks for that."""
    if config.getoption("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    scheduling = LoadScopeScheduling(config, log)
    scheduling._split_scope = scope
    return scheduling


class Golden:
    """Compares a text with a file that people read in pull requests."""

    def __init__(self, *, rewrite: bool) -> None:
        self._rewrite = rewrite

    def check(self, name: str, text: str) -> None:
        path = GOLDEN / name
        if self._rewrite:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"{name} is missing: make golden writes it"
        assert text.splitlines() == path.read_text(encoding="utf-8").splitlines(), (
            f"{name} differs: make golden if meant"
        )


@pytest.fixture(scope="session")
def definitions() -> dict[str, str]:
    """The definition of each stage, placeholders and all; below NAME.tuning that with a search."""
    import dataclasses

    from pipeline_definition import build_definition
    from settings import STAGES, Tuning

    searching = {
        f"{name}.tuning": dataclasses.replace(stage, training=dataclasses.replace(stage.training, tuning=Tuning()))
        for name, stage in STAGES.items()
    }
    return {name: build_definition(stage) for name, stage in {**STAGES, **searching}.items()}


@pytest.fixture(scope="session")
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(rewrite=request.config.getoption("--rewrite-golden"))
