"""Runs the processing jobs from their archives, as their containers do, and measures them."""

import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measurement import CORES, Measurement, measure
from data.mock_data import main as write_mock_data
from stacks.training.code_archive import step_archive

SEED = "emp-bonus"
JOBS = ("data quality", "preprocess", "split")


@dataclass(frozen=True)
class Container:
    """What stands in for the container of a job: the scikit-learn image's by default."""

    python: str = sys.executable
    archive: Callable[[str], bytes] = step_archive
    """Returns the code of a job."""
    libraries: Sequence[Path] = ()
    """Which the image lacks, as files."""
    variables: Mapping[str, str] = field(default_factory=dict)


def write_employees(path: Path, rows: int) -> Path:
    """Write made-up employees to *path*, unless another benchmark has done so; return it."""
    if not path.is_file():
        print(f"writing {rows:,} employees ...", flush=True)
        write_mock_data(["--rows", str(rows), "--out", str(path.with_suffix(".part"))])
        path.with_suffix(".part").rename(path)
    return path


def place_raw(raw: Path, folder: Path) -> None:
    """Put the file *raw* below *folder*, where the jobs look for it."""
    link = folder / "raw" / "employees.csv"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.hardlink_to(raw)


def run_jobs(folder: Path, container: Container = Container(), *, cores: int = CORES) -> list[Measurement]:
    """Run data quality, preprocessing and split on what lies below *folder*."""
    (folder / "baseline").mkdir(exist_ok=True)  # there is none
    options = ["--split-seed", SEED, "--maximum-rejected-share", "0.05", "--minimum-training-rows", "32"]
    preprocess = ["raw", "cleaned", "transformed", "feature-model", "rejected"]
    split = ["cleaned", "transformed", "feature-model", "train", "validation", "test", "readable-test"]
    return [
        run_job("data_quality", folder, ["raw", "baseline", "data-quality"], container=container, cores=cores),
        run_job("preprocess", folder, preprocess, options, container=container, cores=cores),
        run_job("split", folder, split, ["--train-files", "1"], container=container, cores=cores),
    ]


def run_job(
    job: str,
    folder: Path,
    names: Sequence[str],
    options: Sequence[str] = (),
    *,
    container: Container = Container(),
    cores: int = CORES,
) -> Measurement:
    """Run *job* from its archive, as its container does, with the folder below *folder* that each of *names* has."""
    ml = folder / "ml"  # what is /opt/ml there
    config, code, message = ml / "config" / "resourceconfig.json", ml / f"{job}.zip", ml / "output" / "message"
    libraries = ml / "processing" / "input" / "libraries"
    for path in (config.parent, message.parent, libraries):
        path.mkdir(parents=True, exist_ok=True)
    for each in container.libraries:
        shutil.copy(each, libraries)
    config.write_text(json.dumps({"current_host": "algo-1", "hosts": ["algo-1"]}))
    code.write_bytes(container.archive(job))
    arguments = [str(word) for name in names for word in (f"--{name}", folder / name)]
    arguments += ["--resource-config", str(config), "--message", str(message), *options]
    command = [container.python, str(code), *arguments]
    return measure(command, cores=cores, cwd=ml, **container.variables, DATA_VERSION="benchmark")
