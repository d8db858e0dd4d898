"""`python -m benchmarks.scoring` times the scoring job on as many raw records as asked, faults included."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.evaluation import make_artefact
from benchmarks.jobs import run_job
from benchmarks.measurement import Measurement, print_medians, save_measurements
from data.mock_data import main as write_mock_data

FOLDERS = ("raw", "champion-model", "predictions", "rejected")


def run(folder: Path, contributions: str) -> Measurement:
    """Score once."""
    return run_job("score", folder, FOLDERS, ["--champion", "champion/1", "--contributions", contributions])


def main(argv: Sequence[str]) -> int:
    """Measure as often as asked and print medians."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scoring", description=__doc__)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        print(f"making a model, and writing {options.rows:,} employees ...", flush=True)
        folder = Path(scratch)
        make_artefact(folder / "training")
        (folder / "training" / "serving").rename(folder / "champion-model")
        write_mock_data(["--rows", str(options.rows), "--out", str(folder / "raw" / "employees.csv"), "--seed", "2"])
        names = {"score": "false", "score, with contributions": "true"}
        rounds = [[run(folder, each) for each in names.values()] for _ in range(options.runs)]
        summary = json.loads((folder / "predictions" / "scoring.json").read_text(encoding="utf-8"))
    measured = dict(zip(names, zip(*rounds, strict=True), strict=True))
    print_medians(measured)
    counts = {name: summary[name] for name in ("rows", "scored", "rejected")}
    print(f"\n{', '.join(f'{count:,} {name}' for name, count in counts.items())}")
    save_measurements("scoring", measured, **counts)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
