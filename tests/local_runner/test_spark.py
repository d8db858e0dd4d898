"""A step on Spark runs here where Java and Python are; where not, that is said before any step starts."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from artefacts.definition.graph import all_steps
from local_runner.containers import images
from local_runner.containers.images import check_images, program
from local_runner.errors import RefusedError
from local_runner.spark import submit
from local_runner.spark.environment import check_spark

IMAGE = "571004829621.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-spark-processing:3.5-cpu-py312-v1.3"


def write_program(folder: Path, name: str, code: str) -> None:
    (folder / name).write_text(f"#!{sys.executable}\n{code}")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("version", "found"),
    [("1.8.0_392", "Java 1 is found"), ("21.0.1", "Java 21 is found"), ("", "no Java is found")],
)
def test_java_that_spark_does_not_run_on_is_refused(tmp_path: Path, version: str, found: str) -> None:
    (tmp_path / ".ready").touch()
    if version:
        write_program(tmp_path, "java", f"import sys; sys.stderr.write('openjdk version \"{version}\" 2026-11-17')")
    with pytest.raises(RefusedError) as refusal:
        check_spark("EmpBonusDataQuality", tmp_path, str(tmp_path))
    assert str(refusal.value) == (
        f"step EmpBonusDataQuality runs on Spark, and {found}: install Java 17, such as Debian's"
        " openjdk-17-jre-headless, and put it first in PATH"
    )


def test_java_of_the_image_is_accepted(tmp_path: Path) -> None:
    (tmp_path / ".ready").touch()
    write_program(tmp_path, "java", "import sys; sys.stderr.write('openjdk version \"17.0.21.1\" 2026-11-17')")
    check_spark("EmpBonusDataQuality", tmp_path, str(tmp_path))


def test_spark_that_is_not_installed_is_refused_with_the_command_that_installs_it(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as refusal:
        check_spark("EmpBonusDataQuality", tmp_path, "")
    assert str(refusal.value) == (
        "step EmpBonusDataQuality runs on Spark, which is not installed here: run make spark, with Python 3.12"
    )


def test_steps_on_spark_are_checked_before_any_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(images, "check_spark", asked.append)
    arguments = {"AppSpecification": {"ImageUri": IMAGE}}
    (step,) = all_steps([{"Name": "Prepare", "Type": "Processing", "Arguments": arguments}])
    check_images(step)
    assert asked == ["Prepare"]


def test_step_on_spark_finds_python_and_smspark_submit_of_its_own_environment_first() -> None:
    found = program(IMAGE, ["python3", "/opt/ml/processing/input/code/0.zip"], {"DATA_VERSION": "v"})
    python, stand_in, *_ = map(Path, found.environment["PATH"].split(":"))
    assert (python.parent.name, python.name) == (".venv-spark", "bin")
    assert (stand_in / "smspark-submit").stat().st_mode & 0o111, "it can be executed"
    assert found.command[0] == "python3"
    assert found.environment["DATA_VERSION"] == "v"


@pytest.fixture
def ml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a host whose `spark-submit` writes down what it is given, and ends as its last argument says."""
    code = "import json, sys; json.dump(sys.argv[1:], open('seen.json', 'w')); sys.exit(int(sys.argv[-1]))"
    write_program(tmp_path, "spark-submit", code)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for folder in ("config", "processing/scratch", "processing/input/conf"):
        (tmp_path / folder).mkdir(parents=True)
    classifications = [
        {"Classification": "spark-defaults", "Properties": {"spark.driver.memory": "1024m"}},
        {"Classification": "yarn-site", "Properties": {"yarn.nodemanager.local-dirs": "/scratch"}},
    ]
    (tmp_path / "processing/input/conf/configuration.json").write_text(json.dumps(classifications))
    return tmp_path


def be_host(ml: Path, name: str) -> None:
    config: dict[str, Any] = {"current_host": name, "hosts": ["algo-1", "algo-2"]}
    (ml / "config/resourceconfig.json").write_text(json.dumps(config))


def test_first_host_runs_the_program_on_all_cores_with_the_jobs_configuration(ml: Path) -> None:
    be_host(ml, "algo-1")
    assert submit.main(["--py-files", "code.zip", "submitted.py", "0"], ml) == 0
    *options, properties, _, _, _, _ = json.loads((ml / "seen.json").read_text())
    assert options == ["--master", "local[*]", "--properties-file"]
    assert Path(properties).read_text().splitlines()[0] == "spark.driver.memory 1024m"
    assert not (ml / "output").exists()


def test_other_hosts_leave_the_work_to_the_first(ml: Path) -> None:
    be_host(ml, "algo-2")
    assert submit.main(["submitted.py", "0"], ml) == 0
    assert not (ml / "seen.json").exists()


def test_failure_is_told_in_the_words_of_the_image(ml: Path) -> None:
    be_host(ml, "algo-1")
    assert submit.main(["submitted.py", "3"], ml) == 3
    assert (ml / "output/message").read_text().startswith("Algorithm Error: (caused by CalledProcessError)")
