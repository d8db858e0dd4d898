"""A step's archive holds what the step imports, runs, and is named by its content."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipeline_definition.placeholders import CODE
from stacks.training import code_archive
from stacks.training.code_archive import function_archive, step_archive


def names(module: str) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(step_archive(module))).namelist()


def test_an_archive_holds_just_what_its_step_imports() -> None:
    assert "processing/preprocess.py" in names("preprocess")
    assert "processing/split.py" not in names("preprocess")
    assert "processing/raw_data.py" not in names("split")
    assert names("split") == [
        "__main__.py",
        *(f"processing/{name}.py" for name in ("__init__", "feature_model", "features", "job", "split", "split_key")),
    ]


def test_the_same_code_gives_the_same_bytes() -> None:
    assert step_archive("preprocess") == step_archive("preprocess")


def test_a_change_in_one_step_leaves_the_other_steps_archive_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in code_archive.SOURCE.glob("*.py"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(code_archive, "SOURCE", tmp_path)
    before = {module: step_archive(module) for module in ("preprocess", "split")}
    with (tmp_path / "raw_data.py").open("a") as file:
        file.write("# changed\n")
    assert step_archive("preprocess") != before["preprocess"]
    assert step_archive("split") == before["split"]


@pytest.mark.parametrize("module", CODE)
def test_an_archive_runs_without_the_project(tmp_path: Path, module: str) -> None:
    path = tmp_path / "code.zip"
    path.write_bytes(step_archive(module))
    run = subprocess.run(
        [sys.executable, "-I", str(path), "--help"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("usage: ")


def test_a_modules_data_lies_beside_it_in_the_archive() -> None:
    assert "processing/data_contract.toml" in names("data_quality")
    assert not any(name.endswith(".toml") for name in names("preprocess"))


def test_a_functions_archive_holds_its_module_at_the_top_where_lambda_finds_it() -> None:
    archive = zipfile.ZipFile(io.BytesIO(function_archive("find_champion")))
    assert archive.namelist() == ["find_champion.py"]
    assert all(info.external_attr >> 16 == 0o644 for info in archive.infolist()), "readable by Lambda's user"
