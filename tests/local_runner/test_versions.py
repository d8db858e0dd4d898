"""The version that is served is the one that was named, or the newest that a person has approved."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from local_runner.__main__ import main
from local_runner.endpoint.container import open_container
from local_runner.errors import RefusedError
from local_runner.versions import find_version
from tests.local_runner.registered_versions import Stage

Change = Callable[[Stage], None]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage.write(tmp_path)


def test_newest_approved_version_is_found_unless_one_is_named(stage: Stage) -> None:
    for status in ("Approved", "Approved", "Rejected", "PendingManualApproval"):
        stage.register(status)
    assert find_version(stage.group, None).number == 2
    named = find_version(stage.group, 3)
    assert (str(named), named.status) == ("Bonus version 3", "Rejected")


def no_version(_stage: Stage) -> None:
    """The group is empty."""


def nothing_approved(stage: Stage) -> None:
    stage.register()
    stage.register("Rejected")


def no_serving_artefact(stage: Stage) -> None:
    stage.add("Approved")


def no_file(stage: Stage) -> None:
    stage.register("Approved")
    stage.locate("model.tar.gz").unlink()


@pytest.mark.parametrize("command", [["serve"], ["predict", "--input", "employees.csv"]], ids=lambda each: each[0])
@pytest.mark.parametrize(
    ("change", "line"),
    [
        (no_version, "Bonus has no version: register one with make run"),
        (
            nothing_approved,
            "no version of Bonus is approved: approve one with make approve VERSION=2 ARGS=--local,"
            " or take one as it is with VERSION=2",
        ),
        (
            no_serving_artefact,
            "version 1 of Bonus has no serving artefact, it is from before there were any:"
            " register another with make run",
        ),
        (no_file, r"\S+/model.tar.gz of Bonus version 1 does not exist: register another with make run"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_cannot_be_served_is_refused_in_one_line(
    stage: Stage, capsys: pytest.CaptureFixture[str], command: list[str], change: Change, line: str
) -> None:
    change(stage)
    (stage.folder / "employees.csv").touch()
    words = [str(stage.folder / word) if word.endswith(".csv") else word for word in command]
    assert main([*words, *stage.options]) == 2
    assert re.fullmatch(f"refused: {line}\n", capsys.readouterr().err)


def test_version_that_does_not_exist_is_refused(stage: Stage) -> None:
    stage.register("Approved")
    with pytest.raises(RefusedError, match="version 7 of Bonus does not exist: choose from 1"):
        find_version(stage.group, 7)


def test_remedy_names_the_stage_where_it_is_another(tmp_path: Path) -> None:
    stage = Stage.write(tmp_path, "prod")
    stage.register()
    with pytest.raises(RefusedError, match="approve VERSION=1 STAGE=prod ARGS=--local, or"):
        find_version(stage.group, None)


def test_programs_of_a_version_see_what_is_registered_and_nothing_of_this_machine(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of this machine")
    stage.register("Approved", code={"inference/wsgi.py": ""})
    with open_container(find_version(stage.group, None)) as container:
        assert container.environment.keys() == {
            *("PATH", "LANG", "HOME", "TMPDIR"),
            *("SAGEMAKER_SERVING_MODULE", "PYTHONPATH", "MODEL_VERSION"),
        }
        code = Path(container.environment["PYTHONPATH"])
        assert code == container.model / "code"
        assert (code / "inference" / "wsgi.py").is_file()
        assert container.environment["MODEL_VERSION"] == "1"
    assert not container.root.exists()
    with open_container(find_version(stage.group, None), figures=True) as container:
        assert container.environment["ANSWER_FIGURES"] == "true"


def test_archive_that_is_none_is_refused(stage: Stage) -> None:
    stage.register("Approved")
    stage.locate("model.tar.gz").write_bytes(b"\x1f\x8b of something else")
    version = find_version(stage.group, None)
    with pytest.raises(RefusedError, match="cannot be unpacked"), open_container(version):
        pass
