"""Stands in for `smspark-submit`: Spark in one process of this machine, on all of its cores, in place of a cluster.

It is started in the folder that is `/opt/ml`. Of several hosts the first does all the work, and the others nothing. As
the image's, it reads the configuration, and writes its own message when the job fails; aws/sagemaker-spark-container.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str], ml: Path) -> int:
    """Submit what *argv* says and return its exit code."""
    config = json.loads((ml / "config/resourceconfig.json").read_text(encoding="utf-8"))
    if config["current_host"] != sorted(config["hosts"])[0]:
        return 0
    scratch = ml / "processing/scratch"
    properties = scratch / "spark-defaults.conf"
    properties.write_text("".join(f"{name} {value}\n" for name, value in _read_properties(ml).items()))
    submit = ["spark-submit", "--master", "local[*]", "--properties-file", str(properties), *argv]
    variables = {**os.environ, "PYSPARK_PYTHON": "python3", "SPARK_LOCAL_DIRS": str(scratch)}
    exit_code = subprocess.call(submit, env=variables)
    if exit_code:
        said = "Algorithm Error: (caused by CalledProcessError): spark failed with a non-zero exit code"
        (ml / "output").mkdir(exist_ok=True)
        (ml / "output/message").write_text(said, encoding="utf-8")
    return exit_code


def _read_properties(ml: Path) -> dict[str, str]:
    """Return what the job sets of Spark; it needs no name of this machine, and no network but its own."""
    text = (ml / "processing/input/conf/configuration.json").read_text(encoding="utf-8")
    (ours,) = (each["Properties"] for each in json.loads(text) if each["Classification"] == "spark-defaults")
    return {**ours, "spark.driver.host": "localhost", "spark.driver.bindAddress": "127.0.0.1"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path.cwd()))
