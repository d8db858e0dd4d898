"""Measures commands: the time and memory of each, with all processes that it starts."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

from benchmarks.results import save

_WATCH = Path(__file__).parent / "watch.py"


@dataclass(frozen=True)
class Measurement:
    """What a command took."""

    wall_s: float
    cpu_s: float
    """Of all its processes."""
    peak_mb: float
    """Of the largest of its processes, pages that it shares with others included."""


CORES = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def measure(command: Sequence[str], *, cores: int = CORES, cwd: Path | None = None, **environment: str) -> Measurement:
    """Run *command* to its end, on Linux on the first *cores* of this process's; exit when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        out, log = Path(folder) / "measured.json", Path(folder) / "log"
        watched = [sys.executable, "-IS", str(_WATCH), str(out), str(cores), *command]
        with log.open("wb") as file:
            status = subprocess.run(
                watched, stdout=file, stderr=file, env=os.environ | environment, cwd=cwd, check=False
            ).returncode
        if status:
            sys.exit(f"{' '.join(command)} ended with status {status}:\n{log.read_text(errors='replace')[-4_000:]}")
        return Measurement(**json.loads(out.read_text(encoding="utf-8")))


def add(measured: Sequence[Measurement]) -> Measurement:
    """Return what commands take that run one after the other."""
    walls, cpus, peaks = zip(*map(astuple, measured), strict=True)
    return Measurement(sum(walls), sum(cpus), max(peaks))


def print_medians(measured: Mapping[str, Sequence[Measurement]]) -> None:
    """Print a table of what commands took, by their names."""
    print(f"\n{'':32}{'wall s':>10}{'CPU s':>10}{'peak MB':>10}   medians of {len(next(iter(measured.values())))}")
    for name, each in measured.items():
        wall, cpu, peak = (statistics.median(column) for column in zip(*map(astuple, each), strict=True))
        print(f"{name:32}{wall:10.2f}{cpu:10.2f}{peak:10.0f}")


def to_json(measured: Mapping[str, Sequence[Measurement]]) -> dict[str, list[dict[str, float]]]:
    """Return what commands took, run by run, as plain values."""
    return {name: [asdict(one) for one in each] for name, each in measured.items()}


def save_measurements(benchmark: str, measured: Mapping[str, Sequence[Measurement]], **figures: object) -> None:
    """Keep what commands took, by their names, beside other *figures*."""
    save(benchmark, {**figures, "runs": to_json(measured)})
