"""Bad input: a row that cannot be used is listed without its values, a file that cannot be used fails the job."""

import csv
import gzip
import json
import logging
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from data.mock_data import COLUMNS
from processing.contract.data_contract import read_contract
from processing.records.header import EXPORT_AS_UTF_8
from processing.records.raw_data import stream
from processing.records.raw_files import BLOCK_BYTES
from processing.records.validation import validate
from tests.processing.jobs import PROFILE, Jobs, column, good_rows

AGE = "not a number from 15 to 100"
SALARY = "not a number from 1,000 to 500,000"
BONUS = "not a number from 0 to 100,000"
HIRE_DATE = "not a date from 1950-01-01 to 2030-12-31"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("employee_id", "", "missing"),
        ("employee_id", "  ", "missing"),
        ("age", "forty", AGE),
        ("age", "1e999", AGE),
        ("age", "nan", "'nan', an undeclared missing marker"),
        ("age", "-1", AGE),
        ("age", "14.9", AGE),
        ("age", "0", AGE),
        ("salary", "1e39", SALARY),
        ("salary", "50,000", "written with commas in it"),
        ("salary", "9999999", SALARY),
        ("bonus", "-1e39", BONUS),
        ("bonus", "-0.01", BONUS),
        ("bonus", "1e9", BONUS),
        ("bonus", "n/a", "'n/a', an undeclared missing marker"),
        ("bonus", "", "missing"),
        ("employee_id", "E" * 257, "longer than 256 characters"),
        ("department", "D" * 257, "longer than 256 characters"),
        ("hire_date", "", "missing"),
        ("hire_date", "0000-01-01", HIRE_DATE),
        ("hire_date", "31/12/2019", "written as day/month/year or month/day/year"),
        ("hire_date", "2023-02-30", HIRE_DATE),
        ("hire_date", "20231231", "written as eight digits"),
        ("hire_date", "1900-01-01", HIRE_DATE),
        ("hire_date", "2206-03-01", HIRE_DATE),
        ("hire_date", "9999-12-31", HIRE_DATE),
        ("profile", '{"address": "1 Oak', "JSON that is cut off"),
        ("profile", '["address"]', "a list in place of an object"),
        ("profile", '{"address": 5}', "an address that is no text"),
        ("profile", "Oak Lane", "text in place of a JSON object"),
        ("employee_id", "N/A", "'N/A', an undeclared missing marker"),
    ],
)
def test_row_that_cannot_be_used_is_listed_with_its_place_and_reason(
    jobs: Jobs, name: str, value: str, reason: str
) -> None:
    rows = good_rows()
    rows[41][column(name)] = value
    jobs.write(rows)
    assert jobs.preprocess() == 0
    assert jobs.rejected() == [["employees.csv", "43", name, reason]]
    assert len(jobs.read("transformed")) == 99 + 1


@pytest.mark.parametrize("value", ["", "{}", "null", '{"address": null}', '{"address": ""}', '{"phone": 15556399825}'])
def test_profile_without_an_address_is_used(jobs: Jobs, value: str) -> None:
    rows = good_rows()
    rows[41][column("profile")] = value
    jobs.write(rows)
    assert jobs.preprocess() == 0
    assert jobs.rejected() == []


def test_row_with_too_few_or_too_many_columns_is_listed(jobs: Jobs) -> None:
    rows = good_rows()
    rows[10].pop()
    rows[20].append("more")
    jobs.write(rows)
    assert jobs.preprocess() == 0
    assert jobs.rejected() == [
        ["employees.csv", "12", "", f"{len(COLUMNS) - 1} columns instead of {len(COLUMNS)}"],
        ["employees.csv", "22", "", f"{len(COLUMNS) + 1} columns instead of {len(COLUMNS)}"],
    ]


def test_row_numbers_hold_across_quoted_newlines_and_batches(jobs: Jobs) -> None:
    rows = good_rows(400)
    padding = "x" * (BLOCK_BYTES // 100)
    for row in rows:
        row[column("name")] = f"Ada\n{padding}"
    for place in (7, 150, 151, 399):
        rows[place][column("bonus")] = ""
    for place in (8, 149, 398):
        rows[place].pop()
    jobs.write(rows)
    assert jobs.preprocess() == 0
    expected = {place + 2 for place in (7, 8, 149, 150, 151, 398, 399)}
    assert {int(row) for _, row, _, _ in jobs.rejected()} == expected


@pytest.mark.slow
def test_rows_are_numbered_as_the_csv_module_numbers_records(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("processing.records.raw_data.BLOCK_BYTES", 3_000)
    chance, rules = random.Random(7), read_contract().rules
    for number in range(30):
        rows = [list(row) for row in chance.sample(good_rows(300), 60)]
        expected = []
        lines: list[list[str]] = []
        for row in rows:
            lines += [[]] * chance.choice([0, 0, 0, 1, 3])
            row[column("name")] = chance.choice(["Ada", 'Ada "the"\nCountess', "Ada\r\n\r\nLovelace", ""])
            kind = chance.choice(["good", "good", "good", "short", "long", "empty label"])
            unlabelled = ["" if name == "bonus" else value for name, value in zip(COLUMNS, row, strict=True)]
            changed = {"short": row[:-2], "long": [*row, "more"], "empty label": unlabelled}.get(kind, row)
            lines.append(changed)
            if kind != "good":
                expected.append(len(lines) + 1)
        path = jobs.raw / f"{number}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator=chance.choice(["\n", "\r\n"]))
            writer.writerows([COLUMNS, *lines])
        found = [r.row for batch in stream(path.name, path) for r in validate(batch, rules)[1]]
        assert found == expected, path.read_text(encoding="utf-8")


def test_blank_rows_are_passed_over_and_counted(jobs: Jobs) -> None:
    rows = good_rows()
    rows[10][column("bonus")] = ""
    path = jobs.write([*rows[:5], [""] * len(COLUMNS), [" "] * len(COLUMNS), *rows[5:]])
    with path.open("a") as file:
        file.write(f"\n  \n{',' * (len(COLUMNS) - 1)}\n")
    assert jobs.preprocess() == 0
    assert jobs.rejected() == [["employees.csv", str(10 + 2 + 2), "bonus", "missing"]]


def test_files_of_the_same_name_can_be_told_apart(jobs: Jobs) -> None:
    rows = good_rows(200)
    rows[150][column("bonus")] = ""
    for year, part in (("2025", rows[:100]), ("2026", rows[100:])):
        (jobs.raw / year).mkdir()
        jobs.write(part, f"{year}/employees.csv")
    assert jobs.preprocess() == 0
    assert jobs.rejected() == [["2026/employees.csv", "52", "bonus", "missing"]]


def test_second_row_of_an_employee_is_rejected_wherever_it_stands(jobs: Jobs) -> None:
    rows = good_rows()
    jobs.write(rows, "a.csv")
    jobs.write([rows[0], [*rows[5][:2], "99", *rows[5][3:]]], "b.csv")
    assert jobs.preprocess() == 0
    assert jobs.rejected() == [["b.csv", "2", "employee_id", "duplicate"], ["b.csv", "3", "employee_id", "duplicate"]]
    assert len(jobs.read("transformed")) == 100 + 1


def test_no_value_of_a_rejected_row_is_written_anywhere(jobs: Jobs, caplog: pytest.LogCaptureFixture) -> None:
    rows = good_rows()
    for name, place in (("employee_id", 3), ("age", 4), ("salary", 5), ("hire_date", 6), ("profile", 7), ("bonus", 8)):
        rows[place][column(name)] = "tell-tale" if name != "employee_id" else rows[2][0]
    with caplog.at_level(logging.INFO):
        jobs.write(rows)
        jobs.preprocess()
    assert len(jobs.rejected()) == 6
    assert "tell-tale" not in "\n".join([*jobs.read("rejected"), caplog.text])
    assert rows[2][0] not in "\n".join([*jobs.read("rejected"), caplog.text])


def test_counts_of_rejected_rows_are_logged(jobs: Jobs, caplog: pytest.LogCaptureFixture) -> None:
    rows = good_rows()
    for place in (1, 2, 3):
        rows[place][column("bonus")] = ""
    with caplog.at_level(logging.INFO):
        jobs.write(rows)
        jobs.preprocess()
    assert "3 of 100 rows rejected" in caplog.text
    assert "3 rejected, first in employees.csv, row 3: bonus: missing" in caplog.text


def test_rejected_rows_are_summed_up_by_reason_with_the_first_of_each(jobs: Jobs) -> None:
    rows = good_rows(200)
    for place, name, value in (
        (150, "age", "0"),
        (7, "bonus", ""),
        (8, "age", "999"),
        (151, "hire_date", "2206-03-01"),
    ):
        rows[place][column(name)] = value
    rows[9].pop()
    jobs.write(rows[:100], "a.csv")
    jobs.write([*rows[100:], rows[0]], "b.csv")
    assert jobs.preprocess() == 0
    summary = json.loads((jobs.root / "rejected" / "rejections.json").read_text(encoding="utf-8"))
    counted = [
        (each["column"], each["reason"], each["count"], each["file"], each["row"]) for each in summary["reasons"]
    ]
    assert (summary["schema_version"], summary["rows"], summary["rejected"]) == (1, 201, 6)
    assert counted[0] == ("age", AGE, 2, "a.csv", 10)
    assert set(counted[1:]) == {
        ("bonus", "missing", 1, "a.csv", 9),
        ("", f"{len(COLUMNS) - 1} columns instead of {len(COLUMNS)}", 1, "a.csv", 11),
        ("hire_date", HIRE_DATE, 1, "b.csv", 53),
        ("employee_id", "duplicate", 1, "b.csv", 102),
    }


def test_one_row_above_the_allowed_share_fails_the_job(tmp_path: Path) -> None:
    rows = good_rows()
    for place in range(5):
        rows[place][column("bonus")] = ""
    allowed = Jobs(tmp_path / "allowed")
    allowed.write(rows)
    assert allowed.preprocess() == 0
    rows[6][column("age")] = "old"
    refused = Jobs(tmp_path / "refused")
    refused.write(rows)
    assert refused.preprocess() == 1
    assert refused.message == (
        "6 of 100 rows rejected, more than 5.0%; most often bonus: missing (5 times, first in employees.csv, row 2):"
        " correct the rows that rejected.csv lists"
    )
    assert len(refused.rejected()) == 6, "the list is there when it is needed most"


def test_allowed_share_is_a_setting(tmp_path: Path) -> None:
    rows = good_rows()
    rows[0][column("bonus")] = ""
    strict = Jobs(tmp_path, maximum_rejected_share=0)
    strict.write(rows)
    assert strict.preprocess() == 1


def test_too_few_rows_for_a_mini_batch_fail_the_job(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path, minimum_training_rows=32)
    jobs.write(good_rows(45))
    assert jobs.preprocess() == 1
    message = "the input has 31 training rows, fewer than a mini-batch of 32: give 46 usable rows"
    assert jobs.message == message


def test_few_rows_fail_the_job_in_one_line(jobs: Jobs) -> None:
    jobs.write(good_rows(9))
    assert jobs.preprocess() == 1
    assert jobs.message == "the input has 9 usable rows: give at least 10"


@pytest.mark.parametrize("name", ["employee_id", "age", "salary", "department", "hire_date", "profile", "bonus"])
def test_missing_column_fails_the_job_and_is_named(jobs: Jobs, name: str) -> None:
    jobs.write(good_rows(), header=["other" if each == name else each for each in COLUMNS])
    assert jobs.preprocess() == 1
    assert jobs.message.startswith(f"employees.csv: missing column {name}; name the columns employee_id, age")


def test_column_that_appears_twice_fails_the_job(jobs: Jobs) -> None:
    jobs.write([[*row, row[3]] for row in good_rows()], header=[*COLUMNS, "salary"])
    assert jobs.preprocess() == 1
    assert jobs.message == "employees.csv: column salary appears twice; keep one"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "employees.csv: empty file; upload the export again"),
        (b"\n", "employees.csv: the first line is blank; delete it, so that the header comes first"),
        (
            ",".join(COLUMNS).encode(),
            "employees.csv: no well-formed record below the header; upload the whole export again",
        ),
        (
            ",".join(COLUMNS).encode() + b"\nonly,two\n",
            "employees.csv: 1 record has 2 columns, the header has 8, first in row 2:"
            " give every row all columns of the header",
        ),
    ],
)
def test_empty_file_fails_the_job_even_among_others(jobs: Jobs, content: bytes, message: str) -> None:
    jobs.write(good_rows(), "whole.csv")
    (jobs.raw / "employees.csv").write_bytes(content)
    assert jobs.preprocess() == 1
    assert jobs.message == message


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("latin-1", f"not UTF-8 text (row 4, column profile); {EXPORT_AS_UTF_8}"),
        (
            "utf-16",
            "row 1: the text is in UTF-16: export it as declared or, if all files are so,"
            ' write encoding = "utf-16" into [format] of the data contract',
        ),
    ],
    ids=["latin-1", "utf-16"],
)
def test_wrong_encoding_fails_the_job(jobs: Jobs, encoding: str, found: str) -> None:
    path = jobs.write([[*row[:1], "José", *row[2:]] for row in good_rows(300)])
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    assert jobs.preprocess() == 1
    assert jobs.message == f"employees.csv: {found}"


def test_wrong_encoding_deep_in_a_used_column_fails_the_job(jobs: Jobs) -> None:
    rows = good_rows(300)
    rows[299][column("department")] = "Personnel é"
    path = jobs.write(rows)
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    assert jobs.preprocess() == 1
    assert jobs.message == f"employees.csv: not UTF-8 text (row 301, column department); {EXPORT_AS_UTF_8}"


def test_quotation_mark_that_is_never_closed_fails_the_job(jobs: Jobs) -> None:
    rows = good_rows(100)
    path = jobs.write(rows)
    text = path.read_text(encoding="utf-8") + 'E1,"Ada' + ",x" * BLOCK_BYTES
    path.write_text(text, encoding="utf-8")
    assert jobs.preprocess() == 1
    assert (
        jobs.message
        == "employees.csv: row 102 is longer than 4 MB; close the quotation mark that is open, or shorten it"
    )


@pytest.mark.parametrize("name", ["name", "department", "bonus"])
def test_quotation_mark_that_swallows_the_rest_of_a_small_file_fails_the_job(jobs: Jobs, name: str) -> None:
    rows = [[*row[:6], "", *row[7:]] for row in good_rows(200)]
    rows[149][column(name)] = f'"{rows[149][column(name)]}'
    text = "\n".join(",".join(row) for row in [COLUMNS, *rows])
    (jobs.raw / "employees.csv").write_text(f"{text}\n", encoding="utf-8")
    assert jobs.preprocess() == 1
    assert jobs.message == "employees.csv: row 151 opens a quotation mark that is never closed: close it"


def test_quotation_mark_inside_a_field_is_just_a_character(jobs: Jobs) -> None:
    rows = [[*row[:6], "", *row[7:]] for row in good_rows(200)]
    rows[149][column("name")] = 'Ada 5" Lovelace'
    text = "\n".join(",".join(row) for row in [COLUMNS, *rows])
    (jobs.raw / "employees.csv").write_text(f"{text}\n", encoding="utf-8")
    assert jobs.preprocess() == 0
    assert jobs.rejected() == []


def test_truncated_archive_fails_the_job(jobs: Jobs) -> None:
    path = jobs.write(good_rows(300))
    packed = gzip.compress(path.read_bytes())
    path.unlink()
    (jobs.raw / "employees.csv.gz").write_bytes(packed[: len(packed) // 2])
    assert jobs.preprocess() == 1
    assert jobs.message.startswith("employees.csv.gz: cannot be read (")


def test_what_is_no_archive_fails_the_job(jobs: Jobs) -> None:
    (jobs.raw / "employees.csv.gz").write_bytes(b"\x1f\x8bemployee_id,age\n")
    assert jobs.preprocess() == 1
    assert jobs.message.startswith("employees.csv.gz: cannot be read (")


def test_no_file_at_all_fails_the_job(jobs: Jobs) -> None:
    (jobs.raw / "notes.txt").touch()
    assert jobs.preprocess() == 1
    assert jobs.message == "the input has no .csv or .csv.gz file: upload one below the InputData prefix"


def test_department_outside_the_contract_is_no_feature_of_its_own(jobs: Jobs) -> None:
    rows = good_rows(400)
    departments = {row[column("department")] for row in rows}
    for place, row in enumerate(rows[:200]):
        row[column("department")] = f"desk {place}"
    jobs.write(rows)
    assert jobs.preprocess() == 0
    assert jobs.feature_model()["departments"] == [*sorted(departments), "unknown"]
    assert "desk" not in "\n".join(jobs.read("cleaned"))


@pytest.mark.parametrize("names", [("age",), ("salary",), ("age", "salary")])
def test_first_column_with_no_value_at_all_fails_the_job(jobs: Jobs, names: Sequence[str]) -> None:
    rows = good_rows()
    for row in rows:
        for name in names:
            row[column(name)] = ""
    jobs.write(rows)
    assert jobs.preprocess() == 1
    assert jobs.message == f"no training row of the input has a value of {names[0]}: export the column again"


def test_profile_cannot_break_out_of_its_row(jobs: Jobs) -> None:
    rows = good_rows()
    rows[3][column("profile")] = '{"address":"a"}{"address":"b"}'
    rows[4][column("profile")] = '{"address":"a"},"x":{"address":"b"}'
    rows[5][column("profile")] = PROFILE.replace("Oak", "Oak\nLane")
    jobs.write(rows)
    assert jobs.preprocess() == 0
    assert [row for _, row, name, _ in jobs.rejected()] == ["5", "6", "7"]
