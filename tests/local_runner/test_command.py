"""The command line runs the pipeline that is meant, and refuses in one line where none is."""

import json
import signal
from pathlib import Path

import pytest

from local_runner.__main__ import main
from tests.artefacts.assembly.written_assembly import write_assembly


@pytest.fixture(autouse=True)
def _own_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)


def run(folder: Path, pipelines: list[str], *options: str) -> int:
    """Run the command on an assembly that has *pipelines*."""
    assembly = folder / "assembly"
    assembly.mkdir()
    (folder / "input.csv").write_text("employee_id\n1\n")
    paths = ["--assembly", write_assembly(assembly, pipelines), "--workspace", folder / "workspace"]
    return main([*map(str, paths), "--input", str(folder / "input.csv"), *options])


def pipeline_that_ran(folder: Path) -> str:
    record = json.loads((folder / "workspace/executions/latest/execution.json").read_text())
    return str(record["PipelineArn"]).rpartition("/")[2]


@pytest.mark.parametrize(
    ("pipelines", "options", "meant"),
    [(["train"], [], "train"), (["train", "score"], ["--pipeline", "score"], "score")],
)
def test_pipeline_that_is_named_runs_or_the_only_one(
    tmp_path: Path, pipelines: list[str], options: list[str], meant: str
) -> None:
    assert run(tmp_path, pipelines, *options) == 0
    assert pipeline_that_ran(tmp_path) == meant


@pytest.mark.parametrize(
    ("pipelines", "options", "line"),
    [
        (["train", "score"], [], "2 pipelines: choose with --pipeline from score, train"),
        (["train"], ["--pipeline", "score"], "pipeline score does not exist: choose with --pipeline from train"),
    ],
)
def test_unclear_pipeline_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], pipelines: list[str], options: list[str], line: str
) -> None:
    assert run(tmp_path, pipelines, *options) == 2
    assert capsys.readouterr().err == f"refused: {line}\n"
    assert not (tmp_path / "workspace").exists()


def test_assembly_that_cannot_be_read_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, []) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("refused: stage dev of ")
