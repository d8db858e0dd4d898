"""A person approves a version of the model package group that is meant."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from artefacts.assembly import load
from local_runner.__main__ import main
from local_runner.on_disk.workspace import Workspace
from tests.artefacts.assembly.written_assembly import write_assembly

REQUEST = {"ModelApprovalStatus": "PendingManualApproval"}


class Stage:
    """An assembly whose stage has two pipelines and the model package groups *names*, each with a version."""

    def __init__(self, folder: Path, *names: str) -> None:
        self._folder = folder
        write_assembly(folder, ["train", "score"], groups=list(names))
        self.registry = Workspace(folder / "workspace").registry(load(folder, "dev")["train"])
        for name in names:
            self.registry.create("Register", {"ModelPackageGroupName": name, **REQUEST}, datetime.now(UTC))

    def run(self, *arguments: str) -> int:
        """Run a command of the runner."""
        return main([*arguments, "--assembly", str(self._folder), "--workspace", str(self._folder / "workspace")])

    def statuses(self) -> dict[str, str]:
        """Return the approval status of the newest version of each group."""
        return {group: self.registry.list(group)[0]["ModelApprovalStatus"] for group in self.registry.groups}


def test_only_group_needs_no_name(tmp_path: Path) -> None:
    stage = Stage(tmp_path, "Bonus")
    assert stage.run("reject", "1") == 0
    assert stage.statuses() == {"Bonus": "Rejected"}


def test_named_group_is_meant_where_there_are_several(tmp_path: Path) -> None:
    stage = Stage(tmp_path, "Bonus", "Salary")
    assert stage.run("approve", "1", "--group", "Salary") == 0
    assert stage.statuses() == {"Bonus": "PendingManualApproval", "Salary": "Approved"}


@pytest.mark.parametrize(
    ("groups", "options", "line"),
    [
        (["Salary", "Bonus"], [], "2 model package groups: choose with --group from Bonus, Salary"),
        (["Bonus"], ["--group", "Bonu"], "model package group Bonu does not exist: choose with --group from Bonus"),
        ([], [], "0 model package groups: choose with --group from none"),
    ],
)
def test_unclear_group_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], groups: list[str], options: list[str], line: str
) -> None:
    stage = Stage(tmp_path, *groups)
    assert stage.run("approve", "1", *options) == 2
    assert capsys.readouterr().err == f"refused: {line}\n"
    assert set(stage.statuses().values()) <= {"PendingManualApproval"}
