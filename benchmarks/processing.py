"""`python -m benchmarks.processing` times preprocessing and split against the plain pandas way, both in one run.

Each runs as a process of its own, in turn, so that what the machine is doing meanwhile falls on both. The data quality
job, which has no counterpart in pandas, is timed beside them.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

import pandas as pd

from benchmarks.results import save
from data.mock_data import main as write_mock_data
from stacks.training.code_archive import step_archive

SEED = "emp-bonus"
OUTPUTS = {
    "cleaned": "cleaned_data",
    "transformed": "transformed_data",
    "train": "train",
    "validation": "validation",
    "test": "test",
    "readable-test": "readable_test",
}
NAMES = ("plain pandas, last two jobs", "data quality", "preprocess", "split")
WITHOUT_HEADER = ("train", "validation", "test")


@dataclass(frozen=True)
class Measurement:
    """What one process took."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def measure(command: list[str], **environment: str) -> Measurement:
    """Run *command* to its end; exit with its status when it fails."""
    started = time.perf_counter()
    with tempfile.NamedTemporaryFile() as log:
        quiet = [(os.POSIX_SPAWN_DUP2, log.fileno(), 2)]
        pid = os.posix_spawn(command[0], command, os.environ | environment, file_actions=quiet)
        _, status, usage = os.wait4(pid, 0)
        if status:
            sys.exit(f"{' '.join(command)} ended with status {status}:\n{Path(log.name).read_text()}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10  # bytes there, kilobytes here
    return Measurement(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def print_medians(measured: Mapping[str, Sequence[Measurement]]) -> None:
    """Print a table of what processes took, by their names."""
    print(f"\n{'':28}{'wall s':>10}{'CPU s':>10}{'peak MB':>10}   medians of {len(next(iter(measured.values())))}")
    for name, each in measured.items():
        wall, cpu, peak = (statistics.median(column) for column in zip(*map(astuple, each), strict=True))
        print(f"{name:28}{wall:10.2f}{cpu:10.2f}{peak:10.0f}")


def save_measurements(benchmark: str, measured: Mapping[str, Sequence[Measurement]], **figures: object) -> None:
    """Keep what processes took, by their names, beside other *figures*."""
    save(benchmark, {**figures, "runs": {name: [asdict(one) for one in each] for name, each in measured.items()}})


def run_jobs(folder: Path) -> list[Measurement]:
    """Run the jobs that read the raw data, and the split."""
    (folder / "baseline").mkdir(exist_ok=True)  # there is none
    options = ["--split-seed", SEED, "--maximum-rejected-share", "0.05", "--minimum-training-rows", "32"]
    preprocess = ["raw", "cleaned", "transformed", "feature-model", "rejected"]
    split = ["cleaned", "transformed", "feature-model", "train", "validation", "test", "readable-test"]
    return [
        run_job("data_quality", folder, ["raw", "baseline", "data-quality"]),
        run_job("preprocess", folder, preprocess, options),
        run_job("split", folder, split, ["--train-files", "1"]),
    ]


def run_job(job: str, folder: Path, names: Sequence[str], options: Sequence[str] = ()) -> Measurement:
    """Run *job* from its archive, as its container does, with the folder below *folder* that each of *names* has."""
    config, code = folder / "resourceconfig.json", folder / f"{job}.zip"
    config.write_text(json.dumps({"current_host": "algo-1", "hosts": ["algo-1"]}))
    code.write_bytes(step_archive(job))
    arguments = [str(word) for name in names for word in (f"--{name}", folder / name)]
    arguments += ["--resource-config", str(config), "--message", str(folder / "message")]
    return measure([sys.executable, str(code), *arguments, *options], DATA_VERSION="benchmark")


def check_agreement(ours: Path, plain: Path) -> None:
    """Raise `AssertionError` unless both wrote the same rows."""
    for folder, name in OUTPUTS.items():
        header = None if folder in WITHOUT_HEADER else 0
        one, other = (pd.read_csv(path / f"{name}.csv", header=header) for path in (ours / folder, plain))
        pd.testing.assert_frame_equal(one, other, check_dtype=False, check_exact=True)


def main(argv: Sequence[str]) -> int:
    """Measure as often as asked and print medians and ratios."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.processing", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        ours, plain = Path(scratch) / "ours", Path(scratch) / "plain"
        raw = ours / "raw" / "employees.csv"
        print(f"writing {options.rows:,} employees ...", flush=True)
        write_mock_data(["--rows", str(options.rows), "--out", str(raw)])
        rounds = []
        for number in range(options.runs):
            reference = measure([sys.executable, "-m", "tests.processing.plain_pandas", str(raw), str(plain), SEED])
            rounds.append((reference, *run_jobs(ours)))
            print(f"run {number + 1} of {options.runs} done", flush=True)
        check_agreement(ours, plain)
    measured = dict(zip(NAMES, zip(*rounds, strict=True), strict=True))
    print_medians(measured)
    ratios = [reference.wall_s / (first.wall_s + second.wall_s) for reference, _, first, second in rounds]
    print(f"\nspeed, plain pandas / preprocess and split, run by run: {', '.join(f'{ratio:.2f}' for ratio in ratios)}")
    save_measurements("processing", measured, rows=options.rows, speed_ratios=ratios)
    print("outputs: equal, row by row and digit by digit")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
