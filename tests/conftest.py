"""What all tests share. At import it needs nothing but pytest, so that the container's tests can use it, too."""

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests import golden_files
from tests.scheduling import group, rank

# Failures there are shown with their values, as in tests themselves.
pytest.register_assert_rewrite("tests.stacks.checks", "tests.security.catchers")


KEPT = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Let syntheses share what they keep with each other, and with none of before."""
    if not hasattr(config, "workerinput"):  # pytest's other processes inherit it
        folder = config.stash[KEPT] = tempfile.TemporaryDirectory(prefix="synthesis-")
        os.environ["SYNTHESIS_KEPT"] = folder.name


def pytest_unconfigure(config: pytest.Config) -> None:
    if KEPT in config.stash:
        config.stash[KEPT].cleanup()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write golden files instead of comparing with them")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: rank(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep together what shares something costly, where `--dist loadscope` asks for that.

    Not by marks of groups: xdist 3.8 hands those on in a way that pytest 9.2 no longer reads, and says nothing.
    """
    if config.getoption("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    scheduling = LoadScopeScheduling(config, log)
    scheduling._split_scope = group
    return scheduling


class Golden:
    """Compares texts with files that people read in pull requests, or writes those."""

    def __init__(self, *, rewrite: bool, folder: Path = golden_files.FOLDER) -> None:
        self._rewrite = rewrite
        self._folder = folder

    def check(self, reviewed: golden_files.Reviewed) -> None:
        if self._rewrite:
            golden_files.write(reviewed, self._folder)
        expected = golden_files.read(reviewed.name, self._folder)
        assert reviewed.text.splitlines() == expected.splitlines(), f"{reviewed.name} differs: make golden if meant"


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
def scoring_definitions() -> dict[str, str]:
    """The definition of each stage's pipeline that scores."""
    from pipeline_definition import build_scoring_definition
    from settings import STAGES

    return {name: build_scoring_definition(stage) for name, stage in STAGES.items()}


@pytest.fixture(scope="session")
def monitoring_definition() -> str:
    """The definition of the pipeline that watches the traffic of dev."""
    import dataclasses

    from pipeline_definition import build_monitoring_definition
    from settings import STAGES, Monitoring

    return build_monitoring_definition(dataclasses.replace(STAGES["dev"], monitoring=Monitoring()))


@pytest.fixture(scope="session")
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(rewrite=request.config.getoption("--rewrite-golden"))


@pytest.fixture(scope="session")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in place of the wheel that jobs on Spark bring along, which nobody has to fetch."""
    path = tmp_path_factory.mktemp("libraries") / "wheel"
    path.write_bytes(b"a wheel")
    return path
