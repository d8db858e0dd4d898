"""The split: exact shares, the same for everyone, and in the form that Linear Learner takes."""

import csv
import io
import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from data.mock_data import employees
from tests.processing.jobs import Jobs, column, good_rows, use_contract

SETS = ("train", "validation", "test")


def run(jobs: Jobs, rows: list[list[str]]) -> Jobs:
    jobs.write(rows)
    assert jobs.preprocess() == 0
    assert jobs.split() == 0
    return jobs


@pytest.mark.parametrize("rows", [10, 99, 100, 101, 333])
def test_shares_are_70_20_10_to_one_row(jobs: Jobs, rows: int) -> None:
    run(jobs, good_rows(rows))
    sizes = [len(jobs.read(name)) for name in SETS]
    assert sum(sizes) == rows
    assert sizes == pytest.approx([0.7 * rows, 0.2 * rows, 0.1 * rows], abs=1)


def test_no_row_is_in_two_sets(jobs: Jobs) -> None:
    run(jobs, good_rows(300))
    lines = [line for name in SETS for line in jobs.read(name)]
    assert len(set(lines)) == len(lines) == 300


def test_channels_have_the_label_first_no_header_and_only_plain_numbers(jobs: Jobs) -> None:
    rows = good_rows()
    run(jobs, rows)
    bonuses = {float(row[column("bonus")]) for row in rows}
    width = len(next(csv.reader(jobs.read("transformed")))) - 1
    for name in SETS:
        for line in jobs.read(name):
            values = line.split(",")
            assert len(values) == width
            assert float(values[0]) in bonuses
            assert '"' not in line
            assert not any(value.lower() in ("", "nan", "inf") for value in values)


def test_split_key_is_dropped(jobs: Jobs) -> None:
    run(jobs, good_rows())
    keys = {line.rpartition(",")[2] for line in jobs.read("transformed")[1:]}
    assert not any(value in keys for name in SETS for line in jobs.read(name) for value in line.split(","))


def test_readable_test_rows_stand_in_the_order_of_the_test_channel(jobs: Jobs) -> None:
    run(jobs, good_rows(300))
    readable = list(csv.DictReader(jobs.read("readable-test")))
    numbers = [line.split(",") for line in jobs.read("test")]
    assert len(readable) == len(numbers) == 30
    assert [float(row["bonus"]) for row in readable] == [float(row[0]) for row in numbers]
    assert [float(row["salary"]) for row in readable] == [float(row[2]) for row in numbers]


@pytest.mark.parametrize("files", [2, 3, 7])
def test_several_train_files_have_the_rows_of_one_in_order_and_as_many_to_one_row(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch, files: int
) -> None:
    monkeypatch.setattr("processing.features.ordered_lines.SLICE_BYTES", 5_000)
    monkeypatch.setattr("processing.features.ordered_lines.BLOCK_BYTES", 700)
    run(jobs, good_rows(300))
    whole = jobs.read("train")
    (jobs.root / "train" / "train.csv").unlink()
    assert jobs.split(files) == 0
    paths = sorted((jobs.root / "train").iterdir())
    assert [path.name for path in paths] == [f"train.{number:05}-of-{files:05}.csv" for number in range(files)]
    assert jobs.read("train") == whole
    sizes = [len(path.read_text().splitlines()) for path in paths]
    assert max(sizes) - min(sizes) <= 1


def test_no_train_files_are_refused(jobs: Jobs) -> None:
    jobs.write(good_rows(20))
    assert (jobs.preprocess(), jobs.split(0)) == (0, 1)
    assert jobs.message == "0 training files are asked for: give TrainingInstanceCount at least 1"


def test_more_train_files_than_training_rows_are_refused(jobs: Jobs) -> None:
    jobs.write(good_rows(10))
    assert jobs.preprocess() == 0
    assert jobs.split(8) == 1
    assert jobs.message == "7 training rows are too few for 8 files: give TrainingInstanceCount 1"


def test_pieces_of_the_transformed_rows_give_the_sets_of_the_whole(jobs: Jobs, tmp_path: Path) -> None:
    one = run(jobs, good_rows(300))
    other = Jobs(tmp_path / "other")
    shutil.copytree(one.root / "feature-model", other.root / "feature-model")
    for name, stem in (("cleaned", "cleaned_data"), ("transformed", "transformed_data")):
        (other.root / name).mkdir()
        header, *rows = one.read(name)
        for number, start in enumerate((0, 1, 100, 250)):  # of training rows, of these and others, of test rows alone
            lines = [header, *rows[start : (1, 100, 250, 300)[number]]]
            (other.root / name / f"{stem}.{number:05}-of-00004.csv").write_text("\n".join(lines) + "\n")
    assert other.split() == 0
    for name in (*SETS, "readable-test"):
        assert files(other, name) == files(one, name)


def test_readable_test_rows_with_line_ends_are_whole(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("processing.features.ordered_lines.BLOCK_BYTES", 100)
    rows = good_rows(100)
    for row in rows:
        row[0] = f'{row[0]}\n"1,2"\n,18446744073709551615'
    run(jobs, rows)
    readable = list(
        csv.DictReader(io.StringIO((jobs.root / "readable-test/readable_test.csv").read_text(), newline=""))
    )
    assert [float(row["bonus"]) for row in readable] == [float(line.split(",")[0]) for line in jobs.read("test")]
    assert all(row["employee_id"].endswith("615") for row in readable)


def test_sets_are_the_same_bytes_for_every_order_of_the_rows(tmp_path: Path) -> None:
    rows = good_rows(500)
    for place, name, value in ((3, "bonus", "1"), (4, "age", "99"), (5, "salary", ""), (6, "department", "")):
        rows[place + 200] = [*rows[place]]  # rows of one employee that contradict each other, and one that does not
        rows[place + 200][column(name)] = value
    rows[250] = rows[7]
    by_bonus = sorted(rows, key=lambda row: float(row[column("bonus")]))
    orders = {
        "as they come": rows,
        "by bonus": by_bonus,
        "reversed": by_bonus[::-1],
        "by department": sorted(rows, key=lambda row: row[column("department")]),
        "shuffled": random.Random(1).sample(rows, len(rows)),
    }
    outputs = ("feature-model", "cleaned", "transformed", *SETS, "readable-test")
    written = []
    for name, ordered in orders.items():
        jobs = run(Jobs(tmp_path / name), ordered)
        written.append({name: files(jobs, name) for name in outputs})
    assert all(each == written[0] for each in written[1:])


def files(jobs: Jobs, name: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (jobs.root / name).iterdir()}


def test_training_rows_of_a_file_sorted_by_bonus_are_not_sorted_by_it(jobs: Jobs) -> None:
    run(jobs, sorted(good_rows(500), key=lambda row: float(row[column("bonus")])))
    bonuses = jobs.channel("train")[:, 0]
    assert abs(np.corrcoef(bonuses, np.arange(len(bonuses)))[0, 1]) < 0.15


def test_sets_are_in_the_order_of_the_split_keys_however_many_parts_are_put_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = list(employees(2_000, seed=4))
    one = run(Jobs(tmp_path / "one"), rows)
    monkeypatch.setattr("processing.features.key_ranges.RANGE_BYTES", 10_000)
    monkeypatch.setattr("processing.features.key_ranges.RUN_ROWS", 300)
    monkeypatch.setattr("processing.records.parts.PART_BYTES", 60_000)
    monkeypatch.setattr("processing.records.raw_data.BLOCK_BYTES", 20_000)
    other = run(Jobs(tmp_path / "other"), rows)
    for name in ("feature-model", "cleaned", "transformed", "rejected", *SETS, "readable-test"):
        assert files(one, name) == files(other, name)
    keys = [int(line.rpartition(",")[2]) for line in one.read("transformed")[1:]]
    assert keys == sorted(keys)


def test_another_seed_draws_other_sets(tmp_path: Path) -> None:
    one = run(Jobs(tmp_path / "one", seed="a"), good_rows(200))
    other = run(Jobs(tmp_path / "other", seed="b"), good_rows(200))
    assert sorted(one.read("train")) != sorted(other.read("train"))


def test_when_data_grows_few_employees_change_sets(tmp_path: Path) -> None:
    rows = good_rows(400)

    def sets(jobs: Jobs) -> dict[str, str]:
        model = run(jobs, rows if jobs.root.name == "grown" else rows[:360])
        names = {line.split(",")[0] for line in model.read("readable-test")[1:]}
        return {row["employee_id"]: str(row["employee_id"] in names) for row in csv.DictReader(model.read("cleaned"))}

    before, after = sets(Jobs(tmp_path / "first")), sets(Jobs(tmp_path / "grown"))
    moved = [employee for employee in before if before[employee] != after[employee]]
    assert len(moved) <= 8


def test_feature_model_of_another_schema_is_refused(jobs: Jobs) -> None:
    run(jobs, good_rows())
    path = jobs.root / "feature-model" / "feature_model.json"
    path.write_text(path.read_text().replace('"schema_version": 3', '"schema_version": 1'))
    assert jobs.split() == 1
    assert jobs.message == "feature model has schema version 1: run preprocessing again to write 3"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("}", ""),
        ('"label_mean"', '"another"'),
        ('"age_median": ', '"more": 1, "age_median": '),
        ('"train_below": "0x', '"train_below": "0xz'),
        ('"reference_date": "', '"reference_date": "x'),
        ("{", "[{"),
    ],
)
def test_damaged_feature_model_is_refused(jobs: Jobs, before: str, after: str) -> None:
    run(jobs, good_rows())
    path = jobs.root / "feature-model" / "feature_model.json"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
    assert jobs.split() == 1
    assert jobs.message == "feature model is not what preprocessing wrote: run preprocessing again"


def test_department_with_a_comma_survives(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    use_contract(monkeypatch, ('["Engineering"', """['Research, "Blue" Sky'"""))
    rows = good_rows()
    for row in rows[:50]:
        row[4] = 'Research, "Blue" Sky'
    run(jobs, rows)
    departments = {row["department"] for row in csv.DictReader(jobs.read("readable-test"))}
    assert 'Research, "Blue" Sky' in departments
