"""A step's archive holds what the step imports, runs, and is named by its content."""

import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipeline_definition.names import PREPARING_JOBS
from pipeline_definition.placeholders import CODE
from processing.engines.launcher import SUBMITTED
from stacks.training import code_archive
from stacks.training.code_archive import function_archive, step_archive


def names(job: str) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(step_archive(job))).namelist()


def test_archive_holds_just_what_its_step_imports() -> None:
    assert "processing/jobs/preprocess.py" in names("preprocess")
    assert "processing/jobs/split.py" not in names("preprocess")
    assert [name.removeprefix("processing/") for name in names("split")] == [
        *("__main__.py", "__init__.py", "engines/__init__.py", "engines/engine.py", "engines/pool.py"),
        *(f"features/{name}.py" for name in ("__init__", "feature_model", "ordered_lines", "split_key")),
        *("job.py", "jobs/__init__.py", "jobs/split.py", "records/__init__.py", "records/columns.py"),
    ]


def test_evaluation_carries_what_serves_a_model_and_no_other_job_does() -> None:
    assert {"inference/wsgi.py", "inference/__main__.py", "processing/records/raw_data.py"} <= set(names("evaluate"))
    assert "processing/contract/data_contract.toml" in names("evaluate")
    assert not any(name.startswith("inference/") for job in set(CODE) - {"evaluate"} for name in names(job))


def test_same_code_gives_the_same_bytes() -> None:
    assert step_archive("preprocess") == step_archive("preprocess")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package that archives are made from."""
    copy = shutil.copytree(code_archive.SOURCE, tmp_path / "processing")
    monkeypatch.setattr(code_archive, "SOURCE", copy)
    return copy


def test_change_in_one_step_leaves_the_other_steps_archive_alone(package: Path) -> None:
    before = {job: step_archive(job) for job in ("preprocess", "split")}
    with (package / "records" / "raw_data.py").open("a") as file:
        file.write("# changed\n")
    assert step_archive("preprocess") != before["preprocess"]
    assert step_archive("split") == before["split"]


@pytest.mark.parametrize(
    "statement",
    [
        "import processing.records.raw_data",
        "import processing.records.raw_data as raw",
        "from processing.records import raw_data",
        "from processing.records.raw_data import stream",
        "from ..records.raw_data import stream",
        "def read():\n    from processing.records import raw_data",
    ],
)
def test_import_is_followed_in_whatever_form(package: Path, statement: str) -> None:
    assert "processing/records/raw_data.py" not in names("split")
    with (package / "jobs" / "split.py").open("a") as file:
        file.write(f"{statement}\n")
    assert {"processing/records/__init__.py", "processing/records/raw_data.py"} <= set(names("split"))


@pytest.mark.parametrize("job", CODE)
def test_archive_runs_without_the_project(tmp_path: Path, job: str) -> None:
    path = tmp_path / "code.zip"
    path.write_bytes(step_archive(job))
    run = subprocess.run(
        [sys.executable, "-I", str(path), "--help"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("usage: ")


def test_job_is_spared_the_import_of_pandas(tmp_path: Path) -> None:
    path = tmp_path / "code.zip"
    path.write_bytes(step_archive("preprocess"))
    command = [sys.executable, "-I", "-X", "importtime", str(path), "--help"]
    imported = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    assert "pyarrow.compute" in imported
    assert "pandas.core" not in imported


def test_modules_data_lies_beside_it_in_the_archive() -> None:
    for job in ("data_quality", "preprocess", "evaluate"):
        assert "processing/contract/data_contract.toml" in names(job)
    assert not any(name.endswith(".toml") for name in names("split"))


@pytest.mark.parametrize("job", CODE)
def test_archive_holds_nothing_of_what_only_proposes(job: str) -> None:
    assert [name for name in names(job) if "proposal" in name or name.endswith("contract/__main__.py")] == []


def test_data_contract_of_a_stage_is_packed_under_the_name_of_the_projects_own(tmp_path: Path) -> None:
    contract = tmp_path / "hr.contract.toml"
    contract.write_text("minimum_rows = 7\n")
    archive = zipfile.ZipFile(io.BytesIO(step_archive("data_quality", contract)))
    assert archive.read("processing/contract/data_contract.toml") == b"minimum_rows = 7\n"
    assert archive.namelist() == names("data_quality")
    assert step_archive("split", contract) == step_archive("split"), "a job that reads no contract stays as it is"


def test_functions_archive_holds_its_module_at_the_top_where_lambda_finds_it() -> None:
    archive = zipfile.ZipFile(io.BytesIO(function_archive("find_champion")))
    assert archive.namelist() == ["find_champion.py"]
    assert all(info.external_attr >> 16 == 0o644 for info in archive.infolist()), "readable by Lambda's user"


@pytest.mark.parametrize("job", PREPARING_JOBS)
def test_archive_on_spark_starts_the_launcher_and_brings_what_spark_is_to_run(tmp_path: Path, job: str) -> None:
    path = tmp_path / "code.zip"
    path.write_bytes(step_archive(job, on_spark=True))
    held = zipfile.ZipFile(path)
    assert set(names(job)) < set(held.namelist())
    assert b"from processing.engines.launcher import launch" in held.read("__main__.py")
    assert f"from processing.jobs.{job} import main".encode() in held.read(SUBMITTED)
    # What starts on a host needs nothing that the image lacks: it is what brings it.
    code = "from processing.engines import launcher; import sys; print({'pyarrow', 'numpy'} & set(sys.modules))"
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(path)!r}); {code}"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "set()\n"
