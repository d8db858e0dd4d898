"""What it takes to run a step on Spark here, and how to get it."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from local_runner.errors import RefusedError

ENVIRONMENT = Path(__file__).parents[2] / ".venv-spark"
"""Python and Spark of the image, which `make spark` installs; its libraries come with the step."""

JAVA = "17"
"""That of the image, and the newest that Spark 3.5 runs on."""


def check_spark(step: str, environment: Path = ENVIRONMENT, path: str | None = None) -> None:
    """Raise `RefusedError` unless what *step* needs is installed; programs are looked for in *path*, or in PATH."""
    if not (environment / ".ready").is_file():
        raise RefusedError(f"step {step} runs on Spark, which is not installed here: run make spark, with Python 3.12")
    found = find_java(path)
    if found != JAVA:
        what = f"Java {found}" if found else "no Java"
        raise RefusedError(
            f"step {step} runs on Spark, and {what} is found: install Java {JAVA}, such as Debian's"
            f" openjdk-{JAVA}-jre-headless, and put it first in PATH"
        )


def find_java(path: str | None = None) -> str:
    """Return the version of the Java that is first in *path*; empty where there is none."""
    java = shutil.which("java", path=path)
    if java is None:
        return ""
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    match = re.search(r'version "(\d+)', told)
    return match[1] if match else ""


def spark_variables(environment: Path = ENVIRONMENT) -> Mapping[str, str]:
    """Return the environment of a step on Spark: its Python and the stand-in for `smspark-submit` come first."""
    paths = (environment / "bin", Path(__file__).with_name("bin"))
    return {"PATH": os.pathsep.join([*map(str, paths), os.environ["PATH"]])}
