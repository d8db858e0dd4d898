"""An archive in the Spark image takes its libraries along, sets Spark up, and keeps the job's own message."""

import json
import sys
import zipfile
from pathlib import Path

import pytest

from processing.engines.launcher import configure, launch

GIB = 1_024

# What the image's own does, as far as an archive sees it: it runs the program, and writes over a failure's message.
SUBMIT = """#!{python}
import json, os, subprocess, sys
from pathlib import Path
ml = Path({ml!r})
(ml / "seen.json").write_text(json.dumps([sys.argv[1:], os.environ["PYTHONPATH"], os.environ["DATA_VERSION"]]))
code = subprocess.call([sys.executable, *sys.argv[3:]])
if code:
    (ml / "output/message").write_text("Algorithm Error: (caused by CalledProcessError)")
sys.exit(code)
"""

# A program that needs a library of the input, and fails as a job does where it is told to.
PROGRAM = """
import sys
from pathlib import Path
import brought
message, code = sys.argv[sys.argv.index("--message") + 1], int(sys.argv[-1])
if code == 3:
    Path(message).write_text(brought.TEXT)
sys.exit(code)
"""


@pytest.fixture
def ml(tmp_path: Path) -> Path:
    """What is /opt/ml to a container, with a library as its input."""
    for folder in ("output", "processing/input/libraries", "bin"):
        (tmp_path / folder).mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "processing/input/libraries/0a1b.zip", "w") as file:
        file.writestr("brought.py", 'TEXT = "data contract violated: 2 violations"')
    with zipfile.ZipFile(tmp_path / "code.zip", "w") as file:
        file.writestr("submitted.py", PROGRAM)
    submit = tmp_path / "bin/smspark-submit"
    submit.write_text(SUBMIT.format(python=sys.executable, ml=str(tmp_path)))
    submit.chmod(0o755)
    return tmp_path


def run(ml: Path, code: int) -> int:
    argv = [str(ml / "code.zip"), "--raw", "in", "--message", str(ml / "output/message"), str(code)]
    return launch(argv, {"PATH": str(ml / "bin"), "PYTHONPATH": "before", "DATA_VERSION": "v"})


def test_job_is_submitted_with_its_options_environment_and_the_libraries_that_it_brought(ml: Path) -> None:
    assert run(ml, 0) == 0
    argv, python_path, version = json.loads((ml / "seen.json").read_text())
    scratch = ml / "processing/scratch"
    assert argv[:5] == ["--py-files", str(ml / "code.zip"), str(scratch / "submitted.py"), "--raw", "in"]
    assert (python_path, version) == (f"{scratch}/python:before", "v")
    assert not (ml / "output/message").exists()
    assert not scratch.exists(), "a folder of the job has nothing left but what is uploaded"


def test_message_and_exit_code_of_a_failed_job_are_its_own(ml: Path) -> None:
    assert run(ml, 3) == 3
    assert (ml / "output/message").read_text() == "data contract violated: 2 violations"


def test_job_that_says_nothing_leaves_the_message_of_spark(ml: Path) -> None:
    assert run(ml, 1) == 1
    assert (ml / "output/message").read_text().startswith("Algorithm Error")


def test_configuration_is_where_the_image_reads_it_and_leaves_scratch_on_the_jobs_volume(ml: Path) -> None:
    run(ml, 0)
    written = json.loads((ml / "processing/input/conf/configuration.json").read_text())
    found = {each["Classification"]: each["Properties"] for each in written}
    assert found["yarn-site"]["yarn.nodemanager.local-dirs"] == f"{ml}/processing/scratch/yarn"
    assert found["spark-defaults"]["spark.executorEnv.PYTHONPATH"] == f"{ml}/processing/scratch/python"


@pytest.mark.parametrize(
    ("memory_gib", "heap", "workers"), [(8, 1_024, 3_891), (16, 2_048, 7_782), (64, 8_192, 31_129)]
)
def test_memory_is_for_python_and_what_is_left_for_the_daemons_and_the_driver(
    memory_gib: int, heap: int, workers: int
) -> None:
    spark, _ = configure(memory_gib * GIB, Path("/scratch"), Path("/python"))
    properties = spark["Properties"]
    assert properties["spark.executor.memory"] == properties["spark.driver.memory"] == f"{heap}m"
    assert properties["spark.executor.memoryOverhead"] == f"{workers}m"
    assert 2 * heap + workers <= memory_gib * GIB * 0.75
