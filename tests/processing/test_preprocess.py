"""Preprocessing on good data: what it writes, in whatever files."""

import csv
import dataclasses
import datetime
import gzip
import json
import random
import statistics
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from data.mock_data import COLUMNS
from processing.features.learning import EPOCH, find_reference_date
from processing.features.order_statistics import Tally
from processing.jobs import preprocess
from processing.records.format import Format
from tests.processing.jobs import DATA_VERSION, SEED, Jobs, column, good_rows, use_contract


def feature_model(jobs: Jobs) -> dict[str, object]:
    (path,) = (jobs.root / "feature-model").iterdir()
    document: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return document


def test_cleaned_data_is_readable_and_holds_no_contact_data(jobs: Jobs) -> None:
    jobs.write(good_rows())
    assert jobs.preprocess() == 0
    header, *rows = csv.reader(jobs.read("cleaned"))
    assert header == [
        *("employee_id", "age", "age_missing", "salary", "salary_missing", "department", "hire_date"),
        *("tenure_years", "address_length", "salary_category", "age_group", "bonus", "split_key"),
    ]
    assert len(rows) == 100
    text = "\n".join(jobs.read("cleaned") + jobs.read("transformed") + jobs.read("feature-model"))
    for secret in ("example.com", "+353", "Oak Lane", "Ivanov"):
        assert secret not in text


def test_transformed_data_is_all_numbers_with_the_label_first_and_the_split_key_last(jobs: Jobs) -> None:
    jobs.write(good_rows())
    jobs.preprocess()
    header, *rows = csv.reader(jobs.read("transformed"))
    assert header[0] == "bonus"
    assert header[-1] == "split_key"
    assert header[1:-1] == feature_model(jobs)["features"]
    assert all(float(value) == float(value) for row in rows for value in row)


def test_missing_age_and_salary_become_the_training_medians_and_a_missing_department_unknown(jobs: Jobs) -> None:
    rows = good_rows()
    for name in ("age", "salary", "department", "profile"):
        rows[0][column(name)] = ""
    jobs.write(rows)
    jobs.preprocess()
    model = feature_model(jobs)
    (cleaned,) = (row for row in csv.DictReader(jobs.read("cleaned")) if row["employee_id"] == rows[0][0])
    assert float(cleaned["age"]) == model["age_median"]
    assert float(cleaned["salary"]) == model["salary_median"]
    assert cleaned["department"] == "unknown"
    assert cleaned["address_length"] == "0"
    assert (cleaned["age_missing"], cleaned["salary_missing"]) == ("1", "1")
    others = [row for row in csv.DictReader(jobs.read("cleaned")) if row["employee_id"] != rows[0][0]]
    assert {(row["age_missing"], row["salary_missing"]) for row in others} == {("0", "0")}


def test_known_department_that_no_training_row_has_keeps_its_name_and_counts_as_unknown(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_contract(monkeypatch, ('["Engineering"', '["Elsewhere", "Engineering"'))
    rows = good_rows()
    jobs.write(rows)
    jobs.preprocess()
    model = feature_model(jobs)
    held_out = [row["employee_id"] for row in csv.DictReader(jobs.read("cleaned")) if not trains(row, model)]
    for row in rows:
        if row[0] in held_out[:2]:
            row[column("department")] = "Elsewhere"
    jobs.write(rows)
    jobs.preprocess()
    assert feature_model(jobs)["departments"] == model["departments"]
    cleaned = csv.DictReader(jobs.read("cleaned"))
    transformed = csv.DictReader(jobs.read("transformed"))
    for readable, numbers in zip(cleaned, transformed, strict=True):
        dummies = [name for name in numbers if name.startswith("department_") and numbers[name] == "1"]
        is_new = readable["employee_id"] in held_out[:2]
        assert readable["department"] == "Elsewhere" if is_new else readable["department"] != "Elsewhere"
        assert dummies == ["department_unknown" if is_new else f"department_{readable['department']}"]


def test_feature_model_is_learnt_from_training_rows_alone(jobs: Jobs) -> None:
    rows = good_rows()
    jobs.write(rows)
    jobs.preprocess()
    before = feature_model(jobs)
    held_out = {row["employee_id"] for row in csv.DictReader(jobs.read("cleaned")) if not trains(row, before)}
    assert held_out
    for row in rows:
        if row[0] in held_out:
            row[column("age")], row[column("salary")] = "66", "499999"
            row[column("department")], row[column("hire_date")] = "Elsewhere", "2030-01-01"
    jobs.write(rows)
    jobs.preprocess()
    assert feature_model(jobs) == before


def trains(row: dict[str, str], model: dict[str, object]) -> bool:
    return int(row["split_key"]) < int(str(model["train_below"]), 16)


def test_feature_model_says_which_data_it_comes_from(jobs: Jobs) -> None:
    jobs.write(good_rows())
    jobs.preprocess()
    assert feature_model(jobs)["data_version"] == DATA_VERSION
    assert feature_model(jobs)["split_seed"] == SEED


def test_label_mean_is_that_of_the_training_rows(jobs: Jobs) -> None:
    jobs.write(good_rows(300))
    jobs.preprocess()
    model = feature_model(jobs)
    bonuses = [float(row["bonus"]) for row in csv.DictReader(jobs.read("cleaned")) if trains(row, model)]
    assert model["label_mean"] == statistics.fmean(bonuses)


def test_label_mean_is_exact_for_bonuses_of_every_size_in_any_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_contract(monkeypatch, ("minimum = 0\nmaximum = 100_000", "minimum = -1e31\nmaximum = 1e31"))
    chance = random.Random(3)
    rows = good_rows(200)
    for row in rows:
        row[column("bonus")] = repr(chance.choice([-1, 1]) * 10 ** chance.uniform(-30, 30))
    means = []
    for number in range(3):
        jobs = Jobs(tmp_path / str(number))
        jobs.write(chance.sample(rows, len(rows)))
        jobs.preprocess()
        model = feature_model(jobs)
        means.append(model["label_mean"])
    training = [Fraction(row["bonus"]) for row in csv.DictReader(jobs.read("cleaned")) if trains(row, model)]
    assert means == pytest.approx([float(sum(training) / len(training))] * 3, rel=1e-15)
    assert len(set(means)) == 1


def test_tenure_counts_from_the_latest_training_hire_date_and_is_never_negative(jobs: Jobs) -> None:
    rows = good_rows(300)
    jobs.write(rows)
    jobs.preprocess()
    model = feature_model(jobs)
    cleaned = list(csv.DictReader(jobs.read("cleaned")))
    training = {row["employee_id"] for row in cleaned if trains(row, model)}
    assert model["reference_date"] == max(row[column("hire_date")] for row in rows if row[0] in training)
    assert min(float(row["tenure_years"]) for row in cleaned) == 0


@pytest.mark.parametrize(
    ("hires", "reference_date"),
    [
        ({2015: 100, 2020: 100, 2024: 100}, 2024),
        ({2015: 100, 2020: 100, 2024: 100, 2030: 1}, 2030),  # within 1.5 times the range of the quartiles
        ({2015: 10, 2020: 200, 2021: 90, 2030: 1}, 2021),
        ({2015: 10, 2020: 200, 2021: 90, 2029: 2, 2030: 1}, 2021),
        ({2020: 8, 2021: 2, 2030: 1}, 2021),
        ({2020: 4, 2030: 1}, 2020),
        ({2030: 1}, 2030),
        ({1985: 500, 1990: 300, 2024: 100}, 2024),  # many are no outliers
        ({1985: 500, 1990: 300, 2024: 3, 2028: 8}, 2024),
        ({1960: 1, 2020: 300}, 2020),
    ],
)
def test_tenure_counts_from_the_latest_hire_date_that_is_no_outlier(hires: dict[int, int], reference_date: int) -> None:
    years = [year for year, rows in hires.items() for _ in range(rows)]
    days = np.array([(datetime.date(year, 1, 1) - EPOCH).days for year in years])
    for parts in ([days], [days[:3], days[3:]]):
        counted = Tally.merge(Tally.count(part) for part in parts)
        assert find_reference_date(counted) == datetime.date(reference_date, 1, 1)


@pytest.mark.parametrize(
    ("value", "group"),
    [("29", "under_30"), ("30", "30_to_39"), ("39.5", "30_to_39"), ("40", "40_to_49"), ("50", "50_and_over")],
)
def test_bound_belongs_to_the_age_group_above_it(jobs: Jobs, value: str, group: str) -> None:
    rows = good_rows()
    rows[0][column("age")] = value
    jobs.write(rows)
    jobs.preprocess()
    (cleaned,) = (row for row in csv.DictReader(jobs.read("cleaned")) if row["employee_id"] == rows[0][0])
    assert cleaned["age_group"] == group


def test_address_length_counts_characters_not_bytes_or_escapes(jobs: Jobs) -> None:
    rows = good_rows()
    rows[0][column("profile")] = '{"address": "Rue de la R\\u00e9publique é"}'
    jobs.write(rows)
    jobs.preprocess()
    (cleaned,) = (row for row in csv.DictReader(jobs.read("cleaned")) if row["employee_id"] == rows[0][0])
    assert cleaned["address_length"] == str(len("Rue de la République é"))


def test_salary_categories_part_the_training_rows_in_thirds(jobs: Jobs) -> None:
    jobs.write(good_rows(300))
    jobs.preprocess()
    model = feature_model(jobs)
    training = [row["salary_category"] for row in csv.DictReader(jobs.read("cleaned")) if trains(row, model)]
    assert {name: training.count(name) for name in sorted(set(training))} == {"high": 70, "low": 70, "medium": 70}


Writer = Callable[[Jobs, list[list[str]]], None]


def in_windows_form(jobs: Jobs, rows: list[list[str]]) -> None:
    path = jobs.write(rows)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def in_unix_form(jobs: Jobs, rows: list[list[str]]) -> None:
    path = jobs.write(rows)
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").rstrip(b"\n"))


def with_quoted_newlines(jobs: Jobs, rows: list[list[str]]) -> None:
    jobs.write([[*row[:1], "Ada\nLovelace\r\n", *row[2:]] for row in rows])


def compressed(jobs: Jobs, rows: list[list[str]]) -> None:
    path = jobs.write(rows)
    (jobs.raw / "employees.csv.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()


def in_many_files(jobs: Jobs, rows: list[list[str]]) -> None:
    for start in range(0, len(rows), 30):
        jobs.write(rows[start : start + 30], f"part-{start:03}.csv")


def below_folders(jobs: Jobs, rows: list[list[str]]) -> None:
    (jobs.raw / "2026").mkdir()
    jobs.write(rows[:50], "2026/first.CSV")
    jobs.write(rows[50:], "second.csv")
    (jobs.raw / "_SUCCESS").touch()


def in_another_order(jobs: Jobs, rows: list[list[str]]) -> None:
    order = random.Random(1).sample(range(len(COLUMNS)), len(COLUMNS))
    shuffled = random.Random(2).sample(rows, len(rows))
    jobs.write([[row[i] for i in order] for row in shuffled], header=[COLUMNS[i] for i in order])


def with_blank_lines_and_spaces(jobs: Jobs, rows: list[list[str]]) -> None:
    path = jobs.write([[f" {value}\t" if value[:1] != "{" else value for value in row] for row in rows])
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\r\n\r\n"))


def without_the_name_column(jobs: Jobs, rows: list[list[str]]) -> None:
    jobs.write([[row[0], *row[2:]] for row in rows], header=[COLUMNS[0], *COLUMNS[2:]])


@pytest.mark.parametrize(
    "write",
    [
        in_windows_form,
        in_unix_form,
        with_quoted_newlines,
        compressed,
        in_many_files,
        below_folders,
        in_another_order,
        with_blank_lines_and_spaces,
        without_the_name_column,
    ],
)
def test_same_rows_in_another_form_give_the_same_result(tmp_path: Path, write: Writer) -> None:
    plain, other = Jobs(tmp_path / "plain"), Jobs(tmp_path / "other")
    plain.write(good_rows())
    write(other, good_rows())
    assert plain.preprocess() == other.preprocess() == 0
    assert plain.read("feature-model") == other.read("feature-model")
    assert sorted(plain.read("transformed")) == sorted(set(other.read("transformed")))
    assert sorted(plain.read("cleaned")) == sorted(set(other.read("cleaned")))


@pytest.mark.parametrize(("rows", "code"), [(100, 0), (9, 1)])
def test_temporary_files_are_on_the_volume_of_the_outputs_and_are_not_uploaded_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, code: int
) -> None:
    jobs = Jobs(tmp_path / "volume")
    jobs.write(good_rows(rows))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "container"))
    assert jobs.preprocess() == code
    assert not (tmp_path / "container").exists()
    assert {path.suffix for name in ("cleaned", "transformed") for path in (jobs.root / name).iterdir()} <= {".csv"}


def test_export_without_ages_is_used_when_the_contract_says_so(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    contract = use_contract(monkeypatch)
    declared = dataclasses.replace(contract, format=Format(columns={"age": ""}))
    monkeypatch.setattr(preprocess, "read_contract", lambda: declared)
    rows = [[cell for name, cell in zip(COLUMNS, row, strict=True) if name != "age"] for row in good_rows()]
    jobs.write(rows, header=[name for name in COLUMNS if name != "age"])
    assert jobs.preprocess() == 0, jobs.message
    assert feature_model(jobs)["age_median"] == 0
    cleaned = list(csv.DictReader(jobs.read("cleaned")))
    assert {(row["age"], row["age_missing"]) for row in cleaned} == {("0", "1")}


@pytest.mark.parametrize("job", ["check_quality", "preprocess", "split"])
def test_several_instances_are_refused_in_one_line(jobs: Jobs, job: str) -> None:
    jobs.write(good_rows())
    assert jobs.preprocess() == 0
    for hosts in (("algo-2", "algo-1"), ("algo-1", "algo-2")):
        shared = dataclasses.replace(jobs, hosts=hosts)
        assert getattr(shared, job)() == 1
        assert jobs.message == (
            'ProcessingInstanceCount is 2: one machine does this job; give 1, or set engine="spark" in the stage\'s'
            " Processing"
        )
