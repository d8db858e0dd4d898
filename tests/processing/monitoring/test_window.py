"""Each distinct record counts once, in memory that does not grow with the traffic."""

import numpy as np
import pyarrow as pa
import pytest

from processing.monitoring.records import SCHEMA
from processing.monitoring.traffic import Traffic
from processing.monitoring.window import Window
from tests.processing.monitoring.monitor_job import MonitorJob, Row, answer, answer_record, line, part
from tests.processing.monitoring.test_captured_traffic import read


def traffic(identities: list[int], age: float = 40.0) -> Traffic:
    """Return records of which nothing counts but who they are, and an age."""
    empty = {field.name: pa.nulls(len(identities), field.type) for field in SCHEMA}
    columns = {**empty, "identity": pa.array(identities, pa.uint64()), "age": pa.array([age] * len(identities))}
    return Traffic(pa.RecordBatch.from_pydict(columns, schema=SCHEMA), len(identities), 0)


def test_employee_counts_once_however_often_and_in_whatever_request(job: MonitorJob, rows: list[Row]) -> None:
    again = [answer_record(rows[0]) for _ in range(50)]
    job.write([line(part(answer(*again))), line(part(answer(*again)), event="e2")])
    records, window, _ = read(job)
    assert (window.captured, window.count_distinct(), records.num_rows) == (100, 1, 1)


def test_records_without_an_id_count_once_if_their_figures_are_equal(job: MonitorJob, rows: list[Row]) -> None:
    anonymous = [answer_record(row, named=False) for row in (*rows[:9], *rows[:9])]
    job.write([line(part(answer(*anonymous))), line(part(answer(*map(answer_record, rows[:9]))))])
    assert read(job)[0].num_rows == 18, "nine without an id, nine with one"


def test_rejected_records_without_an_id_count_each_once(job: MonitorJob) -> None:
    rejected = {"error": {"field": "salary", "reason": "not a number"}}
    twice = [line(part(answer(rejected, rejected)), event=event) for event in ("e1", "e1", "e2")]
    job.write(twice)
    assert read(job)[0].num_rows == 4, "a line that was delivered twice is no other request"


def test_first_of_equal_records_counts() -> None:
    window = Window(size=10)
    window.add([traffic([5], age=30.0), traffic([5], age=60.0)])
    window.add([traffic([5], age=70.0)])
    assert window.find_records()["age"].to_pylist() == [30.0]


@pytest.mark.parametrize("chunk", [1_000, 97])
def test_sample_is_the_smallest_hashes_and_tells_how_many_there_are(chunk: int) -> None:
    hashes = np.random.default_rng(3).integers(0, 2**64, 40_000, dtype=np.uint64)
    window = Window(size=2_000)
    most = 0
    for start in range(0, len(hashes), chunk):
        window.add([traffic(hashes[start : start + chunk].tolist())] * 2)
        most = max(most, sum(each.num_rows for each in window._kept))
    assert window.find_records()["identity"].to_pylist() == sorted(hashes.tolist())[:2_000]
    assert window.count_distinct() == pytest.approx(40_000, rel=0.07)
    assert window.captured == 80_000
    assert most <= 2 * 2_000 + chunk


def test_as_many_as_are_kept_are_counted_and_not_estimated() -> None:
    window = Window(size=100)
    window.add([traffic(list(range(100)))])
    assert window.count_distinct() == 100


def test_number_of_records_whose_hashes_are_evenly_spread_is_estimated_exactly() -> None:
    window = Window(size=100)
    window.add([traffic(list(range(0, 2**64, 2**54)))])
    assert window.count_distinct() == 1_024
