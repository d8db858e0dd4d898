"""The command line runs the pipeline that is meant, and refuses in one line where none is."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from artefacts.assembly import Account, Pipeline
from local_runner.__main__ import choose_pipeline, main
from local_runner.on_disk import object_store
from tests.artefacts.assembly.written_assembly import INPUTS, write_assembly


@pytest.fixture(autouse=True)
def _own_signals() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def run(folder: Path, pipelines: list[str], *options: str) -> int:
    """Run the command on an assembly that has *pipelines*."""
    return main([*paths(folder, pipelines), *options])


def paths(
    folder: Path, pipelines: list[str], *steps: dict[str, Any], parameters: Sequence[dict[str, Any]] = INPUTS
) -> list[str]:
    """Write an assembly that has *pipelines*, and an input; return the options that name them."""
    assembly = folder / "assembly"
    assembly.mkdir()
    (folder / "input.csv").write_text("employee_id\n1\n")
    write_assembly(assembly, pipelines, steps=steps, parameters=parameters)
    named = {"assembly": "assembly", "workspace": "workspace", "input": "input.csv"}
    return [word for name, path in named.items() for word in (f"--{name}", str(folder / path))]


def latest(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "workspace/executions/latest/execution.json").read_text()))


def pipeline_that_ran(folder: Path) -> str:
    return str(latest(folder)["PipelineArn"]).rpartition("/")[2]


def test_window_ends_now_unless_somebody_says_when(tmp_path: Path) -> None:
    windows = [INPUTS[0], {"Name": "WindowEnd", "Type": "String"}]
    (tmp_path / "captured.jsonl").write_text("{}\n")
    command = [*paths(tmp_path, ["watch"], parameters=windows), "--input", str(tmp_path / "captured.jsonl")]
    for options in ([], ["--set", "WindowEnd=2026-11-27T06:00:00Z"]):
        assert main([*command, *options]) == 0
        given = {each["Name"]: each["Value"] for each in latest(tmp_path)["PipelineParameters"]}
        assert given.keys() == {"InputData", "WindowEnd"}, "it has no version of its data"
        assert datetime.fromisoformat(given["WindowEnd"]).tzinfo, "a time without a zone is none"
    assert given["WindowEnd"] == "2026-11-27T06:00:00Z"


@pytest.mark.parametrize(
    ("made", "found"), [(None, "does not exist"), ([], "holds no .jsonl file"), (["raw.csv"], "holds no .jsonl file")]
)
def test_monitoring_of_nothing_captured_says_how_to_capture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], made: list[str] | None, found: str
) -> None:
    command = paths(tmp_path, ["watch"], parameters=[INPUTS[0], {"Name": "WindowEnd", "Type": "String"}])
    folder = tmp_path / "capture"
    if made is not None:
        folder.mkdir()
        for name in made:
            (folder / name).write_text("employee_id\n1\n")
    assert main([*command, "--input", str(folder)]) == 2
    assert f"capture {found}: let make serve CAPTURE=FOLDER answer records first" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("pipelines", "options", "meant"),
    [(["train"], [], "train"), (["train", "score"], ["--pipeline", "score"], "score")],
)
def test_pipeline_that_is_named_runs_or_the_only_one(
    tmp_path: Path, pipelines: list[str], options: list[str], meant: str
) -> None:
    assert run(tmp_path, pipelines, *options) == 0
    assert pipeline_that_ran(tmp_path) == meant


def test_pipeline_that_makes_models_is_meant_where_none_is_named() -> None:
    registering = {"Name": "Register", "Type": "RegisterModel", "Arguments": {}}
    pipelines = {
        name: Pipeline(name, Account("111122223333", "eu-west-1"), {"Steps": steps}, frozenset(), (), {})
        for name, steps in {"score": [], "train": [registering]}.items()
    }
    assert choose_pipeline(pipelines, None) == "train"
    assert choose_pipeline(pipelines, "score") == "score"


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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_while_input_is_staged_ends_the_command_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(object_store, "content_hash", lambda _path: signal.raise_signal(number))
    assert run(tmp_path, ["train"]) == 130
    assert capsys.readouterr().err == "stopped: nothing was started\n"
    assert not (tmp_path / "workspace/executions").exists()
    assert not any(path.is_file() for path in (tmp_path / "workspace").rglob("*"))


def test_output_that_nobody_reads_ends_the_run_quietly(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    gate = {"Name": "Gate", "Type": "Condition", "Arguments": {"Conditions": [], "IfSteps": [], "ElseSteps": []}}
    waiting = {"Name": "Late", "Type": "Fail", "Arguments": {"ErrorMessage": "late"}, "DependsOn": ["Gate"]}
    command = [sys.executable, "-m", "local_runner", *paths(tmp_path, ["train"], gate, waiting)]
    ended = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    record = json.loads((tmp_path / "workspace/executions/latest/execution.json").read_text())
    assert (ended.returncode, ended.stderr, record["PipelineExecutionStatus"]) == (130, "", "Stopped")
