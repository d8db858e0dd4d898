"""`python -m benchmarks.monitoring` judges nine kinds of traffic, unchanged and shifted windows, and very much of it.

Windows go through the monitor job's own code, and the nine kinds and the many records through the job itself, as its
container runs it. Some of the same windows are judged by Evidently's DataDriftPreset as it is, in a process beside ours
and an environment of its own.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.evaluation import make_artefact
from benchmarks.jobs import run_job
from benchmarks.measurement import Measurement, print_medians
from benchmarks.results import save
from benchmarks.traffic_kinds import KINDS, Row, change, list_rows
from benchmarks.windows import SENSITIVITY, VERSION, answer_lines, compare, draw, shift, write_windows
from inference.application import Answerer
from inference.artefact import read_artefact
from processing.contract.data_contract import read_contract
from processing.contract.report import Figures, read_baseline
from processing.monitoring.captured import Span, read_requests
from processing.monitoring.traffic import RequestReader
from processing.monitoring.verdict import Verdict
from processing.monitoring.window import Window

PYTHON = Path(__file__).parents[1] / ".venv-bench" / "bin" / "python"
END = datetime(2026, 11, 27, 6, tzinfo=UTC)
TIME, START = END - timedelta(hours=1), END - timedelta(hours=24)

POOL_RECORDS, KIND_RECORDS, BLOCK_RECORDS = 30_000, 1_000, 50_000
SIZES = (300, 1_000)
"""Of unchanged windows: the least that the settings judge, and more."""
SHIFTS: Mapping[str, Sequence[float]] = {
    "age": (0.1, 0.2, 0.3, 0.4, 0.5),
    "salary": (0.1, 0.2, 0.3, 0.4, 0.5),
    "department": (0.05, 0.1, 0.15, 0.2, 0.3),
}
"""In standard deviations, and in shares of the rows."""
SHIFTED_SIZE = 300
POWER_WINDOWS, THEIR_SHIFTED_WINDOWS = 200, 10
THEIR_COLUMNS = ("age", "department")


def prepare(folder: Path) -> tuple[Answerer, Figures]:
    """Train a model on made-up employees; return what answers with it, and the figures of its data."""
    artefact = read_artefact(make_artefact(folder))
    (folder / "baseline").mkdir()  # there is none
    run_job("data_quality", folder, ["raw", "baseline", "data-quality"])
    baseline = read_baseline(folder / "data-quality")
    if baseline is None:
        sys.exit("data quality has written no report")
    return Answerer(artefact, VERSION, figures=True), baseline


def watch(folder: Path, baseline: Path, lines: Iterator[str]) -> tuple[Measurement, dict[str, Any]]:
    """Have the monitor job judge captured *lines*; return what it took, and what it wrote."""
    (folder / "traffic").mkdir(parents=True, exist_ok=True)
    with (folder / "traffic" / "captured.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(lines)
    if not (folder / "baseline").exists():
        (folder / "baseline").symlink_to(baseline)
    options = {
        "champion": f"package/{VERSION}",
        "minimum-records": SENSITIVITY.minimum_records,
        "limit-share": SENSITIVITY.limit_share,
        "drifted-share": SENSITIVITY.drifted_share,
        "window-end": END.isoformat(),
    }
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    measured = run_job("monitor", folder, ["traffic", "baseline", "monitoring"], words)
    return measured, json.loads((folder / "monitoring" / "monitoring.json").read_text(encoding="utf-8"))


def read_pool(folder: Path, lines: Iterator[str]) -> pa.RecordBatch:
    """Return captured *lines* as the records that the job judges."""
    (folder / "pool.jsonl").write_text("".join(lines), encoding="utf-8")
    unreadable, window = Counter[str](), Window()
    reader = RequestReader(read_contract(), VERSION, unreadable)
    for requests in read_requests(folder, Span(START, END), unreadable):
        window.add(reader.read(requests))
    return window.find_records()


def judge_kinds(folder: Path, baseline: Path, answerer: Answerer, rows: Sequence[Row]) -> dict[str, Any]:
    """Return the verdict on each kind of traffic, and what it is for."""
    found = {}
    for kind in KINDS:
        _, document = watch(folder, baseline, answer_lines(list(change(rows, kind)), answerer, TIME))
        found[kind] = {"verdict": document["verdict"], "moved": [each["text"] for each in document["moved"]]}
        print(f"{kind:32} {document['message'][:150]}", flush=True)
    return found


def find_false_alarms(pool: pa.RecordBatch, baseline: Figures, windows: int) -> dict[str, Any]:
    """Return, by the size of unchanged windows, how many are called drifted or severe, and for which columns."""
    found = {}
    for size in SIZES:
        judged = [compare(window, baseline) for window in draw(pool, size, windows, seed=size)]
        alarms = [drift for verdict, drift in judged if verdict is not Verdict.HOLDS]
        reasons = Counter(
            f"{each.comparison.column}: {each.comparison.rule}" for drift in alarms for each in drift.moved
        )
        severe = sum(verdict is Verdict.SEVERE for verdict, _ in judged)
        found[str(size)] = {"rate": [len(alarms) / windows], "severe": severe / windows, "reasons": dict(reasons)}
        print(
            f"{windows:,} unchanged windows of {size}: {len(alarms)} alarms, {severe} severe {dict(reasons)}",
            flush=True,
        )
    return found


def find_power(pool: pa.RecordBatch, baseline: Figures, windows: int) -> dict[str, dict[str, float]]:
    """Return, by column and shift, which share of windows is called drifted or severe."""
    power: dict[str, dict[str, float]] = {}
    for column, amounts in SHIFTS.items():
        for amount in amounts:
            drawn = draw(pool, SHIFTED_SIZE, windows, seed=7)
            verdicts = [compare(shift(each, column, amount, baseline), baseline)[0] for each in drawn]
            found = sum(verdict is not Verdict.HOLDS for verdict in verdicts) / windows
            power.setdefault(column, {})[str(amount)] = found
        print(f"{column}: {', '.join(f'{amount} {found:.1%}' for amount, found in power[column].items())}", flush=True)
    return power


def start_evidently(
    folder: Path,
    python: Path,
    pool: pa.RecordBatch,
    baseline: Figures,
    kinds: Mapping[str, pa.RecordBatch],
    windows: int,
) -> "subprocess.Popen[bytes]":
    """Start Evidently on unchanged and shifted windows, and on the nine kinds; it writes evidently.json."""
    given = {name: [window] for name, window in kinds.items()}
    given["unchanged"] = list(draw(pool, SHIFTED_SIZE, windows, seed=SHIFTED_SIZE))
    for column in THEIR_COLUMNS:
        for amount in SHIFTS[column]:
            drawn = draw(pool, SHIFTED_SIZE, THEIR_SHIFTED_WINDOWS, seed=7)
            given[f"{column} {amount}"] = [shift(each, column, amount, baseline) for each in drawn]
    write_windows(folder / "windows.csv", given)
    program = Path(__file__).parent / "evidently_way.py"  # -P: beside it are modules called like its own libraries
    paths = [folder / "raw" / "employees.csv", folder / "windows.csv", folder / "evidently.json"]
    return subprocess.Popen([str(python), "-P", str(program), *map(str, paths)])


def summarize_evidently(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return, by the name of windows, in which share of them a column, and half of them, are called drifted."""
    found = {
        name: {
            "windows": len(each),
            "a column": sum(one["count"] > 0 for one in each) / len(each),
            "half of the columns": sum(one["share"] >= 0.5 for one in each) / len(each),
        }
        for name, each in document["windows"].items()
    }
    print(f"\nEvidently, CPU s for a window: {document['cpu_s_of_one']:.2f}")
    for name, each in found.items():
        print(
            f"{name:32} of {each['windows']}: a column {each['a column']:.1%}, half {each['half of the columns']:.1%}"
        )
    return {"cpu_s_of_one": document["cpu_s_of_one"], "windows": found}


def measure_volume(
    folder: Path, baseline: Path, answerer: Answerer, sizes: Sequence[int]
) -> dict[str, dict[str, list[float]]]:
    """Return what the job takes for so many captured requests of a record each, all of different employees."""
    block = "".join(answer_lines(list_rows(BLOCK_RECORDS, seed=4), answerer, TIME, records=1))
    measured, found = {}, {}
    for size in sizes:
        measurement, document = watch(folder / f"{size}", baseline, _multiply(block, size))
        shutil.rmtree(folder / f"{size}")
        if document["records"]["captured"] != size:
            sys.exit(f"{size:,} records were captured, and {document['records']} found")
        measured[f"monitor, {size:,} records"] = [measurement]
        found[str(size)] = {
            **{name: [value] for name, value in asdict(measurement).items()},
            "records_per_s": [size / measurement.wall_s],
            "distinct_estimate": [document["records"]["distinct"] / size],
        }
        print(f"{size:,}: {document['message']}; {document['records']}", flush=True)
    print_medians(measured)
    return found


def _multiply(block: str, records: int) -> Iterator[str]:
    """Yield *block*, the requests of `BLOCK_RECORDS` employees, until they are *records*, each time of others."""
    for number in range(records // BLOCK_RECORDS):
        yield block.replace('\\"E0', f'\\"E{number + 1}')


def _as_window(rows: Sequence[Row], kind: str) -> pa.RecordBatch:
    """Return what Evidently is given of *rows* as this kind of traffic has them."""
    ages, salaries, departments = zip(*(each[2:5] for each in change(rows, kind)), strict=True)
    numbers = {"age": ages, "salary": salaries}
    columns = {name: [float(each) if each else None for each in values] for name, values in numbers.items()}
    return pa.RecordBatch.from_pydict({**columns, "department": [each or None for each in departments]})


def main(argv: Sequence[str]) -> int:
    """Measure, print and keep everything."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.monitoring", description=__doc__)
    parser.add_argument("--windows", type=int, default=4_000, help="unchanged ones of each size")
    parser.add_argument(
        "--their-windows", type=int, default=100, help="of the smaller ones, those that Evidently judges"
    )
    parser.add_argument("--records", type=int, nargs=2, default=[500_000, 5_000_000])
    parser.add_argument("--python", type=Path, default=PYTHON, help="one that has Evidently")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = Path(scratch)
        print("training a model ...", flush=True)
        answerer, baseline = prepare(folder)
        report = folder / "data-quality"
        rows = list_rows(KIND_RECORDS, seed=5)
        (folder / "pool").mkdir()
        pool = read_pool(folder / "pool", answer_lines(list_rows(POOL_RECORDS, seed=3), answerer, TIME))
        theirs = {kind: _as_window(rows, kind) for kind in KINDS}
        evidently = start_evidently(folder, options.python, pool, baseline, theirs, options.their_windows)
        figures: dict[str, Any] = {"kinds": judge_kinds(folder / "kinds", report, answerer, rows)}
        figures["false_alarms"] = find_false_alarms(pool, baseline, options.windows)
        figures["power"] = find_power(pool, baseline, POWER_WINDOWS)
        if evidently.wait():
            sys.exit("Evidently has failed: see above")
        figures["evidently"] = summarize_evidently(json.loads((folder / "evidently.json").read_text(encoding="utf-8")))
        figures["volume"] = measure_volume(folder / "volume", report, answerer, options.records)
    save("monitoring", figures)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
