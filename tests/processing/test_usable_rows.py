"""One definition of a usable row: what the contract calls invalid is neither learnt from nor trained or tested on."""

import csv
import dataclasses
import datetime
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from data.mock_data import COLUMNS
from processing.contract.data_contract import Category, Contract, Date, Number, parse
from processing.jobs import data_quality, preprocess
from tests.processing.jobs import CONTRACT, Jobs, column, good_rows

SETS = ("train", "validation", "test")
JUNK = ("twelve", "1e999", "12:30", "9" * 400)

Row = list[str]


def run(jobs: Jobs) -> Jobs:
    assert jobs.preprocess() == 0, jobs.message
    assert jobs.split() == 0
    return jobs


def check_quality(jobs: Jobs) -> tuple[int, dict[str, Any]]:
    """Run the data quality job; return its exit code and report."""
    (jobs.root / "baseline").mkdir(exist_ok=True)
    config = jobs.root / "resourceconfig.json"
    config.write_text(json.dumps({"current_host": "algo-1", "hosts": ["algo-1"]}))
    words = [word for name in ("raw", "baseline", "data-quality") for word in (f"--{name}", str(jobs.root / name))]
    words += ["--resource-config", str(config), "--message", str(jobs.root / "message")]
    code = data_quality.main(words, {"DATA_VERSION": "1"})
    return code, json.loads((jobs.root / "data-quality" / "data_quality.json").read_text(encoding="utf-8"))


def files(jobs: Jobs, name: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (jobs.root / name).iterdir()}


# What people's systems write where they have no value, or wrong ones; each alone is within the shares of the contract.
SENTINELS = [
    ("hire_date", "9999-12-31"),
    ("hire_date", "1900-01-01"),
    ("hire_date", "2206-03-01"),
    ("hire_date", "2049-12-31"),
    ("salary", "9999999"),
    ("salary", "999999999"),
    ("salary", "1e12"),
    ("salary", "0"),
    ("age", "0"),
    ("age", "-1"),
    ("age", "999"),
    ("bonus", "1e9"),
    ("bonus", "-9999"),
]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return good_rows(2_000)


@pytest.fixture(scope="module")
def without(rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Jobs:
    """The model of these rows but every hundredth."""
    jobs = Jobs(tmp_path_factory.mktemp("without"))
    jobs.write([row for place, row in enumerate(rows) if place % 100])
    return run(jobs)


@pytest.mark.parametrize(("name", "value"), SENTINELS)
def test_hundredth_of_sentinels_gives_the_model_without_these_rows_digit_by_digit(
    jobs: Jobs, rows: list[Row], without: Jobs, name: str, value: str
) -> None:
    jobs.write([row if place % 100 else replaced(row, name, value) for place, row in enumerate(rows)])
    assert check_quality(jobs)[0] == 0, jobs.message
    run(jobs)
    for output in ("feature-model", "cleaned", "transformed", *SETS, "readable-test"):
        assert files(jobs, output) == files(without, output)
    assert [(line[1], line[2]) for line in jobs.rejected()] == [(str(row), name) for row in range(2, 2_000, 100)]


@pytest.mark.parametrize(("name", "value"), SENTINELS)
def test_one_wrong_value_changes_nothing_but_its_own_row(
    tmp_path: Path, rows: list[Row], name: str, value: str
) -> None:
    one, other = Jobs(tmp_path / "one"), Jobs(tmp_path / "other")
    one.write([*rows[:200], replaced(rows[200], name, value), *rows[201:400]])
    other.write([*rows[:200], *rows[201:400]])
    for jobs in (one, other):
        run(jobs)
    assert [files(one, each) for each in ("feature-model", *SETS)] == [
        files(other, each) for each in ("feature-model", *SETS)
    ]


def test_more_wrong_values_than_the_contract_allows_are_refused_with_column_bounds_and_row(
    jobs: Jobs, rows: list[Row]
) -> None:
    jobs.write([row if place % 33 else replaced(row, "hire_date", "2048-01-01") for place, row in enumerate(rows)])
    code, report = check_quality(jobs)
    assert code == 3
    assert jobs.message == (
        "data contract violated: hire_date: 61 of 2,000 values not a date from 1950-01-01 to 2030-12-31 (3.0%),"
        " more than 2.0%, first in employees.csv, row 2; correct the data or, if it is as it should be, the limits in"
        " data_contract.toml"
    )
    assert report["columns"]["hire_date"]["invalid"] == 61


def replaced(row: Row, name: str, value: str) -> Row:
    return [*row[: column(name)], value, *row[column(name) + 1 :]]


def make_contract(chance: random.Random) -> Contract:
    """Return a contract of other bounds and departments, which lets any share of the values be invalid."""
    contract = parse(CONTRACT.read_text(encoding="utf-8"))
    changes: dict[str, dict[str, Any]] = {name: {"maximum_invalid_share": 1} for name in contract.columns}
    for name, least, most in (("age", 1, 90), ("salary", 0, 200_000), ("bonus", -5_000, 30_000)):
        minimum, maximum = sorted(chance.sample(range(least, most), 2))
        changes[name] |= {"minimum": float(minimum), "maximum": float(maximum)}
    first, last = sorted(datetime.date(1960, 1, 1) + datetime.timedelta(day) for day in chance.sample(range(25_000), 2))
    changes["hire_date"] |= {"minimum": first, "maximum": last}
    departments = ["Engineering", "Finance", "Sales", "unknown", "R&D", 'A "B", C', "\u00dcn\u00ef"]
    changes["department"] |= {"values": tuple(chance.sample(departments, 3)), "maximum_unknown_share": 1}
    columns = {name: dataclasses.replace(contract.columns[name], **change) for name, change in changes.items()}
    return dataclasses.replace(contract, limits=dataclasses.replace(contract.limits, minimum_rows=1), columns=columns)


def make_row(chance: random.Random, contract: Contract, number: int) -> Row:
    """Return a row that keeps *contract* but, in every third, in one column."""
    wrong = chance.choice(["age", "salary", "hire_date", "bonus", "department"]) if chance.random() < 1 / 3 else ""
    values = {name: make_value(chance, each, wrong=name == wrong) for name, each in contract.columns.items()}
    values |= {"employee_id": f"E{number}", "profile": '{"address": "Here"}', "name": "Ada"}
    return [values[name] for name in COLUMNS]


def make_value(chance: random.Random, kind: object, *, wrong: bool) -> str:
    match kind:
        case Number(minimum=low, maximum=high):
            near = 1e-9 * max(1, abs(low))
            below, above = (low - near, low - 1e6 * chance.random() - 1), (high + 1e-6, high + 1e9 * chance.random())
            inside = repr(chance.choice([low, high, low + (high - low) * chance.random()]))
            return chance.choice([*map(repr, (*below, *above)), *JUNK]) if wrong else inside
        case Date(minimum=first, maximum=last):
            day, days = datetime.timedelta(1), datetime.timedelta(chance.randint(1, 5_000))
            outside = [str(each) for each in (first - day, first - days, last + day, last + days)]
            between = first + datetime.timedelta(chance.randint(0, (last - first).days))
            return (
                chance.choice([*outside, "9999-12-31", *JUNK]) if wrong else str(chance.choice([first, last, between]))
            )
        case Category(values=values):
            return f"Elsewhere {chance.random()}" if wrong else str(chance.choice([*values, ""]))
    return ""


@pytest.mark.slow
def test_no_value_outside_the_contract_is_in_any_set_and_both_jobs_count_the_same_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(60):
        chance = random.Random(seed)
        contract = make_contract(chance)
        for job in (data_quality, preprocess):
            monkeypatch.setattr(job, "read_contract", lambda contract=contract: contract)
        jobs = Jobs(tmp_path / str(seed), minimum_training_rows=1, maximum_rejected_share=1)
        jobs.write([make_row(chance, contract, number) for number in range(60)])
        _, report = check_quality(jobs)
        run(jobs)
        check_counts(jobs, contract, report)
        check_sets(jobs, contract)


def check_counts(jobs: Jobs, contract: Contract, report: dict[str, Any]) -> None:
    rejected = Counter((name, reason) for _, _, name, reason in jobs.rejected())
    invalid = {
        (name, each.rule.fault): report["columns"][name]["invalid"]
        for name, each in contract.columns.items()
        if report["columns"][name]["invalid"]
    }
    assert rejected == invalid


def check_sets(jobs: Jobs, contract: Contract) -> None:
    bounds: dict[str, tuple[Any, Any]] = {
        name: each.rule.bounds for name, each in contract.columns.items() if each.rule.bounds
    }
    names = [*next(csv.reader(jobs.read("transformed")))][:-1]
    first, last = bounds["hire_date"]
    bounds["tenure_years"] = (0, round((last - first).days / 365.25, 4))
    for values in (dict(zip(names, line.split(","), strict=True)) for each in SETS for line in jobs.read(each)):
        for name in ("bonus", "age", "salary", "tenure_years"):
            assert bounds[name][0] <= float(values[name]) <= bounds[name][1]
    for row in csv.DictReader(jobs.read("cleaned")):
        assert str(first) <= row["hire_date"] <= str(last)
        department = contract.columns["department"]
        assert isinstance(department, Category)
        assert row["department"] in (*department.values, "unknown")
