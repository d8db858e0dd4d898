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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.jobs import JOBS, SEED, place_raw, run_jobs, write_employees
from benchmarks.measurement import Measurement, add, measure, print_medians, to_json
from benchmarks.results import format_range, save

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv-bench" / "bin" / "python"
OURS, POLARS = "data quality, preprocess, split", "polars"


@dataclass(frozen=True)
class Round:
    """What our jobs and the polars program took, one after the other."""

    jobs: Sequence[Measurement]
    polars: Measurement
    phases: dict[str, float]
    """Of the polars program, in seconds."""

    @property
    def ours(self) -> Measurement:
        """What our jobs took together."""
        return add(self.jobs)


def run(raw: Path, folder: Path, python: Path) -> Round:
    """Do the work both ways on the file *raw*, in *folder*."""
    place_raw(raw, folder)
    polars = folder / "polars"
    program = [str(python), str(Path(__file__).parent / "polars_way.py"), str(raw), str(polars), SEED]
    jobs, measured = run_jobs(folder), measure(program)
    return Round(jobs, measured, json.loads((polars / "report.json").read_text(encoding="utf-8"))["phases"])


def check_agreement(folder: Path) -> None:
    """Exit unless what both have written in *folder* is the same."""
    command = [sys.executable, "-m", "benchmarks.agreement", str(folder), str(folder / "polars")]
    if subprocess.run(command, check=False, cwd=ROOT).returncode:
        sys.exit("no figure is worth anything as long as both ways differ")


def summarize(rows: int, rounds: Sequence[Round]) -> dict[str, Any]:
    """Return the figures of *rounds* on so many rows."""
    jobs = dict(zip(JOBS, zip(*(each.jobs for each in rounds), strict=True), strict=True))
    ours, polars = [each.ours for each in rounds], [each.polars for each in rounds]
    print_medians({**jobs, OURS: ours, POLARS: polars})
    phases = {name: statistics.median(each.phases[name] for each in rounds) for name in rounds[0].phases}
    print(f"polars, phases: {', '.join(f'{name} {seconds:.2f} s' for name, seconds in phases.items())}")
    return {
        "rows": rows,
        "runs": to_json({**jobs, POLARS: polars}),
        "polars_phases_s": phases,
        "wall_ratios": [one.wall_s / other.wall_s for one, other in zip(ours, polars, strict=True)],
        "cpu_ratios": [one.cpu_s / other.cpu_s for one, other in zip(ours, polars, strict=True)],
        "peak_mb": [each.peak_mb for each in ours],
        "us_per_row": [each.wall_s / rows * 1e6 for each in ours],
    }


def main(argv: Sequence[str]) -> int:
    """Measure as often as asked and print medians and ratios."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.processing", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 5_000_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--data", type=Path, help="keep the made-up employees there, for other benchmarks")
    parser.add_argument("--python", type=Path, default=PYTHON, help="one that has polars")
    options = parser.parse_args(argv)
    sizes = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        for rows in options.rows:
            folder = Path(scratch) / f"{rows}"
            folder.mkdir()
            raw = write_employees((options.data or folder) / f"employees-{rows}.csv", rows)
            rounds = [run(raw, folder, options.python)]
            check_agreement(folder)
            rounds += [run(raw, folder, options.python) for _ in range(options.runs - 1)]
            print(f"\n{rows:,} rows: outputs equal, row by row and digit by digit")
            sizes[f"{rows}"] = summarize(rows, rounds)
    least, most = min(options.rows), max(options.rows)
    growth = [
        large / small
        for large, small in zip(sizes[f"{most}"]["us_per_row"], sizes[f"{least}"]["us_per_row"], strict=True)
    ]
    for rows, found in sizes.items():
        print(f"{int(rows):,} rows: wall time, ours / polars {format_range(found['wall_ratios'], 2)}", end="; ")
        print(f"CPU {format_range(found['cpu_ratios'], 2)}")
    print(f"time a row, {most:,} / {least:,} rows: {format_range(growth, 2)}")
    save("processing", {"sizes": sizes, "growth": {f"{most}/{least}": growth}})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
