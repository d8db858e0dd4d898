"""Starts a job of ours in SageMaker's Spark image: what `python3 ARCHIVE OPTIONS` does there, on every host of the job.

The image lacks pyarrow, and a job without a network can install nothing: its libraries are an input. What the image
does otherwise is known from aws/sagemaker-spark-container, src/smspark; that it does so on SageMaker is our guess.
"""

import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SUBMITTED = "submitted.py"
"""Member of the archive that runs on Spark: it puts the job and the engine together."""


def launch(argv: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the archive that *argv* begins with on Spark, with the options that follow; return the job's exit code."""
    archive, *options = argv
    message_index = options.index("--message") + 1
    message = Path(options[message_index])
    ml = message.parents[1]
    # Beside inputs and outputs, which are on the job's volume: the container's own disk is small.
    scratch = ml / "processing/scratch"
    libraries = _unpack(archive, ml / "processing/input/libraries", scratch)
    _write_configuration(ml / "processing/input/conf/configuration.json", scratch, libraries)
    # smspark-submit writes a message of its own over that of a job which fails.
    own = scratch / "message"
    options[message_index] = str(own)
    path = os.pathsep.join(filter(None, [str(libraries), environment.get("PYTHONPATH")]))
    command = ["smspark-submit", "--py-files", archive, str(scratch / SUBMITTED), *options]
    try:
        exit_code = subprocess.call(command, env={**environment, "PYTHONPATH": path})
        if own.is_file():
            shutil.copyfile(own, message)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)  # as far as no daemon still writes there
    return exit_code


def _unpack(archive: str, wheels: Path, scratch: Path) -> Path:
    """Unpack what has to be files: Spark's program, and libraries that Python cannot load from an archive."""
    libraries = scratch / "python"
    for wheel in sorted(wheels.iterdir()):
        with zipfile.ZipFile(wheel) as file:
            file.extractall(libraries)
    with zipfile.ZipFile(archive) as file:
        file.extract(SUBMITTED, scratch)
    return libraries


def _write_configuration(path: Path, scratch: Path, libraries: Path) -> None:
    memory_mib = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(configure(memory_mib, scratch, libraries)), encoding="utf-8")


def configure(memory_mib: int, scratch: Path, libraries: Path) -> list[dict[str, Any]]:
    """Return what is set otherwise than in the image, on hosts that have so much memory.

    The image gives nearly all of it to the JVM of one executor per host. Our rows are in that executor's Python
    processes, whose memory is `memoryOverhead`; four tenths are left to Hadoop's daemons and the driver.
    """
    heap_mib = max(1_024, memory_mib // 8)
    spark = {
        "spark.driver.memory": f"{heap_mib}m",
        "spark.driver.maxResultSize": "0",
        "spark.executor.memory": f"{heap_mib}m",
        "spark.executor.memoryOverhead": f"{memory_mib * 6 // 10 - heap_mib}m",
        "spark.executorEnv.PYTHONPATH": str(libraries),
        "spark.ui.enabled": "false",
    }
    return [
        {"Classification": "spark-defaults", "Properties": spark},
        {"Classification": "yarn-site", "Properties": {"yarn.nodemanager.local-dirs": f"{scratch}/yarn"}},
    ]
