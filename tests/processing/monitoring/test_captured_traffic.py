"""Captured files of every form are read alike; what is broken is counted, never quoted, and never ends the job."""

import csv
import datetime
import io
import json
import logging
import tracemalloc
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from data.mock_data import COLUMNS
from processing.contract.data_contract import read_contract
from processing.monitoring import captured
from processing.monitoring.captured import Span, read_requests
from processing.monitoring.records import SCHEMA, State
from processing.monitoring.traffic import RequestReader
from processing.monitoring.window import Window
from tests.processing.monitoring.monitor_job import (
    VERSION,
    MonitorJob,
    Record,
    Row,
    answer,
    answer_record,
    line,
    part,
)

END = datetime.datetime(2026, 11, 27, 6, tzinfo=datetime.UTC)
SPAN = Span(END - datetime.timedelta(hours=24), END)
MARK = "Telltale"

Rows = Sequence[Row]


def read(job: MonitorJob) -> tuple[pa.RecordBatch, Window, Counter[str]]:
    """Return the distinct records below the job's traffic, the window, and what could not be read."""
    unreadable: Counter[str] = Counter()
    reader, window = RequestReader(read_contract(), VERSION, unreadable), Window()
    for requests in read_requests(job.root / "traffic", SPAN, unreadable):
        window.add(reader.read(requests))
    return window.find_records(), window, +unreadable


def in_lines(rows: Rows) -> str:
    return "".join(json.dumps({"model_version": VERSION, **answer_record(row)}) + "\n" for row in rows)


def in_json(rows: Rows, indent: int | None = None) -> str:
    return json.dumps(json.loads(answer(*map(answer_record, rows))), indent=indent)


ANSWERS: dict[str, Callable[[Rows], Record]] = {
    "JSON": lambda rows: part(in_json(rows)),
    "JSON over several lines": lambda rows: part(in_json(rows, indent=2)),
    "BASE64 of JSON": lambda rows: part(in_json(rows), encoding="BASE64"),
    "BASE64 with a charset": lambda rows: part(in_json(rows), 'Application/JSON; charset="UTF-8"', "BASE64"),
    "JSON Lines": lambda rows: part(in_lines(rows), "application/jsonlines"),
    "BASE64 of JSON Lines": lambda rows: part(in_lines(rows), "application/jsonlines", "BASE64"),
}


@pytest.mark.parametrize("form", ANSWERS)
@pytest.mark.parametrize("size", [1, 7])
def test_answers_of_every_form_are_the_same_records(job: MonitorJob, rows: Rows, form: str, size: int) -> None:
    job.write(line(ANSWERS[form](rows[start : start + size])) for start in range(0, 70, size))
    records, window, unreadable = read(job)
    job.write([line(part(in_json(rows[:70])))])
    assert records.equals(read(job)[0])
    assert (records.num_rows, window.captured, window.rejected, unreadable) == (70, 70, 0, {})
    assert records["prediction"].to_pylist() == [7_500.0] * 70


def sent(rows: Rows) -> list[Record]:
    named = (dict(zip(COLUMNS, row, strict=True)) for row in rows)
    return [{name: value for name, value in row.items() if name not in ("name", "bonus")} for row in named]


def in_csv(rows: Rows) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([COLUMNS, *rows])
    return file.getvalue()


REQUESTS: dict[str, Callable[[Rows], Record]] = {
    "JSON": lambda rows: part(json.dumps(sent(rows))),
    "JSON Lines": lambda rows: part("\n".join(map(json.dumps, sent(rows))), "application/jsonlines"),
    "CSV": lambda rows: part(in_csv(rows), "text/csv; charset=utf-8", "CSV"),
    "BASE64 of CSV": lambda rows: part(in_csv(rows), "text/csv", "BASE64"),
}


@pytest.mark.parametrize("form", REQUESTS)
@pytest.mark.parametrize("answered", [False, True])
def test_requests_of_every_form_are_the_same_records_where_answers_have_no_figures(
    job: MonitorJob, rows: Rows, form: str, answered: bool
) -> None:
    predictions = part(answer(*({"prediction": 7_500.0} for _ in rows[:70])))
    job.write([line(predictions if answered else None, sent=REQUESTS[form](rows[:70]))])
    records, window, unreadable = read(job)
    job.write([line(part(in_json(rows[:70])))])
    expected = read(job)[0]
    assert (window.captured, window.rejected, unreadable) == (70, 0, {})
    for name in set(SCHEMA.names) - {"prediction"}:
        assert records[name].equals(expected[name]), name
    assert records["prediction"].null_count == (0 if answered else 70)


def test_figures_are_preferred_to_the_request(job: MonitorJob, rows: Rows) -> None:
    job.write([line(part(in_json(rows[:3])), sent=part("nonsense"))])
    assert (read(job)[0].num_rows, read(job)[2]) == (3, {})


HOSTILE: dict[str, tuple[bytes | str, str]] = {
    "text": (MARK, "not a captured request in JSON"),
    "half a line": (line(part(answer()))[:-9], "not a captured request in JSON"),
    "a list": (f'["{MARK}"]', "not a captured request in JSON"),
    "bytes": (b"\x00\xff\xfe\x1f\x8b" + MARK.encode(), "not a captured request in JSON"),
    "text that is not UTF-8": (
        line(part(MARK)).encode().replace(b"Tell", b"\xff\xfe"),
        "not a captured request in JSON",
    ),
    "half a surrogate pair": (line(part(f"{MARK}\ud800")), "not a captured request in JSON"),
    "another type": (line(part(MARK)).replace(f'"{MARK}"', "61803"), "not a captured request in JSON"),
    "a member twice": (line(part(MARK)).replace('"data"', '"data": "", "data"'), "not a captured request in JSON"),
    "deep nesting": ('{"captureData": ' + "[" * 100_000, "not a captured request in JSON"),
    "two on a line": (line(part(answer())) + line(part(answer())), "not a captured request in JSON"),
    "null": ("null", "no time with its zone"),
    "an empty object": ("{}", "no time with its zone"),
    "no zone": (line(part(MARK), time="2026-11-27T05:00:00"), "no time with its zone"),
    "a day that is none": (line(part(MARK), time="2026-02-31T05:00:00Z"), "no time with its zone"),
    "no time": (line(part(MARK), time=MARK), "no time with its zone"),
    "no data": (line(), "no figures in the answer, and no request"),
    "another answer": (
        line(part(f'{{"predictions": [{{"score": 1.5, "{MARK}": 1}}]}}')),
        "no figures in the answer, and no request",
    ),
    "a refusal": (line(part(f'{{"error": "{MARK}"}}')), "no figures in the answer, and no request"),
    "an answer of nulls": (line(part('{"predictions": [null, null]}')), "no figures in the answer, and no request"),
    "an answer that is null": (line(part("null")), "no figures in the answer, and no request"),
    "an answer in CSV": (line(part(f"1,{MARK}", "text/csv", "CSV")), "no figures in the answer, and no request"),
    "broken BASE64": (line({**part("x"), "data": f"{MARK}!", "encoding": "BASE64"}), "not BASE64"),
    "another encoding": (line(part(MARK, encoding="ZIP")), "another encoding or charset"),
    "another charset": (line(part(MARK, "application/json; charset=utf-16")), "another encoding or charset"),
    "another endpoint's request": (line(sent=part(f"{MARK},1\n2,3", "text/csv", "CSV")), "a request that is refused"),
    "a request with NaN": (line(sent=part(f'{{"age": NaN, "department": "{MARK}"}}')), "a request that is refused"),
    "a deep request": (line(sent=part("[" * 100_000)), "a request that is refused"),
    "a picture": (line(sent=part(MARK, "image/png", "BASE64")), "a request that is refused"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_broken_line_is_counted_by_its_reason_and_its_neighbours_are_read(
    job: MonitorJob, rows: Rows, baseline: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    broken, reason = HOSTILE[name]
    good = [line(part(in_json(rows[:20]))), line(part(in_json(rows[20:40])))]
    job.write([good[0], broken, "", good[1]])
    with caplog.at_level(logging.DEBUG):
        assert job.run(baseline=baseline) == 0
    assert job.document["records"] == {
        "captured": 40,
        "distinct": 40,
        "judged": 40,
        "rejected": 0,
        "unreadable": {reason: 1},
    }
    assert MARK not in caplog.text + json.dumps(job.document)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"null\nnull", b"\x00" * 5_000, b"{" * 5_000])
def test_file_without_any_request_is_not_enough_data(job: MonitorJob, baseline: Path, content: bytes) -> None:
    job.write([content])
    assert job.run(baseline=baseline) == 0
    assert (job.document["verdict"], job.document["records"]["captured"]) == ("not enough data", 0)


FIGURES: dict[str, tuple[str, object, State]] = {
    "NaN": ("age", float("nan"), State.INVALID),
    "infinity": ("salary", float("inf"), State.INVALID),
    "beyond the contract": ("age", 161.0, State.INVALID),
    "null": ("age", None, State.MISSING),
    "another department": ("department", MARK, State.UNKNOWN),
    "a department of any length": ("department", MARK * 100_000, State.INVALID),
    "unknown": ("department", "(unknown)", State.UNKNOWN),
    "a day that is none": ("hire_date", "2026-02-31", State.INVALID),
    "a length that is none": ("address_length", -1, State.INVALID),
    "a length beyond all": ("address_length", 1e300, State.INVALID),
}


@pytest.mark.parametrize("name", FIGURES)
def test_figure_is_judged_as_the_raw_value_would_be_and_no_text_is_kept(job: MonitorJob, rows: Rows, name: str) -> None:
    field, value, state = FIGURES[name]
    record = answer_record(rows[0])
    record["figures"][field] = value
    job.write([line(part(answer(record)))])
    records, *_ = read(job)
    source = "profile" if field == "address_length" else field
    assert records[f"{source} state"].to_pylist() == [state]
    assert MARK not in str(records.to_pylist())


def test_rejected_record_counts_in_the_field_that_it_was_rejected_for_alone(job: MonitorJob) -> None:
    reasons = {"salary": "not a number from 1,000 to 500,000", "hire_date": "missing"}
    job.write(
        [line(part(answer(*({"error": {"field": field, "reason": reason}} for field, reason in reasons.items()))))]
    )
    records, window, unreadable = read(job)
    states = {tuple(row[f"{name} state"] for name in ("salary", "hire_date", "age")) for row in records.to_pylist()}
    assert states == {(State.INVALID, State.UNSEEN, State.UNSEEN), (State.UNSEEN, State.MISSING, State.UNSEEN)}
    assert (window.captured, window.rejected, unreadable) == (2, 2, {})


def test_what_only_has_the_name_of_a_captured_file_is_passed_over(job: MonitorJob, rows: Rows) -> None:
    job.write([line(part(in_json(rows[:1])))])
    (job.root / "traffic/folder.jsonl").mkdir()
    (job.root / "traffic/link.jsonl").symlink_to("nowhere")
    assert read(job)[0].num_rows == 1


@pytest.mark.parametrize(
    ("time", "counts"),
    [
        ("2026-11-26T05:59:59.999Z", False),
        ("2026-11-26T06:00:00Z", True),
        ("2026-11-27T05:59:59.999Z", True),
        ("2026-11-27T06:00:00Z", False),
        ("2026-11-27T07:59:00+02:00", True),
        ("2026-11-27T05:59:00-02:00", False),
    ],
)
def test_record_counts_from_the_start_on_and_before_the_end(
    job: MonitorJob, rows: Rows, time: str, counts: bool
) -> None:
    job.write([line(part(in_json(rows[:1])), time=time)])
    records, _, unreadable = read(job)
    assert (records.num_rows, unreadable) == (int(counts), {})


def test_answer_of_another_version_counts_as_a_record_and_not_as_a_prediction(job: MonitorJob, rows: Rows) -> None:
    job.write([line(part(answer(*map(answer_record, rows[:5]), version="6")))])
    records, *_ = read(job)
    assert (records.num_rows, records["prediction"].null_count) == (5, 5)


def test_prediction_that_is_no_number_is_none(job: MonitorJob, rows: Rows) -> None:
    job.write([line(part(answer(answer_record(rows[0], prediction=float("nan")))))])
    assert read(job)[0]["prediction"].to_pylist() == [None]


def test_blocks_end_anywhere_and_lines_that_no_request_has_are_passed_over(
    job: MonitorJob, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [line(part(in_json(rows[start : start + 3]))) for start in range(0, 60, 3)]
    job.write(lines)
    expected = read(job)[0]
    monkeypatch.setattr(captured, "BLOCK_BYTES", 777)
    monkeypatch.setattr(captured, "MAXIMUM_LINE_BYTES", max(map(len, lines)))
    job.write([*lines[:9], MARK * 5_000, *lines[9:], MARK * 500])
    records, _, unreadable = read(job)
    assert records.equals(expected)
    assert unreadable == {"longer than a captured request": 2}


def test_line_without_an_end_takes_no_more_memory_than_the_longest_request(
    job: MonitorJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(captured, "BLOCK_BYTES", 1 << 16)
    monkeypatch.setattr(captured, "MAXIMUM_LINE_BYTES", 1 << 17)
    job.write([b"x" * (8 << 20)])
    tracemalloc.start()
    unreadable = read(job)[2]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert unreadable == {"longer than a captured request": 1}
    assert peak < 2 << 20
