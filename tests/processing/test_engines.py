"""The jobs over the raw data write the same bytes for any number of processes and parts, and say so when one dies."""

import contextlib
import json
import os
import random
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from data.mock_data import COLUMNS, employees
from processing.engines.engine import Rows
from processing.engines.pool import Pool
from processing.features.order_statistics import Numbers, Tally, count_intervals, count_within, find_intervals
from processing.job import JobError, open_whole, run
from tests.processing.jobs import Jobs, column, good_rows

OUTPUTS = ("cleaned", "transformed", "feature-model", "rejected", "train", "validation", "test", "readable-test")

Written = dict[str, Any]


def write_hard_rows(jobs: Jobs) -> None:
    """Write two files of all kinds of rows, some of which are in both or twice, and one with a mark in a field."""
    chance, rows = random.Random(3), [list(row) for row in employees(1_500, seed=3)]
    for row in chance.sample(rows, 200):
        row[column("name")] = 'Ada\n"the"\r\nCountess'
    for row in [each for each in chance.sample(rows, 60) if len(each) == 8]:
        again = [*row]
        again[column("age")] = chance.choice([row[column("age")], "33"])
        rows.insert(chance.randrange(len(rows)), again)
    jobs.write(rows[:900], "a.csv")
    jobs.write([[], *rows[900:]], "b.csv")
    lines = [",".join([*row[:6], "", row[7]]) for row in good_rows(100)]
    text = "\n".join([",".join(COLUMNS), *lines])
    (jobs.raw / "c.csv").write_text(text.replace(",Sales,", ',Sales 5",'))


def run_jobs(jobs: Jobs) -> Written:
    """Return the exit codes, the messages and all that the jobs wrote."""
    written: Written = {}
    for job in (jobs.check_quality, jobs.preprocess, jobs.split):
        (jobs.root / "message").unlink(missing_ok=True)
        written[job.__name__] = (job(), jobs.message if (jobs.root / "message").exists() else "")
    for name in OUTPUTS:
        written |= {f"{name}/{path.name}": path.read_bytes() for path in (jobs.root / name).glob("*")}
    written["report"] = json.loads((jobs.root / "data-quality/data_quality.json").read_text())
    for figures in written["report"]["columns"].values():
        for name in ("mean", "standard_deviation"):
            if name in figures:
                figures[name] = pytest.approx(figures[name], rel=1e-14)
    return written


@pytest.fixture(autouse=True)
def _jobs_run_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let jobs have two processes, on a machine of one core, too: in place of the fixture of the other modules."""
    monkeypatch.setattr("processing.engines.pool.count_cores", lambda: 2)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_jobs_write_the_same_bytes_for_any_number_of_processes_parts_and_ranges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    one, other = (Jobs(tmp_path / name, maximum_rejected_share=0.5) for name in ("one", "other"))
    for jobs in (one, other):
        write_hard_rows(jobs)
    monkeypatch.setattr("processing.engines.pool.count_cores", lambda: 1)
    expected = run_jobs(one)
    assert expected["preprocess"] == expected["split"] == (0, "")
    assert b"duplicate" in expected["rejected/rejected.csv"]
    monkeypatch.setattr("processing.engines.pool.count_cores", lambda: workers)
    monkeypatch.setattr("processing.records.parts.PART_BYTES", 20_000)
    monkeypatch.setattr("processing.features.key_ranges.RANGE_BYTES", 30_000)
    assert run_jobs(other) == expected


@pytest.mark.parametrize("fault", ["not UTF-8", "never closed", "too many rejected", "no salary"])
def test_message_of_a_job_that_fails_is_that_of_one_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    rows = good_rows(300)
    for row in rows:
        row[column("salary")] = "" if fault == "no salary" else row[column("salary")]
    for row in rows[200 : 250 if fault == "too many rejected" else 200]:
        row[column("bonus")] = "n/a"
    messages = []
    for part_bytes in (1 << 40, 3_000):
        jobs = Jobs(tmp_path / str(part_bytes))
        path = jobs.write(rows)
        if fault == "not UTF-8":
            path.write_bytes(path.read_bytes().replace(rows[250][3].encode(), b"5\xe9"))
        if fault == "never closed":
            path.write_bytes(path.read_bytes().replace(rows[250][1].encode(), b'"Ada', 1))
        monkeypatch.setattr("processing.records.parts.PART_BYTES", part_bytes)
        assert jobs.preprocess() == 1
        messages.append(jobs.message)
    assert messages[0] == messages[1]


@contextlib.contextmanager
def open_pool(scratch: Path, workers: int = 2) -> Iterator[Pool]:
    with contextlib.ExitStack() as stack:
        yield Pool(scratch, workers, stack)


def end_by_signal(number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_process_that_is_killed_fails_the_job_in_one_line(tmp_path: Path) -> None:
    with (
        open_pool(tmp_path) as pool,
        pytest.raises(JobError, match=r"^a process of the job was ended.*larger instance"),
    ):
        pool.map(end_by_signal, [1, 2, 3])


def fill_the_disk(_number: int) -> None:
    Path("/dev/full").write_bytes(b"row")


def test_full_disk_fails_the_job_in_one_line(tmp_path: Path) -> None:
    def work() -> None:
        with open_pool(tmp_path) as pool:
            pool.map(fill_the_disk, [1, 2])

    assert run(work, message=tmp_path / "message") == 1
    assert (tmp_path / "message").read_text() == (
        "the job's volume is full: set a larger volume_size_gb in the stage's settings"
    )


def start_processes(scratch: Path, writer: int, number: int) -> int:
    """Start two processes of this one's own, of which one kills this one."""
    with open_pool(scratch) as pool:
        pool.map(partial(kill_and_outlive, os.getpid(), writer), [number, 2])
    return number


def kill_and_outlive(process: int, writer: int, number: int) -> None:
    if number == 1:
        os.kill(process, signal.SIGKILL)
    time.sleep(10)
    os.write(writer, b"still here")
    os._exit(1)


def test_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    with open_pool(tmp_path) as pool, pytest.raises(JobError):
        pool.map(partial(start_processes, tmp_path, writer), [1, 1])
    os.close(writer)
    with os.fdopen(reader, "rb") as said:
        assert said.read() == b""


def refuse(number: int) -> int:
    raise JobError(f"number {number}: give another")


def test_refusal_of_another_process_is_that_of_the_job(tmp_path: Path) -> None:
    with open_pool(tmp_path) as pool, pytest.raises(JobError, match=r"^number 1: give another$"):
        pool.map(refuse, [1, 2])


def get_process(_item: int) -> int:
    return os.getpid()


@pytest.mark.parametrize(("workers", "items"), [(1, 5), (4, 1)])
def test_one_core_or_one_item_needs_no_other_process(tmp_path: Path, workers: int, items: int) -> None:
    with open_pool(tmp_path, workers) as pool:
        assert pool.map(get_process, range(items)) == [os.getpid()] * items


def wait_for_others(folder: Path, item: int) -> bool:
    """Return whether three items are worked on at the same time."""
    (folder / str(item)).touch()
    deadline = time.monotonic() + 5
    while (count := len(list(folder.iterdir()))) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    return count == 3


def test_all_cores_work_after_fewer_items_than_cores(tmp_path: Path) -> None:
    (tmp_path / "items").mkdir()
    with open_pool(tmp_path, workers=3) as pool:
        pool.map(get_process, [1, 2])
        assert pool.map(partial(wait_for_others, tmp_path / "items"), [1, 2, 3]) == [True] * 3


def yield_numbers(item: int) -> Rows[str]:
    for number in range(4):
        if number != 2:
            yield number, pa.RecordBatch.from_pydict({"item": [item], "number": [number]})
    return f"summary of {item}"


def list_items(number: int, batches: list[pa.RecordBatch]) -> tuple[int, list[int]]:
    return number, sorted(item for batch in batches for item in batch["item"].to_pylist())


def keep_first(number: int, batches: list[pa.RecordBatch]) -> tuple[pa.RecordBatch, int]:
    rows = pa.RecordBatch.from_pydict({"item": list_items(number, batches)[1][:1]}, pa.schema([("item", pa.int64())]))
    return rows, rows.num_rows


@pytest.mark.parametrize("workers", [1, 2])
def test_rows_are_spread_by_range_and_read_or_rewritten_as_often_as_asked(tmp_path: Path, workers: int) -> None:
    with open_pool(tmp_path, workers) as pool:
        summaries, ranges = pool.spread(yield_numbers, [7, 8, 9], 4)
        assert summaries == [f"summary of {item}" for item in (7, 8, 9)]
        everything = [(0, [7, 8, 9]), (1, [7, 8, 9]), (2, []), (3, [7, 8, 9])]
        assert [ranges.map(list_items), ranges.map(list_items, only=[1, 3])] == [everything, everything[1::2]]
        counts, first = ranges.rewrite(keep_first)
        assert counts == [1, 1, 0, 1]
        assert first.map(list_items) == [(0, [7]), (1, [7]), (2, []), (3, [7])]


def test_file_that_cannot_be_written_to_its_end_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), open_whole(tmp_path / "train.csv") as file:
        file.writelines(path.read_bytes() for path in [tmp_path / "missing"])
    assert list(tmp_path.iterdir()) == []


def test_medians_and_quantiles_of_parts_are_to_the_bit_those_of_numpy() -> None:
    chance = np.random.default_rng(1)
    for number in range(200):
        count = int(chance.integers(1, 60))
        values = [
            chance.normal(size=count),
            chance.integers(18, 67, count).astype(float),
            np.round(chance.lognormal(11, 0.3, count), 2),
            chance.choice([-1, 0, 1], count) * 10.0 ** chance.uniform(-30, 30, count),
        ][number % 4]
        parts = np.array_split(values, 3)
        intervals = Tally.merge(map(count_intervals, parts))
        middles = find_intervals(intervals, (1 / 3, 1 / 2, 2 / 3))
        numbers = Numbers(intervals, Tally.merge(map(partial(count_within, intervals=middles), parts)))
        assert numbers.median() == np.median(values)
        assert [numbers.quantile(1 / 3), numbers.quantile(2 / 3)] == np.quantile(values, [1 / 3, 2 / 3]).tolist()


def test_pieces_of_an_engine_of_several_machines_are_split_as_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = Jobs(tmp_path / "one"), Jobs(tmp_path / "other")
    for jobs in (one, other):
        jobs.write(good_rows(300))
    monkeypatch.setattr("processing.features.key_ranges.RANGE_BYTES", 5_000)
    assert one.preprocess() == one.split() == 0
    monkeypatch.setattr(Pool, "is_one_machine", False)
    assert other.preprocess() == other.split() == 0
    for name in ("cleaned", "transformed"):
        (whole,), pieces = (sorted((jobs.root / name).iterdir()) for jobs in (one, other))
        assert len(pieces) > 5
        assert {piece.name.partition(".")[2] for piece in pieces} <= {f"{n:05}-of-00016.csv" for n in range(16)}
        header, *rows = whole.read_text().splitlines()
        texts = [piece.read_text().splitlines() for piece in pieces]
        assert {text[0] for text in texts} == {header}
        assert [row for text in texts for row in text[1:]] == rows
    for name in ("feature-model", "train", "validation", "test", "readable-test"):
        assert one.read(name) == other.read(name)
