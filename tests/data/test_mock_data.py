"""The made-up employees are the same every time, and as imperfect as real ones."""

import csv
import itertools
from pathlib import Path

import pytest

from data.mock_data import COLUMNS, employees, main

SAMPLE = Path(__file__).parents[2] / "data" / "mock_data.csv"


def test_committed_sample_is_what_the_command_writes(tmp_path: Path) -> None:
    assert main(["--rows", "2000", "--out", str(tmp_path / "sample.csv")]) == 0
    assert (tmp_path / "sample.csv").read_bytes() == SAMPLE.read_bytes()


def test_first_rows_do_not_depend_on_how_many_follow() -> None:
    assert list(itertools.islice(employees(5_000, seed=1), 1_500)) == list(employees(1_500, seed=1))


def test_another_seed_gives_other_employees() -> None:
    assert list(employees(100, seed=1)) != list(employees(100, seed=2))


def test_sample_has_missing_values_and_malformed_rows() -> None:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == COLUMNS
    assert len(rows) == 2_000
    whole = [dict(zip(COLUMNS, row, strict=True)) for row in rows if len(row) == len(COLUMNS)]
    for name in ("age", "salary", "department", "profile"):
        assert 0.01 < sum(row[name] == "" for row in whole) / 2_000 < 0.05
    malformed = [row for row in rows if len(row) != len(COLUMNS) or row[3].startswith("-") or row[-1] == ""]
    assert 0 < len(malformed) < 0.02 * 2_000


def test_senseless_number_of_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["--rows", "0", "--out", str(tmp_path / "x.csv")])
    assert exit_.value.code == 2
