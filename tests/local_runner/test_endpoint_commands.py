"""What `serve` prints can be copied to a shell, and `predict` never writes over what it reads."""

import json
import os
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from local_runner.endpoint.predict import Paths, describe, predict
from local_runner.endpoint.serve import describe as describe_endpoint
from local_runner.endpoint.serve import serve
from local_runner.errors import RefusedError
from local_runner.versions import Version
from tests.local_runner.registered_versions import Stage

VERSION = Version("Bonus", 2, "Approved", "2026-11-26T18:40:00+00:00", Path("/s3/model.tar.gz"), {}, Path("/s3/sample"))


def test_printed_request_is_one_command_whatever_is_in_the_sample() -> None:
    sample = {"department": "R&D's $HOME", "profile": {"address": "1 Rue de l\N{RIGHT SINGLE QUOTATION MARK}Est"}}
    text = describe_endpoint(VERSION, "http://127.0.0.1:8080", json.dumps(sample))
    (command,) = (line for line in text.splitlines() if line.startswith("curl "))
    words = shlex.split(command)
    assert "http://127.0.0.1:8080/invocations?contributions=true" in words
    assert json.loads(words[words.index("--data") + 1]) == sample
    assert command.isascii()


def test_predictions_and_reasons_are_counted() -> None:
    summary = {"scored": 1_998, "rows": 2_000, "rejected": 2, "reasons": {"salary: missing": 2}}
    lines = describe(VERSION, Paths(Path("/a/in.csv"), Path("/a/out.csv")), summary).splitlines()
    assert lines[0] == "Bonus version 2, Approved: predicted 1,998 of 2,000 rows"
    assert [line.split() for line in lines[1:]] == [
        ["predictions", "/a/out.csv"],
        ["rejected", "2", "rows:", "/a/out.rejected.csv"],
        ["2", "salary:", "missing"],
    ]


def same_name(folder: Path) -> Path:
    return folder / "in" / "employees.csv"


def other_name_of_the_same_file(folder: Path) -> Path:
    (folder / "hard.csv").hardlink_to(folder / "in" / "employees.csv")
    return folder / "hard.csv"


def link_to_the_same_file(folder: Path) -> Path:
    (folder / "soft.csv").symlink_to(folder / "in" / "employees.csv")
    return folder / "soft.csv"


def name_whose_rejected_rows_are_the_same_file(folder: Path) -> Path:
    (folder / "out.rejected.csv").hardlink_to(folder / "in" / "employees.csv")
    return folder / "out.csv"


@pytest.mark.parametrize(
    "choose_out",
    [same_name, other_name_of_the_same_file, link_to_the_same_file, name_whose_rejected_rows_are_the_same_file],
)
def test_input_is_not_written_over(tmp_path: Path, choose_out: Callable[[Path], Path]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "employees.csv").touch()
    paths = Paths(tmp_path / "in" / "employees.csv", choose_out(tmp_path))
    with pytest.raises(RefusedError, match="would be written over what is read: name another file with OUT="):
        paths.check()


def test_folder_that_is_read_is_not_written_to(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="would be written over what is read"):
        Paths(tmp_path, tmp_path / "predictions.csv").check()


@pytest.mark.parametrize(
    ("raw", "out", "line"),
    [
        ("none.csv", "out.csv", "does not exist: give a CSV file or a folder of them"),
        ("employees.txt", "out.csv", "ends in neither .csv nor .csv.gz: rename it, or save a workbook as 'CSV UTF-8'"),
        ("employees.csv", "none/out.csv", "does not exist: make it, or give another OUT="),
        ("employees.csv", "folder", "is a folder: name a file with OUT="),
        ("employees.csv", "device", "is no regular file: name another with OUT="),
    ],
)
def test_paths_of_no_use_are_refused(tmp_path: Path, raw: str, out: str, line: str) -> None:
    for name in ("employees.txt", "employees.csv"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "device")
    with pytest.raises(RefusedError, match=line):
        Paths(tmp_path / raw, tmp_path / out).check()


@pytest.mark.parametrize("text", ["abc", "1.0", "", "-1", "9" * 5_000])
def test_nonsense_for_a_version_or_a_port_is_told_with_what_to_give(
    capsys: pytest.CaptureFixture[str], text: str
) -> None:
    for command, option in (
        (predict, ["predict", "--input", "x", f"--version={text}"]),
        (serve, ["serve", f"--version={text}"]),
        (serve, ["serve", f"--port={text}"]),
    ):
        with pytest.raises(SystemExit):
            command(option)
        *_, line = capsys.readouterr().err.splitlines()
        assert f"{text[:20]!r} is no " in line
        assert ": give " in line


def test_failure_of_the_versions_code_is_told_with_what_to_take_instead(tmp_path: Path) -> None:
    stage = Stage.write(tmp_path)
    stage.register("Approved", {"inference/batch.py": "raise ValueError('of another model')"})
    (tmp_path / "in.csv").touch()
    line = r"^the code of Bonus version 1 failed: ValueError: of another model; take another with VERSION=\.\.\., or"
    with pytest.raises(RefusedError, match=line):
        predict(["predict", "--input", str(tmp_path / "in.csv"), *stage.options])


def test_empty_input_is_not_taken_for_the_folder_one_is_in(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        predict(["predict", "--input", ""])
    assert "an empty path: give a CSV file or a folder of them" in capsys.readouterr().err
