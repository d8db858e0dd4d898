"""`python -m benchmarks.processing` times the jobs from raw data to the split against one polars program that does all.

They run in turn, so that what the machine is doing meanwhile falls on both. That the program writes the same is checked
(`benchmarks.agreement`); `benchmarks.polars_way` says what it leaves out.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.jobs import JOBS, SEED, place_raw, run_jobs, write_employees
from benchmarks.measurement import Measurement, add, measure, print_medians, to_json
from benchmarks.results import format_range, save

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv-bench" / "bin" / "python"
OURS, POLARS, QUALITY = "data quality, preprocess, split", "polars", "polars, data quality alone"


@dataclass(frozen=True)
class Round:
    """What our jobs and the polars program took, one after the other."""

    jobs: Sequence[Measurement]
    polars: Measurement
    polars_quality: Measurement
    """Of a polars program that stops at data quality."""
    phases: dict[str, float]
    """Of the polars program, in seconds."""

    @property
    def ours(self) -> Measurement:
        """What our jobs took together."""
        return add(self.jobs)

    @property
    def wall_ratio(self) -> float:
        """How many times as long our jobs take."""
        return self.ours.wall_s / self.polars.wall_s

    @property
    def wall_ratio_of_jobs(self) -> float:
        """The same where polars, as we do, parses the file in data quality and again afterwards."""
        return self.ours.wall_s / (self.polars.wall_s - self.phases["data quality"] + self.polars_quality.wall_s)


def run(raw: Path, folder: Path, python: Path) -> Round:
    """Do the work both ways on the file *raw*, in *folder*."""
    place_raw(raw, folder)
    polars = folder / "polars"
    program = [str(python), str(Path(__file__).parent / "polars_way.py"), str(raw), str(polars)]
    jobs, whole, quality = run_jobs(folder), measure([*program, SEED]), measure(program)
    return Round(jobs, whole, quality, json.loads((polars / "report.json").read_text(encoding="utf-8"))["phases"])


def check_agreement(folder: Path) -> None:
    """Exit unless what both have written in *folder* is the same."""
    command = [sys.executable, "-m", "benchmarks.agreement", str(folder), str(folder / "polars")]
    if subprocess.run(command, check=False, cwd=ROOT).returncode:
        sys.exit("no figure is worth anything as long as both ways differ")


def summarize(rows: int, rounds: Sequence[Round]) -> dict[str, Any]:
    """Return the figures of *rounds* on so many rows."""
    jobs = dict(zip(JOBS, zip(*(each.jobs for each in rounds), strict=True), strict=True))
    ours = [each.ours for each in rounds]
    polars = {POLARS: [each.polars for each in rounds], QUALITY: [each.polars_quality for each in rounds]}
    print_medians({**jobs, OURS: ours, **polars})
    phases = {name: statistics.median(each.phases[name] for each in rounds) for name in rounds[0].phases}
    print(f"polars, phases: {', '.join(f'{name} {seconds:.2f} s' for name, seconds in phases.items())}")
    return {
        "rows": rows,
        "runs": to_json({**jobs, **polars}),
        "polars_phases_s": phases,
        "wall_ratios": [each.wall_ratio for each in rounds],
        "wall_ratios_of_jobs": [each.wall_ratio_of_jobs for each in rounds],
        "cpu_ratios": [each.ours.cpu_s / each.polars.cpu_s for each in rounds],
        "peak_mb": [each.peak_mb for each in ours],
        "us_per_row": [each.wall_s / rows * 1e6 for each in ours],
    }


def find_growth(sizes: Mapping[int, Mapping[str, Any]]) -> dict[str, list[float]]:
    """Return, run by run, how many times as long a row of each size takes as one of the least."""
    least, *others = sorted(sizes)
    return {
        f"{rows}/{least}": [
            large / small for large, small in zip(sizes[rows]["us_per_row"], sizes[least]["us_per_row"], strict=True)
        ]
        for rows in others
    }


def describe(sizes: Mapping[int, Mapping[str, Any]], growth: Mapping[str, Sequence[float]]) -> None:
    """Print ratios."""
    for rows, found in sizes.items():
        print(f"\n{rows:,} rows, ours / polars:")
        print(f"  wall time, polars parses once   {format_range(found['wall_ratios'], 2)}")
        print(f"  wall time, it parses as we do   {format_range(found['wall_ratios_of_jobs'], 2)}")
        print(f"  CPU time, polars parses once    {format_range(found['cpu_ratios'], 2)}")
    for name, factors in growth.items():
        print(f"time a row, {name} rows: {format_range(factors, 2)}")


def main(argv: Sequence[str]) -> int:
    """Measure as often as asked and print medians and ratios."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.processing", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 5_000_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--data", type=Path, help="keep the made-up employees there, for other benchmarks")
    parser.add_argument("--python", type=Path, default=PYTHON, help="one that has polars")
    options = parser.parse_args(argv)
    sizes: dict[int, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        for rows in options.rows:
            folder = Path(scratch) / f"{rows}"
            folder.mkdir()
            raw = write_employees((options.data or folder) / f"employees-{rows}.csv", rows)
            rounds = [run(raw, folder, options.python)]
            check_agreement(folder)
            rounds += [run(raw, folder, options.python) for _ in range(options.runs - 1)]
            print(f"\n{rows:,} rows: outputs equal, row by row and digit by digit")
            sizes[rows] = summarize(rows, rounds)
    growth = find_growth(sizes)
    describe(sizes, growth)
    save("processing", {"sizes": sizes, "growth": growth})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
