"""Runs the processing jobs from their archives, as their containers do, and measures them."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measurement import CORES, Measurement, measure
from data.mock_data import main as write_mock_data
from stacks.training.code_archive import step_archive

SEED = "emp-bonus"
JOBS = ("data quality", "preprocess", "split")


def write_employees(path: Path, rows: int) -> Path:
    """Write made-up employees to *path*, unless another benchmark has done so; return it."""
    if not path.is_file():
        print(f"writing {rows:,} employees ...", flush=True)
        write_mock_data(["--rows", str(rows), "--out", str(path.with_suffix(".part"))])
        path.with_suffix(".part").rename(path)
    return path


def run_jobs(folder: Path, cores: int = CORES) -> list[Measurement]:
    """Run data quality, preprocessing and split on what lies below *folder*."""
    (folder / "baseline").mkdir(exist_ok=True)  # there is none
    options = ["--split-seed", SEED, "--maximum-rejected-share", "0.05", "--minimum-training-rows", "32"]
    preprocess = ["raw", "cleaned", "transformed", "feature-model", "rejected"]
    split = ["cleaned", "transformed", "feature-model", "train", "validation", "test", "readable-test"]
    return [
        run_job("data_quality", folder, ["raw", "baseline", "data-quality"], cores=cores),
        run_job("preprocess", folder, preprocess, options, cores=cores),
        run_job("split", folder, split, cores=cores),
    ]


def run_job(
    job: str, folder: Path, names: Sequence[str], options: Sequence[str] = (), *, cores: int = CORES
) -> Measurement:
    """Run *job* from its archive, as its container does, with the folder below *folder* that each of *names* has."""
    config, code = folder / "resourceconfig.json", folder / f"{job}.zip"
    config.write_text(json.dumps({"current_host": "algo-1", "hosts": ["algo-1"]}))
    code.write_bytes(step_archive(job))
    arguments = [str(word) for name in names for word in (f"--{name}", folder / name)]
    arguments += ["--resource-config", str(config), "--message", str(folder / "message")]
    return measure([sys.executable, str(code), *arguments, *options], cores=cores, DATA_VERSION="benchmark")
