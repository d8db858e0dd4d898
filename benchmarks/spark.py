"""`python -m benchmarks.spark` times the jobs from raw data to the split on Spark, and on one machine.

In turn, with one core and with two, on the same machine, and each job by itself, as on AWS. Spark is started as the
local runner does it. That both write the same is checked.
"""

import argparse
import hashlib
import json
import math
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.jobs import Container, place_raw, run_jobs, write_employees
from benchmarks.measurement import CORES, Measurement, add, print_medians, to_json
from benchmarks.results import save
from local_runner.errors import RefusedError
from local_runner.spark.environment import ENVIRONMENT, check_spark, spark_variables
from operations.prices import find_hourly_usd
from stacks.training.code_archive import step_archive
from stacks.training.spark_libraries import fetch_wheel

REPORT = "data-quality/data_quality.json"
OUTPUTS = ("feature-model", "rejected", "train", "validation", "test", "readable-test")
IN_PIECES = ("cleaned", "transformed")
"""Outputs that Spark leaves in pieces, each with a header."""

REGION, INSTANCE = "eu-west-1", "ml.m5.xlarge"
"""Whose price is taken: the usual ones."""

BLOCK_BYTES = 1 << 22


@dataclass(frozen=True)
class Way:
    """Where the jobs run."""

    cores: int
    on_spark: bool

    @property
    def name(self) -> str:
        """What tables call it."""
        return f"{'Spark' if self.on_spark else 'one machine'}, {self.cores} core{'s' * (self.cores > 1)}"

    @property
    def folder(self) -> str:
        """Where its files lie."""
        return f"{'spark' if self.on_spark else 'one-machine'}-{self.cores}"


WAYS = tuple(Way(cores, on_spark) for cores in sorted({1, CORES}) for on_spark in (False, True))

Measured = Mapping[Way, Sequence[Measurement]]


def make_spark_container() -> Container:
    """Return what the local runner runs a step on Spark in."""
    archive = partial(step_archive, on_spark=True)
    return Container(str(ENVIRONMENT / "bin" / "python3"), archive, [fetch_wheel()], spark_variables())


def compare(raw: Path, folder: Path, runs: int) -> dict[Way, list[Measurement]]:
    """Return what each way takes with the file *raw*, run by run; exit where one writes something else."""
    measured: dict[Way, list[Measurement]] = {way: [] for way in WAYS}
    for number in range(runs):
        for way in WAYS:
            place_raw(raw, folder / way.folder)
            container = make_spark_container() if way.on_spark else Container()
            measured[way].append(add(run_jobs(folder / way.folder, container, cores=way.cores)))
        for way in WAYS[1:] if not number else ():
            if differences := find_differences(folder / WAYS[0].folder, folder / way.folder):
                sys.exit(f"{way.name}: {', '.join(differences)} not as with {WAYS[0].name}: correct one")
    return measured


def find_differences(one: Path, other: Path) -> list[str]:
    """Return which outputs below the two folders are not the same bytes, pieces put together.

    But means and deviations of data quality may differ in their last digits: numpy 1, which the Spark image has, adds
    up in another order.
    """
    different = [] if _read_report(one) == _read_report(other) else ["data-quality"]
    different += [name for name in OUTPUTS if _digest_files(one / name) != _digest_files(other / name)]
    return different + [name for name in IN_PIECES if _digest_pieces(one / name) != _digest_pieces(other / name)]


def _read_report(folder: Path) -> Any:
    text = (folder / REPORT).read_text(encoding="utf-8")
    return json.loads(text, parse_float=lambda number: f"{float(number):.12g}")


def _digest_files(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def _digest_pieces(folder: Path) -> str:
    """Return the digest of all rows, and of their header once."""
    total = hashlib.sha256()
    for number, path in enumerate(sorted(folder.iterdir())):
        with path.open("rb") as file:
            header = file.readline()
            total.update(b"" if number else header)
            for block in _blocks(file):
                total.update(block)
    return total.hexdigest()


def _blocks(file: Any) -> Iterator[bytes]:
    while block := file.read(BLOCK_BYTES):
        yield block


@dataclass(frozen=True)
class Line:
    """How long rows take, as a line through what two sizes take."""

    start_s: float
    row_s: float

    @property
    def usd_per_million(self) -> float:
        """What 1,000,000 rows cost on the usual instance, without the start of its jobs."""
        return (find_hourly_usd(REGION, INSTANCE) or math.nan) * self.row_s * 1e6 / 3_600


def fit_line(seconds: Mapping[int, float]) -> Line:
    """Return the line through the *seconds* that the least and the most rows take.

    >>> fit_line({1_000_000: 30.0, 5_000_000: 70.0})
    Line(start_s=20.0, row_s=1e-05)
    """
    least, most = min(seconds), max(seconds)
    row_s = (seconds[most] - seconds[least]) / (most - least)
    return Line(seconds[least] - row_s * least, row_s)


def fit_lines(sizes: Mapping[int, Measured]) -> dict[Way, Line]:
    """Return the line of each way, through medians."""
    return {
        way: fit_line({rows: statistics.median(each.wall_s for each in found[way]) for rows, found in sizes.items()})
        for way in WAYS
    }


def describe(lines: Mapping[Way, Line]) -> None:
    """Print the lines, what a row costs, and where they cross."""
    print(f"\n{'':24}{'start s':>10}{'s per million':>16}{'USD per million':>18}   {INSTANCE}, {REGION}")
    for way, line in lines.items():
        print(f"{way.name:24}{line.start_s:10.1f}{line.row_s * 1e6:16.2f}{line.usd_per_million:18.5f}")
    for cores in sorted({way.cores for way in lines}):
        alone, spark = lines[Way(cores, on_spark=False)], lines[Way(cores, on_spark=True)]
        print(f"{cores} core{'s' * (cores > 1)}: Spark is faster {tell_crossover(alone, spark)}")


def tell_crossover(alone: Line, spark: Line) -> str:
    """Return from which size on Spark is faster, in words.

    >>> tell_crossover(Line(1.0, 2e-6), Line(21.0, 1e-6)), tell_crossover(Line(1.0, 1e-6), Line(21.0, 2e-6))
    ('from 20,000,000 rows on', 'at no size')
    """
    if min(alone.row_s, spark.row_s) <= 0:
        return "from a size on that these do not tell: rows take no time beside the start"
    saved = alone.row_s - spark.row_s
    return f"from {(spark.start_s - alone.start_s) / saved:,.0f} rows on" if saved > 0 else "at no size"


def main(argv: Sequence[str]) -> int:
    """Measure as often as asked and print medians and where the lines cross."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spark", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 5_000_000])
    parser.add_argument("--runs", type=int, nargs="+", default=[3, 1], help="one number for each of --rows")
    parser.add_argument("--data", type=Path, help="keep the made-up employees there, for other benchmarks")
    options = parser.parse_args(argv)
    try:
        check_spark("bench")
    except RefusedError as error:
        print(f"skipped: {error}")
        return 0
    sizes: dict[int, Measured] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        for rows, runs in zip(options.rows, options.runs, strict=True):
            folder = Path(scratch) / f"{rows}"
            raw = write_employees((options.data or folder) / f"employees-{rows}.csv", rows)
            sizes[rows] = compare(raw, folder, runs)
            print_medians({way.name: found for way, found in sizes[rows].items()})
            print(f"{rows:,} rows: the same in all outputs")
    lines = fit_lines(sizes) if len(sizes) > 1 else {}
    describe(lines)
    figures = {rows: to_json({way.name: each for way, each in found.items()}) for rows, found in sizes.items()}
    save("spark", {"sizes": figures, "lines": {way.name: asdict(line) for way, line in lines.items()}})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
