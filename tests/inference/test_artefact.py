"""The artefact is proved before the model is registered: reproducible, whole, and refused where it is none."""

import ast
import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from inference.artefact import read_artefact, unpack
from processing.evaluation import serving
from processing.job import JobError
from processing.serving_files import ARCHIVE, CODE, SAMPLE, SAMPLE_ARCHIVE, SMOKE_TEST, WEIGHTS
from tests.inference.caller import RECORD, Caller
from tests.processing.jobs import Jobs

CONTAINER_HAS = {"numpy", "pyarrow"}


def members(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as file:
        return {each.name: file.extractfile(each).read() for each in file}  # type: ignore[union-attr]  # only files


def test_same_model_gives_the_same_bytes(trained: Jobs) -> None:
    before = {path.name: path.read_bytes() for path in (trained.root / "serving").iterdir()}
    assert set(before) == {ARCHIVE, SAMPLE_ARCHIVE, SMOKE_TEST}
    assert trained.evaluate() == 0
    assert {path.name: path.read_bytes() for path in (trained.root / "serving").iterdir()} == before


def test_sample_payload_is_answered_with_what_the_smoke_test_says(trained: Jobs, caller: Caller) -> None:
    expected = json.loads((trained.root / "serving" / SMOKE_TEST).read_text(encoding="utf-8"))
    body = members(trained.root / "serving" / SAMPLE_ARCHIVE)[SAMPLE]
    assert body == expected["body"].encode()
    (answer,) = caller.send(body, expected["content_type"]).predictions
    assert answer["prediction"] == pytest.approx(expected["prediction"], rel=1e-9)


def test_artefact_alone_answers_with_its_own_code(served: Path, caller: Caller, tmp_path: Path) -> None:
    copy = shutil.copytree(served, tmp_path / "model")
    code = (
        "import sys, json; sys.path.insert(0, sys.argv[1]); from inference.wsgi import application;"
        " import inference, processing; print(inference.__file__, processing.__file__)"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-c", code, copy / CODE], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert all(Path(each).is_relative_to(copy) for each in run.stdout.split())
    command = [sys.executable, "-m", "inference", str(copy)]
    answer = subprocess.run(
        command, cwd=copy / CODE, input=json.dumps(RECORD), capture_output=True, text=True, check=True
    )
    assert json.loads(answer.stdout)["predictions"] == caller.predict(RECORD)


def test_command_says_in_one_line_why_there_is_no_answer(served: Path) -> None:
    for folder, body, reason in (
        (served, "[]", "the request has no record"),
        (served / CODE, "{}", "no serving artefact"),
    ):
        command = [sys.executable, "-m", "inference", str(folder)]
        run = subprocess.run(command, input=body, capture_output=True, text=True, check=False)
        assert run.returncode == 1
        assert run.stderr.startswith(reason)
        assert run.stderr.count("\n") == 1


def test_code_in_the_artefact_imports_nothing_that_the_container_lacks(trained: Jobs) -> None:
    sources = {name: text for name, text in members(trained.root / "serving" / ARCHIVE).items() if name.endswith(".py")}
    assert f"{CODE}/inference/wsgi.py" in sources
    assert not any(part in name for name in sources for part in ("/engines/", "/evaluation/", "/jobs/", "/proposal/"))
    allowed = CONTAINER_HAS | set(sys.stdlib_module_names) | {"inference", "processing"}
    for name, text in sources.items():
        nodes = list(ast.walk(ast.parse(text)))
        imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
        assert {each.partition(".")[0] for each in imported} <= allowed, name


def test_version_that_nobody_names_is_called_by_what_it_learnt(served: Path, tmp_path: Path) -> None:
    digest = Caller.of(served, version="").send(json.dumps(RECORD)).document["model_version"]
    assert digest == read_artefact(served).digest
    other = shutil.copytree(served, tmp_path / "other")
    contract = other / "data_contract.toml"
    contract.write_text(contract.read_text(encoding="utf-8").replace("maximum = 500_000", "maximum = 400_000"))
    assert read_artefact(other).digest != digest


def test_column_that_the_raw_data_does_not_have_is_no_field_of_a_record(served: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(served, tmp_path / "model")
    with (folder / "data_contract.toml").open("a", encoding="utf-8") as file:
        file.write('[format]\ncolumns = { age = "" }\ndate_format = "%d.%m.%Y"\n')
    caller = Caller.of(folder, version="7")
    refused = caller.send(json.dumps(RECORD))
    assert refused.status == 400
    assert refused.document["error"].startswith("record 0 has a field 'age': send no other than employee_id, salary")
    (answer,) = caller.predict({name: value for name, value in RECORD.items() if name != "age"})
    assert "prediction" in answer, "dates are in the plain form, whatever the raw files' is"


def test_artefact_of_before_columns_could_be_left_out_predicts_the_same(
    served: Path, caller: Caller, tmp_path: Path
) -> None:
    path = shutil.copytree(served, tmp_path / "model") / "feature_model.json"
    document = json.loads(path.read_text(encoding="utf-8")) | {"schema_version": 2}
    assert document.pop("without") == []
    path.write_text(json.dumps(document), encoding="utf-8")
    found = Caller.of(path.parent, version="7").predict(RECORD, query="contributions=true")
    assert found == caller.predict(RECORD, query="contributions=true")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        (WEIGHTS, "{}", "weights.json is not what evaluation wrote"),
        (WEIGHTS, '{"weights": [1.0], "bias": 1.0, "means": [1.0]}', "weights.json has not one weight and mean"),
        (WEIGHTS, None, "no serving artefact"),
        ("feature_model.json", "[]", "feature model is not what preprocessing wrote"),
        ("data_contract.toml", "", "data_contract.toml: the top of the file lacks"),
    ],
)
def test_folder_that_is_no_artefact_is_refused_in_one_line(
    served: Path, tmp_path: Path, name: str, content: str | None, reason: str
) -> None:
    folder = shutil.copytree(served, tmp_path / "model")
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_text(content)
    with pytest.raises(JobError, match=reason):
        read_artefact(folder)


def test_archive_that_cannot_be_unpacked_is_refused_in_one_line(trained: Jobs, tmp_path: Path) -> None:
    whole = (trained.root / "serving" / ARCHIVE).read_bytes()
    for content in (b"", whole[:1000], b"no archive"):
        (tmp_path / ARCHIVE).write_bytes(content)
        with pytest.raises(JobError, match=r"model.tar.gz cannot be unpacked: copy the artefact"):
            unpack(tmp_path / ARCHIVE, tmp_path / "folder")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise SystemExit('it broke')", "model.tar.gz does not answer (it broke): correct the code of inference"),
        ('print(\'{"predictions": [{"prediction": 1.0}]}\')', "model.tar.gz predicts 1 where evaluation does"),
        (
            'print(\'{"predictions": [{"error": {"field": "age"}}]}\')',
            "model.tar.gz predicts nan where evaluation does",
        ),
    ],
)
def test_evaluation_fails_where_its_artefact_does_not_answer_as_it_does(
    trained: Jobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str, reason: str
) -> None:
    jobs = Jobs(shutil.copytree(trained.root, tmp_path / "copy"))
    find_code = serving._find_code
    broken = [("inference/__main__.py", code.encode())]
    monkeypatch.setattr(serving, "_find_code", lambda package: [*find_code(package), *broken])
    assert jobs.evaluate() == 1
    assert jobs.message.startswith(reason)
