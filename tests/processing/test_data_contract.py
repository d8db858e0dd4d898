"""The data contract: whoever edits it is told what is wrong with it in one line."""

import datetime
from pathlib import Path

import pytest

from data.mock_data import DEPARTMENTS
from processing.contract import data_contract
from processing.contract.data_contract import Category, Date, Number, parse, read_contract
from processing.job import JobError
from processing.records.columns import NAMES

TEXT = Path(data_contract.__file__).with_name("data_contract.toml").read_text(encoding="utf-8")


def test_contract_describes_every_column_that_is_read() -> None:
    assert tuple(read_contract().columns) == NAMES


def test_contract_knows_the_departments_of_the_sample() -> None:
    department = read_contract().columns["department"]
    assert isinstance(department, Category)
    assert set(department.values) == set(DEPARTMENTS)


def test_byte_order_mark_does_no_harm() -> None:
    assert parse(f"\ufeff{TEXT}") == parse(TEXT)


def test_values_are_read_as_what_they_are() -> None:
    contract = parse(TEXT)
    salary, hire_date = contract.columns["salary"], contract.columns["hire_date"]
    assert isinstance(salary, Number)
    assert isinstance(hire_date, Date)
    assert (contract.limits.minimum_rows, salary.minimum, salary.maximum) == (100, 1_000, 500_000)
    assert (hire_date.minimum, hire_date.maximum) == (datetime.date(1950, 1, 1), datetime.date(2030, 12, 31))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("minimum_rows = 100", "minimum_rows = 0", "minimum_rows is 0: write a whole number of at least 1"),
        ("minimum_rows = 100", "minimum_rows = true", "minimum_rows is True: write a whole number of at least 1"),
        ("minimum_rows = 100", "", "the top of the file lacks minimum_rows: add it"),
        (
            "minimum_rows = 100",
            "minimum_rows = 100\nmaximum_rows = 5",
            "the top of the file has maximum_rows: delete it, or write one of"
            " maximum_malformed_share, maximum_row_loss_share, minimum_rows",
        ),
        (
            "maximum_duplicate_share = 0.02",
            "maximum_duplicate_share = 2",
            "columns.employee_id.maximum_duplicate_share is 2: write a share from 0 to 1",
        ),
        (
            "maximum_duplicate_share = 0.02",
            "maximum_duplicate_share = '2 %'",
            "columns.employee_id.maximum_duplicate_share is '2 %': write a share from 0 to 1",
        ),
        ("minimum = 15", "minimum = inf", "columns.age.minimum is inf: write a number"),
        ("minimum = 15", "minimum = 100", "columns.age.maximum is 100: write more than the minimum"),
        (
            "minimum = 1950-01-01",
            "minimum = '1950-01-01'",
            "columns.hire_date.minimum is '1950-01-01': write a date like 2020-12-31, without quotation marks",
        ),
        (
            "minimum = 1950-01-01",
            "minimum = 1950-01-01T00:00:00",
            "columns.hire_date.minimum is 1950-01-01 00:00:00: write a date like 2020-12-31, without quotation marks",
        ),
        (
            "minimum = 1950-01-01",
            "minimum = 2050-01-01",
            "columns.hire_date.maximum is 2030-12-31: write more than the minimum",
        ),
        (
            "maximum_mean_shift = 0.5 # in",
            "maximum_mean_shift = -1 # in",
            "columns.age.maximum_mean_shift is -1: write a number of standard deviations, at least 0",
        ),
        (
            "maximum_unknown_share = 0.05",
            "maximum_unkown_share = 0.05",
            "columns.department has maximum_unkown_share: delete it, or write one of maximum_invalid_share,"
            " maximum_missing_share, maximum_share_shift, maximum_unknown_share, type, values",
        ),
        ("maximum_unknown_share = 0.05", "", "columns.department lacks maximum_unknown_share: add it"),
        ("[columns.bonus]", "[columns.premium]", "columns has premium: delete it, or write one of"),
        (
            'type = "profile"',
            'type = "json"',
            "columns.profile.type is 'json': write \"profile\"",
        ),
        (
            'type = "profile"',
            "",
            'columns.profile.type is missing: write "profile"',
        ),
        (
            'type = "identifier"',
            'type = "category"',
            "columns.employee_id.type is 'category': write \"identifier\"",
        ),
        ("[columns.age]", "[columns]\nage = 5\n[columns.more]", "columns has more: delete it"),
        (
            "minimum_rows = 100",
            "minimum_rows =",
            "is not TOML: Invalid value (at line 14, column 15): correct it there",
        ),
    ],
)
def test_mistake_is_one_line_with_its_place_and_the_remedy(old: str, new: str, message: str) -> None:
    assert TEXT.count(old) == 1
    with pytest.raises(JobError) as error:
        parse(TEXT.replace(old, new))
    assert message in str(error.value)
    assert str(error.value).startswith("data_contract.toml")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("values", ["[]", "'Sales'", "['Sales', 'Sales']", "['Sales ']", "['']", "[5]", "5"])
def test_known_values_are_different_texts(values: str) -> None:
    (line,) = (line for line in TEXT.splitlines() if line.startswith("values = "))
    with pytest.raises(JobError, match="write 1 to 200 different texts in brackets, without spaces around them"):
        parse(TEXT.replace(line, f"values = {values}"))


def test_long_value_is_shown_shortened() -> None:
    (line,) = (line for line in TEXT.splitlines() if line.startswith("values = "))
    with pytest.raises(JobError) as error:
        parse(TEXT.replace(line, f"values = {[f'desk {number}' for number in range(300)]}"))
    assert len(str(error.value)) < 250


def test_column_without_its_table_is_named() -> None:
    start, end = TEXT.index("[columns.age]"), TEXT.index("[columns.salary]")
    with pytest.raises(JobError, match=r"^data_contract.toml: columns lacks age: add it$"):
        parse(TEXT[:start] + TEXT[end:])
    with pytest.raises(JobError, match=r"^data_contract.toml: columns.age is 5: write a table, \[columns.age\]$"):
        parse(TEXT[:start].replace("minimum_rows", "columns.age = 5\nminimum_rows") + TEXT[end:])
