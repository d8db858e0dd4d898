"""The command that writes a report: what it writes where, and how it refuses."""

from pathlib import Path

import pytest

from tests.execution_report.examples import PASSED, Folder
from tests.operations.command_line import run
from tests.operations.fake_account import FakeAccount, Refusal

ARN = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/bonus/execution/abc"
NONE = FakeAccount({"DescribePipelineExecution": Refusal("ResourceNotFound", "Execution abc does not exist.")})


def test_path_of_the_report_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Folder(tmp_path, PASSED).write()
    assert run("report", str(folder)) == 0
    assert capsys.readouterr().out == f"{folder / 'report.html'}\n"
    assert (folder / "report.html").is_file()


def test_report_can_be_written_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = Folder(tmp_path, PASSED).write(), tmp_path / "mine.html"
    assert run("report", str(folder), "--out", str(out), "--json") == 0
    assert capsys.readouterr().out == f'{{\n  "report": "{out}"\n}}\n'
    assert not (folder / "report.html").exists()


def test_latest_local_execution_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Folder(tmp_path / ".local", PASSED).write()
    assert run("report", "--local", folder=tmp_path) == 0
    assert capsys.readouterr().out == f"{folder}/report.html\n"
    assert (folder / "report.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["no/where"], "refused: no/where holds no execution.json: run the pipeline first, or give"),
        (["arn:aws:s3:::data"], "refused: arn:aws:s3:::data is no execution: give its id of 12 characters, its ARN"),
        ([ARN], "refused: Execution abc does not exist: check --stage, AWS_PROFILE, and what you named"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("report", *arguments, connect=NONE.connect) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.startswith(line)
    assert len(written.err.splitlines()) == 1


def test_output_that_cannot_be_written_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = Folder(tmp_path, PASSED).write(), tmp_path / "no" / "report.html"
    assert run("report", str(folder), "--out", str(out)) == 2
    assert capsys.readouterr().err == (
        f"refused: {out} cannot be written (No such file or directory): give a file in a folder of yours\n"
    )
