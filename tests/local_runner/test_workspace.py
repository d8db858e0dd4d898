"""An input's prefix holds what was given, and nothing else, whatever was staged before."""

import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from artefacts.assembly import load
from local_runner.errors import RefusedError
from local_runner.files import content_hash, files
from local_runner.on_disk.workspace import Workspace
from tests.artefacts.assembly.written_assembly import write_assembly

PREFIX = "s3://bucket/raw/"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "input"
    folder.mkdir()
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text(f"rows of {name}")
    return folder


def staged(workspace: Workspace, path: Path, into: Path) -> dict[str, str]:
    """Stage *path*, and return what a job would then find, by relative names."""
    uri, _ = workspace.stage_input(path, PREFIX)
    workspace.store.download(uri, into)
    return {each.relative_to(into).as_posix(): each.read_text() for each in files(into)}


def test_same_bytes_under_another_name_do_not_land_beside_the_first(
    workspace: Workspace, folder: Path, tmp_path: Path
) -> None:
    assert staged(workspace, folder / "a.csv", tmp_path / "first") == {"a.csv": "rows of a.csv"}
    (folder / "a.csv").rename(folder / "c.csv")
    assert staged(workspace, folder / "c.csv", tmp_path / "second") == {"c.csv": "rows of a.csv"}


def rename_one(folder: Path) -> None:
    (folder / "a.csv").rename(folder / "c.csv")


def remove_one(folder: Path) -> None:
    (folder / "a.csv").unlink()


def swap_names(folder: Path) -> None:
    (folder / "a.csv").rename(folder / "c.csv")
    (folder / "b.csv").rename(folder / "a.csv")
    (folder / "c.csv").rename(folder / "b.csv")


def move_into_a_subfolder(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "a.csv").rename(folder / "deep" / "a.csv")


@pytest.mark.parametrize("change", [rename_one, remove_one, swap_names, move_into_a_subfolder])
def test_changed_folder_is_staged_as_it_is_now(
    workspace: Workspace, folder: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    workspace.stage_input(folder, PREFIX)
    change(folder)
    now = {each.relative_to(folder).as_posix(): each.read_text() for each in files(folder)}
    assert staged(workspace, folder, tmp_path / "job") == now


@pytest.mark.parametrize("name", ["", "a.csv"])
def test_same_data_has_the_same_prefix_again_so_that_the_step_cache_finds_it(
    workspace: Workspace, folder: Path, tmp_path: Path, name: str
) -> None:
    first = workspace.stage_input(folder / name, PREFIX)
    copy = shutil.copytree(folder, tmp_path / "elsewhere")
    assert workspace.stage_input(copy / name, PREFIX) == first
    assert first[1] == content_hash(folder / name)


@pytest.mark.parametrize("is_the_file_itself", [True, False])
def test_file_whose_name_is_not_utf8_is_refused(workspace: Workspace, folder: Path, is_the_file_itself: bool) -> None:
    file = folder / os.fsdecode(b"geh\xe4lter.csv")
    file.write_text("rows")
    with pytest.raises(RefusedError, match=r"geh\\xe4lter\.csv' is not UTF-8: rename it, S3 takes nothing else"):
        workspace.stage_input(file if is_the_file_itself else folder, PREFIX)


def test_interrupted_staging_leaves_no_object_and_can_be_repeated(
    workspace: Workspace, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copyfile
    objects: list[Path] = []

    def interrupted(source: Path, target: Path) -> Path:
        if source.name == "b.csv":
            objects.extend(files(workspace.store.root / "bucket"))  # what a run that is killed now would leave
            raise KeyboardInterrupt
        return copy(source, target)

    with monkeypatch.context() as patch:
        patch.setattr("shutil.copyfile", interrupted)
        with pytest.raises(KeyboardInterrupt):
            workspace.stage_input(folder, PREFIX)
    assert (objects, [*files(workspace.root)]) == ([], [])
    assert staged(workspace, folder, tmp_path / "job").keys() == {"a.csv", "b.csv"}


def test_prefix_that_somebody_has_changed_is_refused(workspace: Workspace, folder: Path) -> None:
    uri, _ = workspace.stage_input(folder, PREFIX)
    (workspace.store.root / uri.removeprefix("s3://") / "a.csv").unlink()
    with pytest.raises(RefusedError, match=r"/bucket/raw/\w{16} no longer holds what was staged there: remove it"):
        workspace.stage_input(folder, PREFIX)


def test_folder_without_files_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "empty" / "deep").mkdir(parents=True)
    with pytest.raises(RefusedError, match=r"empty holds no file: give a CSV file or a folder of them"):
        workspace.stage_input(tmp_path / "empty", PREFIX)


def test_input_that_holds_the_workspace_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("rows")
    with pytest.raises(RefusedError, match="holds the workspace"):
        Workspace(tmp_path / ".local").stage_input(tmp_path, PREFIX)


@pytest.mark.parametrize("target", ["elsewhere", "nowhere"])
def test_link_to_no_file_is_refused_and_not_passed_over(
    workspace: Workspace, folder: Path, tmp_path: Path, target: str
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder / "more").symlink_to(tmp_path / target)
    with pytest.raises(RefusedError, match=r"input/more is a link to no file: give the files themselves"):
        workspace.stage_input(folder, PREFIX)


def test_folder_that_cannot_be_read_is_not_passed_over(
    workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "secret").mkdir()
    scan = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("secret"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr("os.scandir", scandir)
    with pytest.raises(PermissionError):
        workspace.stage_input(folder, PREFIX)


def test_execution_keeps_the_definition_that_it_was_started_with(tmp_path: Path) -> None:
    write_assembly(tmp_path, ["train"])
    pipeline = load(tmp_path, "dev")["train"]
    execution = Workspace(tmp_path / ".local").new_execution(pipeline, {}, {}, datetime.now(UTC))
    assert json.loads((execution.folder / "definition.json").read_text()) == pipeline.definition
