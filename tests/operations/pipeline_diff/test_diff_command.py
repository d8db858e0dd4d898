"""The command that says what a change means: sides from files, what it prints and writes, and its exit codes."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from operations.cli.output import show_what_the_locale_lacks
from tests.operations.command_line import run

BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data"}}


def write(path: Path, document: Any) -> str:
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return str(path)


def template(**resources: Any) -> dict[str, Any]:
    return {"Resources": resources}


def test_changed_definition_is_explained_and_appended_as_markdown(
    definitions: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = write(tmp_path / "base.json", definitions["dev"])
    head = write(
        tmp_path / "head.json", definitions["dev"].replace('"learning_rate": "0.02"', '"learning_rate": "0.5"')
    )
    files = [tmp_path / "diff.md", tmp_path / "summary.md"]
    files[1].write_text("of a step before\n")
    options = [word for file in files for word in ("--markdown", str(file))]
    assert run("diff", base, head, *options) == 0
    shown = capsys.readouterr().out
    for text in (shown, files[0].read_text(), files[1].read_text()):
        assert "EmpBonusTraining" in text
        assert "0.02" in text
        assert "0.5" in text
    assert files[0].read_text().startswith("### dev: ")
    assert files[1].read_text().startswith("of a step before\n### dev: ")


def test_same_definition_is_no_change(
    definitions: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = write(tmp_path / "base.json", definitions["dev"])
    assert run("diff", base, base, "--json") == 0
    assert json.loads(capsys.readouterr().out)["severity"] is None


def test_characters_that_the_locale_lacks_are_shown_as_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sides = [
        write(tmp_path / f"{name}.json", {"Steps": [{"Name": "End", "Type": "Fail", "DisplayName": f"{name} Ä\ud800"}]})
        for name in ("one", "other")
    ]
    for options in ([], ["--json"], ["--markdown", str(tmp_path / "diff.md")]):
        shown = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
        monkeypatch.setattr("sys.stdout", shown)
        show_what_the_locale_lacks()
        assert run("diff", *sides, *options) == 0
        shown.seek(0)
        if "--json" in options:
            json.load(shown)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_full_disk_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    side = write(tmp_path / "side.json", {"Steps": []})
    with Path("/dev/full").open("wb", buffering=0) as full:
        monkeypatch.setattr("sys.stdout", io.TextIOWrapper(full, write_through=True))
        assert run("diff", side, side, "--json") == 2
    assert capsys.readouterr().err == "refused: the result: No space left on device: write elsewhere\n"


def test_destroyed_bucket_exits_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = write(tmp_path / "base.template.json", template(Data=BUCKET, Other={"Type": "AWS::SNS::Topic"}))
    head = write(tmp_path / "head.template.json", template(Other={"Type": "AWS::SNS::Topic"}))
    assert run("diff", base, head, "--json") == 1
    document = json.loads(capsys.readouterr().out)
    assert document["severity"] == "danger"


@pytest.mark.parametrize(
    ("base", "options", "line"),
    [
        ("no-such-revision", [], "refused: no-such-revision is no git revision, file or folder here"),
        ("{same}", ["--markdown", "{gone}/diff.md"], "refused: {gone}/diff.md: No such file or directory"),
    ],
)
def test_side_or_file_that_is_not_there_is_refused(
    base: str, options: list[str], line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same = write(tmp_path / "same.template.json", template(Data=BUCKET))
    places = {"same": same, "gone": str(tmp_path / "gone")}
    given = (each.format(**places) for each in options)
    assert run("diff", base.format(**places), same, *given, folder=tmp_path) == 2
    assert capsys.readouterr().err.startswith(line.format(**places))
