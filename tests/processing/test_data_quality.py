"""The data quality job: what it measures, which limits stop it, and that its report tells of nobody."""

import gzip
import json
import logging
import pickle
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import processing
from data.mock_data import COLUMNS, employees
from processing.contract.column_statistics import ColumnStatistics
from processing.contract.data_contract import Contract, parse, read_contract
from processing.jobs import data_quality
from processing.records.columns import COLUMNS as RAW_COLUMNS
from processing.records.columns import NAMES
from processing.records.validation import CheckedColumn, check
from tests.processing.jobs import CONTRACT, DATA_VERSION, Jobs, column, good_rows, use_contract

SAMPLE = Path(processing.__file__).parents[1] / "data" / "mock_data.csv"

ROWS = 200

REFUSED = 3
"""Exit code of a job whose data violates the contract, and of no other."""

Row = list[str]


def arguments(root: Path) -> list[str]:
    config = root / "resourceconfig.json"
    config.write_text(json.dumps({"current_host": "algo-1", "hosts": ["algo-1"]}))
    words = [word for name in ("raw", "baseline", "data-quality") for word in (f"--{name}", str(root / name))]
    return [*words, "--resource-config", str(config), "--message", str(root / "message")]


def run(jobs: Jobs, data_version: str = DATA_VERSION) -> int:
    (jobs.root / "baseline").mkdir(exist_ok=True)
    return data_quality.main(arguments(jobs.root), {"DATA_VERSION": data_version})


def read_report(jobs: Jobs) -> dict[str, Any]:
    """Read the report as strictly as JSON is meant: NaN and Infinity are none."""

    def refuse(constant: str) -> NoReturn:
        raise AssertionError(f"{constant} is not JSON")

    text = (jobs.root / "data-quality" / "data_quality.json").read_text(encoding="utf-8")
    report: dict[str, Any] = json.loads(text, parse_constant=refuse)
    return report


def use_as_baseline(jobs: Jobs, rows: list[Row]) -> None:
    """Measure *rows*, and keep the report as that of the model in production."""
    jobs.write(rows)
    assert run(jobs) == 0
    shutil.copy(jobs.root / "data-quality" / "data_quality.json", jobs.root / "baseline")


def change(rows: list[Row], name: str, value: str, count: int) -> None:
    """Give the first *count* rows but one *value* in the column *name*."""
    for row in rows[1 : count + 1]:
        row[column(name)] = value


def checked(name: str, texts: list[str], contract: Contract) -> CheckedColumn:
    (raw,) = (each for each in RAW_COLUMNS if each.source == name)
    return check(raw, pa.array(texts), contract.rules[name])


# Of 200 rows: how many the contract lets pass, and what stops the job from one more on.
LIMITS = [
    ("employee_id", "", 2, "maximum_missing_share"),
    ("employee_id", "E" * 257, 2, "maximum_invalid_share"),
    ("employee_id", good_rows(1)[0][0], 4, "maximum_duplicate_share"),
    ("age", " ", 20, "maximum_missing_share"),
    ("age", "900", 4, "maximum_invalid_share"),
    ("age", "forty", 4, "maximum_invalid_share"),
    ("salary", "", 20, "maximum_missing_share"),
    ("salary", "7056561", 4, "maximum_invalid_share"),
    ("salary", "70.6", 4, "maximum_invalid_share"),
    ("salary", "nan", 4, "maximum_invalid_share"),
    ("salary", "1e999", 4, "maximum_invalid_share"),
    ("department", "", 20, "maximum_missing_share"),
    ("department", "D" * 257, 2, "maximum_invalid_share"),
    ("department", "Legal", 10, "maximum_unknown_share"),
    ("department", "sales", 2, "maximum_invalid_share"),
    ("hire_date", "", 4, "maximum_missing_share"),
    ("hire_date", "31/12/2019", 4, "maximum_invalid_share"),
    ("hire_date", "2023-02-30", 4, "maximum_invalid_share"),
    ("hire_date", "1900-01-01", 4, "maximum_invalid_share"),
    ("profile", "", 20, "maximum_missing_share"),
    ("profile", '{"address": 5}', 4, "maximum_invalid_share"),
    ("bonus", "", 4, "maximum_missing_share"),
    ("bonus", "-0.01", 4, "maximum_invalid_share"),
]


@pytest.mark.parametrize(("name", "value", "allowed", "rule"), LIMITS)
def test_one_value_above_a_limit_violates_just_that_rule(
    jobs: Jobs, name: str, value: str, allowed: int, rule: str
) -> None:
    rows = good_rows(ROWS)
    change(rows, name, value, allowed)
    jobs.write(rows)
    assert run(jobs) == 0
    change(rows, name, value, allowed + 1)
    jobs.write(rows)
    assert run(jobs) == REFUSED
    (violation,) = read_report(jobs)["violations"]
    assert (violation["rule"], violation["column"], violation["count"]) == (rule, name, allowed + 1)
    assert violation["limit"] == pytest.approx(allowed / ROWS)
    assert violation["found"] == pytest.approx((allowed + 1) / ROWS)
    assert violation["text"] in jobs.message


@pytest.mark.parametrize("spoil", [lambda row: row.pop(), lambda row: row.append("more")])
def test_records_with_a_wrong_number_of_columns_violate_the_contract(
    jobs: Jobs, spoil: Callable[[Row], object]
) -> None:
    rows = good_rows(ROWS)
    for row in rows[:4]:
        spoil(row)
    jobs.write(rows)
    assert run(jobs) == 0
    spoil(rows[4])
    jobs.write(rows)
    assert run(jobs) == REFUSED
    report = read_report(jobs)
    assert (report["rows"], report["malformed_records"]) == (195, 5)
    (violation,) = report["violations"]
    assert violation == {
        "rule": "maximum_malformed_share",
        "column": None,
        "count": 5,
        "limit": 0.02,
        "found": 0.025,
        "text": "5 of 200 records with a wrong number of columns (2.5%), more than 2.0%, first in employees.csv, row 2",
        "file": "employees.csv",
        "row": 2,
    }


def test_too_few_rows_violate_the_contract(jobs: Jobs) -> None:
    jobs.write(good_rows(100))
    assert run(jobs) == 0
    jobs.write(good_rows(99))
    assert run(jobs) == REFUSED
    (violation,) = read_report(jobs)["violations"]
    assert violation == {
        "rule": "minimum_rows",
        "column": None,
        "count": 99,
        "limit": 100,
        "found": 99,
        "text": "99 rows, fewer than 100",
        "file": None,
        "row": None,
    }


def test_violation_fails_the_job_in_one_line_with_the_remedy(jobs: Jobs) -> None:
    rows = good_rows(ROWS)
    change(rows, "salary", "", 41)
    change(rows, "age", "900", 100)
    jobs.write(rows)
    assert run(jobs) == REFUSED
    assert jobs.message == (
        "data contract violated: age: 100 of 200 values not a number from 15 to 100 (50.0%), more than 2.0%,"
        " first in employees.csv, row 3; salary: 41 of 200 values missing (20.5%), more than 10.0%,"
        " first in employees.csv, row 3;"
        " correct the data or, if it is as it should be, the limits in data_contract.toml"
    )


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("salary", "", "maximum_missing_share"),
        ("salary", "7056561", "maximum_invalid_share"),
        ("department", "Legal", "maximum_unknown_share"),
        ("employee_id", good_rows(1)[0][0], "maximum_duplicate_share"),
    ],
)
@pytest.mark.parametrize("folder", ["", f"{'deep/' * 20}"])
def test_violation_names_the_first_row_at_fault_in_the_first_file_that_has_one(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch, name: str, value: str, rule: str, folder: str
) -> None:
    monkeypatch.setattr("processing.records.raw_data.BLOCK_BYTES", 10_000)
    rows = good_rows(4 * ROWS)
    for row in rows[350:550]:
        row[column(name)] = value
    (jobs.raw / folder).mkdir(parents=True, exist_ok=True)
    for part in range(4):
        jobs.write([[], *rows[ROWS * part : ROWS * (part + 1)]], f"{folder}{part}.csv")
    assert run(jobs) == REFUSED
    (violation,) = read_report(jobs)["violations"]
    assert (violation["rule"], violation["file"], violation["row"]) == (rule, f"{folder}1.csv", 350 - ROWS + 3)
    assert jobs.message.count(f"1.csv, row {violation['row']};") == 1
    assert len(jobs.message) < 400


def test_message_that_would_be_too_long_says_where_the_rest_is(jobs: Jobs, caplog: pytest.LogCaptureFixture) -> None:
    rows = good_rows(ROWS)
    invalid = {"employee_id": "E" * 300, "department": "D" * 300}
    for place, name in enumerate(COLUMNS):
        for row in rows[5 * place : 5 * place + 40]:
            row[column(name)] = ""
        for row in rows[100 : 110 + place]:
            row[column(name)] = invalid.get(name, "n/a")
    for row in rows[190:]:
        row.pop()
    jobs.write(rows)
    with caplog.at_level(logging.WARNING):
        assert run(jobs) == REFUSED
    texts = [violation["text"] for violation in read_report(jobs)["violations"]]
    shown = [text for text in texts if text in jobs.message]
    assert len(jobs.message.encode()) < 1_000
    assert texts[: len(shown)] == shown
    assert 4 < len(shown) < len(texts) == 1 + 2 * len(NAMES)
    assert f"; and {len(texts) - len(shown)} more: see data_quality.json; correct the data" in jobs.message
    assert all(text in caplog.text for text in texts), "the log has them all"


def test_sample_fulfils_the_contract(jobs: Jobs) -> None:
    shutil.copy(SAMPLE, jobs.raw)
    assert run(jobs) == 0
    report = read_report(jobs)
    assert report["violations"] == []
    assert report["rows"] + report["malformed_records"] == 2_000


def test_made_up_employees_fulfil_the_contract_and_do_not_drift(jobs: Jobs) -> None:
    use_as_baseline(jobs, list(employees(150, seed=0)))
    for seed in range(1, 9):
        jobs.write(employees(150, seed=seed))
        assert run(jobs) == 0, jobs.message
    jobs.write(employees(20_000, seed=9))
    assert run(jobs) == 0, jobs.message


def test_file_that_cannot_be_read_fails_as_it_does_in_preprocessing(jobs: Jobs) -> None:
    jobs.write(good_rows(), header=["other" if each == "salary" else each for each in COLUMNS])
    assert run(jobs) == 1
    assert jobs.message.startswith("employees.csv: missing column salary; name the columns")


@pytest.mark.parametrize("path", ["$.time", "$.detail.object.version-id"])
def test_data_version_that_eventbridge_has_not_replaced_fails_the_job_in_one_line(jobs: Jobs, path: str) -> None:
    jobs.write(good_rows(ROWS))
    assert run(jobs, data_version=path) == 1
    assert jobs.message == (
        f"DataVersion is '{path}', which EventBridge has not replaced by a value of its event:"
        " start the pipeline by hand, with a DataVersion of your own"
    )
    assert not (jobs.root / "data-quality").exists()


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("", "DataVersion has 0 characters: give 1 to 256"),
        ("v" * 257, "DataVersion has 257 characters: give 1 to 256"),
        (
            "v$.2 (new)",
            "DataVersion is 'v$.2 (new)', and the registry does not take '$' '(' ')':"
            " use letters, digits, spaces and _.:/=+-@",
        ),
        ("a\tb", "DataVersion is 'a\\tb', and the registry does not take '\\t': use letters, digits, spaces and"),
    ],
)
def test_data_version_that_the_registry_would_refuse_fails_the_first_job(jobs: Jobs, version: str, told: str) -> None:
    jobs.write(good_rows(ROWS))
    assert run(jobs, data_version=version) == 1
    assert jobs.message.startswith(told)
    assert not (jobs.root / "data-quality").exists()


def test_data_version_that_the_registry_takes_passes(jobs: Jobs) -> None:
    jobs.write(good_rows(ROWS))
    assert run(jobs, data_version="Prämie 2026-11-20T13:00:00Z_a.b/c=d+e@f") == 0


def test_rows_that_preprocessing_will_reject_are_counted_over_all_columns(
    jobs: Jobs, caplog: pytest.LogCaptureFixture
) -> None:
    rows = good_rows(400)
    faults = [
        ("employee_id", ""),
        ("age", "old"),
        ("salary", "-"),
        ("hire_date", ""),
        ("profile", "none"),
        ("bonus", "x"),
    ]
    for place, (name, value) in enumerate(faults):
        for row in rows[4 * place : 4 * place + 4]:
            row[column(name)] = value
    rows[0][column("bonus")] = rows[30][column("age")] = ""  # a second fault, and none
    jobs.write(rows)
    caplog.set_level("INFO")
    assert jobs.check_quality() == 0
    assert "24 of 400 rows (6.0 %) cannot be used, over all columns" in caplog.text
    assert jobs.preprocess() == 1
    assert jobs.message.startswith("24 of 400 rows rejected, more than 5.0%")


def test_bonuses_that_are_all_equal_are_told_as_such(jobs: Jobs) -> None:
    rows = [[*row[:-1], "5000"] for row in map(list, good_rows(ROWS))]
    jobs.write(rows)
    assert run(jobs) == 3
    assert f"bonus: all {ROWS:,} values are equal: nothing can be learnt" in jobs.message


def test_mistake_in_the_contract_fails_the_job(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs.write(good_rows(ROWS))
    text = CONTRACT.read_text(encoding="utf-8").replace("minimum_rows = 100", "minimum_rows = 0")
    monkeypatch.setattr(data_quality, "read_contract", lambda: parse(text))
    assert run(jobs) == 1
    assert jobs.message == "data_contract.toml: minimum_rows is 0: write a whole number of at least 1"


def test_small_limit_is_told_to_the_digit(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    use_contract(monkeypatch, ("maximum_duplicate_share = 0.02", "maximum_duplicate_share = 0.0004"))
    rows = good_rows(2_000)
    change(rows, "employee_id", rows[0][0], 1)
    jobs.write(rows)
    assert run(jobs) == REFUSED
    assert (
        "employee_id: 1 of 2,000 values duplicate (0.05%), more than 0.04%, first in employees.csv, row 3;"
        in jobs.message
    )


def statistics_of(jobs: Jobs) -> dict[str, Any]:
    assert run(jobs) == 0, jobs.message
    columns: dict[str, Any] = read_report(jobs)["columns"]
    return columns


def test_statistics_equal_those_of_pandas(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("processing.records.raw_data.BLOCK_BYTES", 100_000)
    rows = [row for row in employees(20_000, seed=4) if len(row) == len(COLUMNS)]
    jobs.write(rows)
    found = statistics_of(jobs)
    table = pd.DataFrame(rows, columns=COLUMNS)
    assert read_report(jobs)["rows"] == len(table)
    for name, bounds in (("age", (15, 100)), ("salary", (1_000, 500_000)), ("bonus", (0, 100_000))):
        values = pd.to_numeric(table[name])
        valid = values[values.between(*bounds)]
        counts, edges = np.histogram(valid, 20, bounds)
        histogram = found[name].pop("histogram")
        assert (histogram["bounds"], histogram["counts"]) == (edges.tolist(), counts.tolist())
        assert found[name] == {
            "type": "number",
            "count": len(valid),
            "missing": int(values.isna().sum()),
            "invalid": int(values.notna().sum()) - len(valid),
            "mean": pytest.approx(valid.mean(), rel=1e-9),
            "standard_deviation": pytest.approx(valid.std(), rel=1e-9),
            "minimum": valid.min(),
            "maximum": valid.max(),
        }
    departments = table["department"][table["department"] != ""]
    assert found["department"]["values"] == departments.value_counts().sort_index().to_dict()
    assert found["department"]["missing"] == len(table) - len(departments)
    assert found["employee_id"]["distinct"] == table["employee_id"].nunique()
    assert found["employee_id"]["duplicate"] == table["employee_id"].duplicated().sum()
    dates = pd.to_datetime(table["hire_date"], format="%Y-%m-%d", errors="coerce")
    assert found["hire_date"] == {
        "type": "date",
        "count": dates.notna().sum(),
        "missing": 0,
        "invalid": dates.isna().sum(),
        "minimum": str(dates.min().date()),
        "maximum": str(dates.max().date()),
    }
    malformed = ~table["profile"].str.endswith("}") & (table["profile"] != "")
    assert found["profile"] == {
        "type": "profile",
        "count": len(table) - malformed.sum() - (table["profile"] == "").sum(),
        "missing": (table["profile"] == "").sum(),
        "invalid": malformed.sum(),
    }


def test_standard_deviation_far_from_zero_keeps_its_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    contract = use_contract(monkeypatch, ("maximum = 500_000", "maximum = 1e12"))
    salary = ColumnStatistics(contract.columns["salary"])
    values = 1e9 + np.random.default_rng(1).random(3_000)
    for batch in np.split(values, 3):
        salary.add(checked("salary", [repr(float(value)) for value in batch], contract))
    assert salary.figures()["standard_deviation"] == pytest.approx(values.std(ddof=1), rel=1e-9)


def test_several_files_compressed_or_not_are_measured_as_one(tmp_path: Path) -> None:
    rows = list(employees(900, seed=2))
    one, other = Jobs(tmp_path / "one"), Jobs(tmp_path / "other")
    one.write(rows)
    (other.raw / "2026").mkdir()
    other.write(rows[600:], "2026/c.csv")
    other.write(rows[:300], "a.csv")
    path = other.write(rows[300:600], "b.csv")
    (other.raw / "b.csv.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    assert run(one) == run(other) == 0
    whole, parts = read_report(one), read_report(other)
    for name in (name for name, found in whole["columns"].items() if found["type"] == "number"):
        for figure in ("mean", "standard_deviation"):
            assert parts["columns"][name].pop(figure) == pytest.approx(whole["columns"][name].pop(figure), rel=1e-12)
    assert parts == whole


def test_figures_that_need_a_value_are_left_out_where_there_is_none(jobs: Jobs) -> None:
    rows = good_rows(ROWS)
    for row in rows:
        row[column("age")], row[column("hire_date")] = "", "n/a"
    change(rows, "salary", "", ROWS)
    jobs.write(rows)
    assert run(jobs) == REFUSED
    columns = read_report(jobs)["columns"]
    assert columns["age"] == {"type": "number", "count": 0, "missing": ROWS, "invalid": 0}
    assert columns["hire_date"] == {"type": "date", "count": 0, "missing": 0, "invalid": ROWS}
    assert columns["salary"]["count"] == 1
    assert columns["salary"]["mean"] == float(rows[0][column("salary")])
    assert "standard_deviation" not in columns["salary"]


def test_report_tells_which_data_it_is_of_and_begins_with_its_schema(jobs: Jobs) -> None:
    jobs.write(good_rows(ROWS))
    assert run(jobs) == 0
    report = read_report(jobs)
    counted = ["schema_version", "data_version", "rows", "malformed_records"]
    assert list(report) == [*counted, "baseline", "columns", "violations"]
    assert (report["schema_version"], report["data_version"], report["rows"]) == (2, DATA_VERSION, ROWS)


def test_nothing_tells_of_a_person(jobs: Jobs, caplog: pytest.LogCaptureFixture) -> None:
    rows = good_rows(ROWS)
    for name in ("name", "age", "salary", "department", "hire_date", "profile", "bonus"):
        change(rows, name, f"tell-tale {name}", 60)
    change(rows, "employee_id", rows[0][0], 60)
    jobs.write(rows)
    with caplog.at_level(logging.DEBUG):
        assert run(jobs) == REFUSED
    written = [path.read_text(encoding="utf-8") for path in (jobs.root / "data-quality").iterdir()]
    for text in (*written, jobs.message, caplog.text):
        assert "tell-tale" not in text
        assert not any(row[column("employee_id")] in text for row in rows)
        assert not any(secret in text for secret in ("example.com", "+353", "Oak Lane", "Ivanov"))


def test_statistics_keep_no_rows() -> None:
    contract = read_contract()
    statistics = {name: ColumnStatistics(each) for name, each in contract.columns.items()}
    rows = good_rows(1_000)

    def size_after_another_batch(name: str, number: int) -> int:
        prefix = f"{number}-" if name == "employee_id" else ""
        statistics[name].add(checked(name, [prefix + row[column(name)] for row in rows], contract))
        return len(pickle.dumps(statistics[name]))

    for name in statistics:
        first, *_, last = (size_after_another_batch(name, number) for number in range(21))
        assert last - first <= 2_000, name


def raise_salaries(rows: list[Row]) -> None:
    for row in rows:
        row[column("salary")] = f"{float(row[column('salary')]) * 1.3:.2f}"


def age(rows: list[Row]) -> None:
    for row in rows:
        row[column("age")] = str(int(row[column("age")]) + 8)


def cut_bonuses(rows: list[Row]) -> None:
    for row in rows:
        row[column("bonus")] = f"{float(row[column('bonus')]) / 2:.2f}"


def move_half_to_finance(rows: list[Row]) -> None:
    change(rows, "department", "Finance", ROWS // 2)


DRIFTS = [
    (raise_salaries, "maximum_mean_shift", "salary"),
    (age, "maximum_mean_shift", "age"),
    (cut_bonuses, "maximum_mean_shift", "bonus"),
    (move_half_to_finance, "maximum_share_shift", "department"),
]


@pytest.mark.parametrize(("drift", "rule", "name"), DRIFTS)
def test_data_that_has_drifted_from_the_baseline_violates_the_contract(
    jobs: Jobs, drift: Callable[[list[Row]], None], rule: str, name: str
) -> None:
    rows = good_rows(ROWS)
    use_as_baseline(jobs, rows)
    drift(rows)
    jobs.write(rows)
    assert run(jobs) == REFUSED
    report = read_report(jobs)
    assert report["baseline"] == {"data_version": DATA_VERSION, "rows": ROWS}
    (violation,) = report["violations"]
    assert (violation["rule"], violation["column"], violation["count"]) == (rule, name, ROWS)
    assert violation["found"] > violation["limit"]
    assert "baseline" in violation["text"]
    (jobs.root / "baseline" / "data_quality.json").unlink()
    assert run(jobs) == 0, "without a baseline nothing is wrong with it"


def test_shift_of_a_mean_is_told_with_both_figures(jobs: Jobs) -> None:
    rows = good_rows(ROWS)
    use_as_baseline(jobs, rows)
    before = np.array([float(row[column("age")]) for row in rows])
    age(rows)
    jobs.write(rows)
    assert run(jobs) == REFUSED
    (violation,) = read_report(jobs)["violations"]
    assert violation["found"] == pytest.approx(8 / before.std(ddof=1), rel=1e-9)
    assert violation["text"] == (
        f"age: mean {before.mean() + 8:.6g}, {violation['found']:.1f} standard deviations from the baseline's"
        f" {before.mean():.6g}, more than 0.5"
    )


def test_shift_of_shares_is_told_with_the_department_that_moved_most(jobs: Jobs) -> None:
    rows = good_rows(ROWS)
    use_as_baseline(jobs, rows)
    before = pd.Series([row[column("department")] for row in rows]).value_counts(normalize=True)
    move_half_to_finance(rows)
    after = pd.Series([row[column("department")] for row in rows]).value_counts(normalize=True)
    jobs.write(rows)
    assert run(jobs) == REFUSED
    (violation,) = read_report(jobs)["violations"]
    assert violation["found"] == pytest.approx((after - before).abs().sum() / 2, rel=1e-9)
    assert violation["text"] == (
        f"department: shares {violation['found']:.1%} apart from the baseline's (most of all Finance,"
        f" {before['Finance']:.1%} then and {after['Finance']:.1%} now), more than 30.0%"
    )


def test_loss_of_rows_is_a_limit_that_can_be_set(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = good_rows(ROWS)
    use_as_baseline(jobs, rows)
    jobs.write(rows[:130])
    assert run(jobs) == 0
    use_contract(monkeypatch, ("maximum_row_loss_share = 1.0", "maximum_row_loss_share = 0.3"))
    assert run(jobs) == REFUSED
    (violation,) = read_report(jobs)["violations"]
    assert (violation["rule"], violation["column"], violation["count"]) == ("maximum_row_loss_share", None, 70)
    assert violation["text"] == "130 rows, 35.0% fewer than the baseline's 200, more than 30.0%"


def test_same_data_as_the_baseline_has_not_drifted(jobs: Jobs) -> None:
    use_as_baseline(jobs, good_rows(ROWS))
    assert run(jobs) == 0
    assert read_report(jobs)["baseline"] == {"data_version": DATA_VERSION, "rows": ROWS}


def test_baseline_is_compared_in_what_it_has_figures_of(jobs: Jobs) -> None:
    rows = good_rows(ROWS)
    use_as_baseline(jobs, rows)
    path = jobs.root / "baseline" / "data_quality.json"
    report = json.loads(path.read_text(encoding="utf-8"))
    del report["columns"]["department"]
    report["columns"]["age"] = {"type": "number", "count": 0, "missing": ROWS, "invalid": 0}
    report["columns"]["salary"]["standard_deviation"] = 0.0
    report["columns"]["bonus"]["type"] = "category"
    path.write_text(json.dumps(report), encoding="utf-8")
    for drift, _, _ in DRIFTS:
        drift(rows)
    jobs.write(rows)
    assert run(jobs) == 0


@pytest.mark.parametrize("placeholder", ["no-baseline", "placeholder.json", None])
def test_without_a_model_in_production_there_is_no_baseline(
    jobs: Jobs, placeholder: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    jobs.write(good_rows(ROWS))
    if placeholder:
        (jobs.root / "baseline").mkdir()
        (jobs.root / "baseline" / placeholder).write_text("{}")
    with caplog.at_level(logging.INFO):
        assert run(jobs) == 0
    assert read_report(jobs)["baseline"] is None
    assert "no baseline: no model is in production yet, so nothing is compared" in caplog.text


def test_baseline_of_another_schema_is_none_and_does_not_stop_the_run(
    jobs: Jobs, caplog: pytest.LogCaptureFixture
) -> None:
    rows = good_rows(ROWS)
    use_as_baseline(jobs, rows)
    path = jobs.root / "baseline" / "data_quality.json"
    path.write_text(path.read_text().replace('"schema_version": 2', '"schema_version": 7'))
    raise_salaries(rows)
    jobs.write(rows)
    assert run(jobs) == 0
    assert read_report(jobs)["baseline"] is None
    assert "no baseline: its schema version is 7, not 2, so nothing is compared" in caplog.text


def test_baseline_of_schema_version_1_is_compared(jobs: Jobs) -> None:
    rows = good_rows(ROWS)
    use_as_baseline(jobs, rows)
    path = jobs.root / "baseline" / "data_quality.json"
    report = json.loads(path.read_text(encoding="utf-8"))
    report["schema_version"], report["misshapen"] = 1, report.pop("malformed_records")
    path.write_text(json.dumps(report), encoding="utf-8")
    raise_salaries(rows)
    jobs.write(rows)
    assert run(jobs) == REFUSED
    assert read_report(jobs)["baseline"] == {"data_version": DATA_VERSION, "rows": ROWS}


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"schema_version": 1}', '{"schema_version": 2}', "\udcff"])
def test_baseline_that_is_no_report_fails_the_job(jobs: Jobs, content: str) -> None:
    jobs.write(good_rows(ROWS))
    (jobs.root / "baseline").mkdir()
    (jobs.root / "baseline" / "data_quality.json").write_bytes(content.encode(errors="surrogateescape"))
    assert run(jobs) == 1
    assert jobs.message == (
        "the baseline's data_quality.json is no data quality report: restore that of the model in production"
    )


def test_job_runs_from_an_archive(jobs: Jobs) -> None:
    shutil.copy(SAMPLE, jobs.raw)
    (jobs.root / "baseline").mkdir()
    code = jobs.root / "code.zip"
    package = Path(processing.__file__).parent
    with zipfile.ZipFile(code, "w") as file:
        for path in (*package.rglob("*.py"), *package.rglob("*.toml")):
            file.write(path, path.relative_to(package.parent))
        start = (
            "import os, sys\nfrom processing.jobs.data_quality import main\nsys.exit(main(sys.argv[1:], os.environ))\n"
        )
        file.writestr("__main__.py", start)
    command = [sys.executable, "-I", str(code), *arguments(jobs.root)]
    environment = {"DATA_VERSION": "from an archive"}
    ended = subprocess.run(command, cwd=jobs.root, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert read_report(jobs)["data_version"] == "from an archive"
