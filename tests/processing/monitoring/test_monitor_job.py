"""The job writes what its schema says, whatever it is given, and never fails for what it finds."""

import gzip
import json
import logging
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.processing.jobs import column, good_rows
from tests.processing.monitoring.monitor_job import MonitorJob, Row, answer, answer_record, line, part
from tests.processing.monitoring.test_labels import CHAMPION as FEATURES

Rows = Sequence[Row]


def older(row: Row) -> Row:
    age = row[column("age")]
    return [*row[:2], f"{float(age) + 4:g}" if age else "", *row[3:]]


def write(job: MonitorJob, rows: Rows) -> None:
    predictions = (float(row[7]) for row in rows)
    records = [answer_record(row, prediction=each) for row, each in zip(rows, predictions, strict=True)]
    job.write(line(part(answer(*records[start : start + 10])), event=f"e{start}") for start in range(0, len(rows), 10))


def write_champion(job: MonitorJob, rmse: float = 50.0) -> None:
    for name in ("champion-feature-model", "champion-evaluation"):
        (job.root / name).mkdir()
    (job.root / "champion-feature-model/feature_model.json").write_text(FEATURES.to_json([]))
    figures = {"regression_metrics": {"rmse": {"value": rmse, "standard_deviation": 1}}}
    (job.root / "champion-evaluation/evaluation.json").write_text(json.dumps(figures))


def test_window_like_the_baseline_holds(job: MonitorJob, rows: Rows, baseline: Path) -> None:
    write(job, rows)
    assert job.run(baseline=baseline) == 0
    found = job.document
    assert (found["verdict"], found["decision"], found["told"]) == ("holds", "none", "false")
    assert found["message"] == "holds: 400 distinct records"
    assert found["window"] == {"start": "2026-11-26T06:00:00+00:00", "end": "2026-11-27T06:00:00+00:00"}
    assert list(found["columns"]) == ["age", "salary", "department", "hire_date", "profile", "prediction"]


def test_window_that_moved_starts_a_training_where_one_may_be_started(
    job: MonitorJob, rows: Rows, baseline: Path
) -> None:
    write(job, list(map(older, rows)))
    given = ("--retrain", "true", "--newest-raw", "2026-11-26T12:00:00Z", "--champion-data", "2026-11-01T12:00:00Z")
    assert job.run(*given, baseline=baseline) == 0
    found = job.document
    assert (found["verdict"], found["decision"], found["told"]) == ("drifted", "retrain", "true")
    assert found["message"].startswith("drifted: age: mean 4")
    assert found["message"].endswith("; the training starts")
    assert [each["column"] for each in found["moved"]] == ["age"]


def test_windows_know_those_before_them_and_start_one_training_a_day(
    job: MonitorJob, rows: Rows, baseline: Path
) -> None:
    write(job, list(map(older, rows)))
    given = ("--retrain", "true", "--newest-raw", "2026-11-26T12:00:00Z", "--champion-data", "2026-11-01T12:00:00Z")
    for number, end in enumerate(["2026-11-27T06:00:00Z", "2026-11-27T06:30:00Z", "2026-11-28T05:00:00Z"]):
        assert job.run(*given, "--window-end", end, baseline=baseline) == 0
        target = job.root / "history" / f"execution{number}"
        target.mkdir(parents=True)
        (job.root / "monitoring/monitoring.json").rename(target / "monitoring.json")
    last = json.loads((target / "monitoring.json").read_text())
    assert [each["decision"] for each in last["history"]] == ["retrain", "no new data", "no new data"]
    assert [each["end"][:16] for each in last["history"]] == [
        "2026-11-27T06:00",
        "2026-11-27T06:30",
        "2026-11-28T05:00",
    ]
    assert last["history"][0]["figures"]["age.maximum_mean_shift"] > 0.25
    assert "since the last one" in last["message"]


def forged(end: str = "2026-11-26T06:00:00Z", figure: str = "1", records: str = "3") -> str:
    entry = f'"end": "{end}", "verdict": "drifted", "decision": "retrain", "newest_raw": null, "records": {records}'
    return f'{{"source": "capture", "history": [{{{entry}, "figures": {{"rmse": {figure}}}}}]}}'


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "null", "[" * 100_000, '{"source": "capture", "history": [1]}', "{}"),
        *(forged(figure=each) for each in ("NaN", "-1e999", f"1{'0' * 400}")),
        *(forged(records=each) for each in ("true", "-1")),
        *(forged(end=each) for each in ("0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00")),
    ],
)
def test_earlier_document_that_cannot_be_read_is_passed_over(
    job: MonitorJob, rows: Rows, baseline: Path, text: str
) -> None:
    write(job, rows[:5])
    (job.root / "history/x").mkdir(parents=True)
    (job.root / "history/x/monitoring.json").write_text(text)
    assert job.run(baseline=baseline) == 0
    assert len(job.document["history"]) == 1


def test_repeated_records_are_not_enough_data_however_many(job: MonitorJob, rows: Rows, baseline: Path) -> None:
    write(job, list(map(older, rows[:100])) * 40)
    assert job.run(baseline=baseline) == 0
    found = job.document
    assert (found["verdict"], found["told"]) == ("not enough data", "false")
    assert found["message"] == "not enough data: 100 distinct records of 4,000, fewer than 300"


def test_records_that_were_rejected_for_their_ids_are_not_enough_data(job: MonitorJob, baseline: Path) -> None:
    error = {"field": "employee_id", "reason": "a missing marker"}
    job.write(line(part(answer({"employee_id": f"E{number}", "error": error}))) for number in range(400))
    assert job.run(baseline=baseline) == 0
    found = job.document
    assert [found["records"][name] for name in ("captured", "distinct", "judged", "rejected")] == [400, 400, 0, 400]
    assert found["message"] == "not enough data: 0 distinct records of 400, fewer than 300"


def test_without_a_champion_or_its_report_nothing_can_be_said(job: MonitorJob, rows: Rows, baseline: Path) -> None:
    write(job, rows)
    assert job.run(baseline=baseline, champion="none") == 0
    assert job.document["message"] == "not enough data: no version of the model is approved"
    assert job.run(baseline=job.root) == 0
    assert "comes without a data quality report" in job.document["message"]


def test_labels_that_came_later_tell_a_worse_model(job: MonitorJob, rows: Rows, baseline: Path) -> None:
    write(job, rows)
    write_champion(job)
    job.write_rows([[*row[:7], f"{float(row[7]) + 100:.2f}"] for row in rows], "labels")
    assert job.run(baseline=baseline) == 0
    found = job.document
    assert (found["verdict"], found["decision"]) == ("worse", "off")
    assert found["labels"]["rmse"]["value"] == pytest.approx(100)
    assert found["labels"]["registered"] == {"value": 50, "standard_deviation": 1}
    assert found["history"][-1]["figures"]["rmse"] == pytest.approx(100)
    assert job.run("--minimum-labels", "1000", baseline=baseline) == 0
    assert (job.document["verdict"], job.document["labels"]["rmse"]) == ("holds", None)


@pytest.mark.parametrize("content", ["age,salary\n1,2\n", "\x00", ""])
def test_labels_that_cannot_be_read_cost_no_verdict(job: MonitorJob, rows: Rows, baseline: Path, content: str) -> None:
    write(job, list(map(older, rows)))
    write_champion(job)
    (job.root / "labels").mkdir()
    (job.root / "labels/a.csv").write_text(content)
    assert job.run(baseline=baseline) == 0
    assert (job.document["verdict"], job.document["labels"]) == ("drifted", None)


def test_scored_files_are_watched_without_labels_window_or_history(job: MonitorJob, rows: Rows, baseline: Path) -> None:
    moved = list(map(older, rows))
    job.write_rows(
        [row[:7] for row in moved[:200]],
        "traffic",
        "a.csv",
        ["employee_id", "name", "age", "salary", "department", "hire_date", "profile"],
    )
    job.write_rows(moved[200:], "traffic", "b.csv")
    (job.root / "traffic/b.csv.gz").write_bytes(gzip.compress((job.root / "traffic/b.csv").read_bytes()))
    assert job.run(baseline=baseline, watches_files=True) == 0
    found = job.document
    assert found["source"] == "files"
    assert found["window"] == {"start": None, "end": None}
    assert found["records"] == {"captured": 600, "distinct": 400, "judged": 400, "rejected": 0, "unreadable": {}}
    assert (found["verdict"], found["decision"], found["history"]) == ("drifted", "off", [])
    assert found["message"].endswith("; the predictions are there all the same: see whether they can be used")


def test_rejected_rows_of_scored_files_are_counted(job: MonitorJob, baseline: Path) -> None:
    rows = good_rows(6)
    rows[0][column("salary")], rows[1][column("hire_date")], rows[2] = "1", "", rows[2][:5]
    job.write_rows(rows, "traffic")
    assert job.run(baseline=baseline, watches_files=True) == 0
    assert (job.document["records"]["captured"], job.document["records"]["rejected"]) == (6, 3)


@pytest.mark.parametrize("end", ["$.time", "yesterday", "2026-11-27T06:00:00", "2026-11-27"])
def test_window_end_that_is_no_time_is_refused_in_one_line(job: MonitorJob, baseline: Path, end: str) -> None:
    assert job.run("--window-end", end, baseline=baseline) == 1
    assert job.message == f"--window-end is {end!r}: give a time with its zone, like 2026-11-27T06:00:00Z"


@pytest.mark.parametrize("content", [b'{"schema_version": 1}', b"{", b"\xff\xfe"])
def test_champion_that_cannot_be_read_costs_no_verdict(
    job: MonitorJob, rows: Rows, baseline: Path, content: bytes
) -> None:
    write(job, list(map(older, rows)))
    write_champion(job)
    (job.root / "champion-feature-model/feature_model.json").write_bytes(content)
    assert job.run(baseline=baseline) == 0
    assert job.document["verdict"] == "drifted"


def test_column_that_the_champion_does_without_is_not_watched(job: MonitorJob, rows: Rows, baseline: Path) -> None:
    write(job, list(map(older, rows)))
    write_champion(job)
    path = job.root / "champion-feature-model/feature_model.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "without": ["age"]}))
    assert job.run(baseline=baseline) == 0
    assert (job.document["verdict"], "age" in job.document["columns"]) == ("holds", False)


def test_instance_that_does_not_lead_writes_nothing(job: MonitorJob, baseline: Path) -> None:
    assert job.run(baseline=baseline, host="algo-2") == 0
    assert not (job.root / "monitoring").exists()


def test_figures_of_few_records_and_of_single_ones_are_not_told(job: MonitorJob, rows: Rows, baseline: Path) -> None:
    for count, told in ((9, False), (10, True)):
        write(job, [row for row in rows if row[column("age")] and row[column("salary")]][:count])
        assert job.run(baseline=baseline) == 0
        found = job.document["columns"]
        for name in ("age", "salary", "prediction"):
            assert found[name]["count"] == count
            assert ("mean" in found[name], "histogram" in found[name]) == (told, told)
        assert ("values" in found["department"]) == (found["department"]["count"] >= 10)
        assert {"minimum", "maximum"}.isdisjoint(name for each in found.values() for name in [*each, *each["baseline"]])


def test_prediction_beyond_all_bounds_is_severe(job: MonitorJob, rows: Rows, baseline: Path) -> None:
    job.write(line(part(answer(answer_record(row, prediction=1e308)))) for row in rows)
    assert job.run(baseline=baseline) == 0
    assert job.document["message"].startswith("severe: prediction: mean 1e+15")


def test_nothing_of_a_person_is_written_or_logged(
    job: MonitorJob, rows: Rows, baseline: Path, caplog: pytest.LogCaptureFixture
) -> None:
    marked = [[f"Telltale{row[0]}", *row[1:]] for row in map(older, rows)]
    marked = [[*row[:4], "Telltale" if index % 3 else row[4], *row[5:]] for index, row in enumerate(marked)]
    write(job, marked)
    write_champion(job)
    job.write_rows(marked, "labels")
    with caplog.at_level(logging.DEBUG):
        assert job.run(baseline=baseline) == 0
    assert job.document["verdict"] == "severe"
    assert "Telltale" not in caplog.text + json.dumps(job.document)
