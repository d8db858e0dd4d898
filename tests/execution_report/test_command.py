"""The command: what it writes where, and how it refuses."""

from pathlib import Path

import pytest
from botocore.exceptions import NoCredentialsError

from execution_report.__main__ import main
from execution_report.aws_source import Aws
from tests.execution_report.examples import PASSED, Folder

ARN = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/bonus/execution/abc"


def no_credentials(region: str) -> Aws:
    assert region == "eu-west-1"
    raise NoCredentialsError


def test_path_of_the_report_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Folder(tmp_path, PASSED).write()
    assert main([str(folder)], no_credentials) == 0
    assert capsys.readouterr().out == f"{folder / 'report.html'}\n"
    assert (folder / "report.html").is_file()


def test_report_can_be_written_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = Folder(tmp_path, PASSED).write(), tmp_path / "mine.html"
    assert main([str(folder), "--out", str(out)], no_credentials) == 0
    assert capsys.readouterr().out == f"{out}\n"
    assert not (folder / "report.html").exists()


def test_without_an_execution_the_latest_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Folder(tmp_path / ".local", PASSED).write()
    (folder.parent / "latest").symlink_to(folder.name)
    monkeypatch.chdir(tmp_path)
    assert main([], no_credentials) == 0
    assert capsys.readouterr().out == ".local/executions/latest/report.html\n"
    assert (folder / "report.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["nowhere"], "refused: nowhere holds no execution.json: run the pipeline first, or give"),
        (["arn:aws:s3:::data"], "refused: arn:aws:s3:::data is no execution's ARN: give arn:aws:sagemaker:"),
        ([ARN], f"refused: {ARN} cannot be read (Unable to locate credentials): check the ARN, and"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments, no_credentials) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.startswith(line)
    assert len(written.err.splitlines()) == 1


def test_output_that_cannot_be_written_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = Folder(tmp_path, PASSED).write(), tmp_path / "no" / "report.html"
    assert main([str(folder), "--out", str(out)], no_credentials) == 2
    assert capsys.readouterr().err == (
        f"refused: {out} cannot be written (No such file or directory): give a file in a folder of yours\n"
    )
