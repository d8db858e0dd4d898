"""A data contract is proposed that fits somebody's own export, and what cannot be known is asked."""

import codecs
import csv
import dataclasses
import datetime
import gzip
import random
import shlex
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from processing.contract.data_contract import Category, Contract, Date, Number, parse
from processing.proposal.__main__ import main
from processing.records.format import Format
from tests.processing.exports import (
    DEPARTMENTS,
    GERMAN_HEADER,
    PUBLIC_HEADER,
    Employee,
    employees,
    public_row,
    write_german,
    write_public,
)

HEADER = ("employee_id", "age", "salary", "department", "hire_date", "profile", "bonus")
Row = list[str]


def plain_row(each: Employee) -> Row:
    """Return a row in the form that needs no declaration."""
    identifier, profile = f"E{each.number:05d}", '{"address": "1 Oak Lane"}'
    return [
        *(identifier, str(each.age), str(each.salary), each.department),
        *(each.hired.isoformat(), profile, f"{each.bonus / 10:.2f}"),
    ]


def with_cells(column: str, cell: Callable[[Employee], str]) -> list[Row]:
    """Return 400 rows of which one column is written in another way."""
    rows = []
    for each in employees(400):
        row = plain_row(each)
        row[HEADER.index(column)] = cell(each)
        rows.append(row)
    return rows


class Exporter:
    """Writes an export, and proposes a contract for it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = folder / "hr.csv"
        self.contract_path = folder / "hr.csv.contract.toml"
        self._capsys = capsys
        self.output = ""

    def write(self, rows: Sequence[Row], header: Sequence[str] = HEADER, delimiter: str = ",") -> None:
        with self.path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows([header, *rows])

    def propose(self, *options: str) -> int:
        code = main([str(self.path), *options])
        captured = self._capsys.readouterr()
        self.output = captured.out + captured.err
        return code

    @property
    def text(self) -> str:
        return self.contract_path.read_text(encoding="utf-8")

    @property
    def contract(self) -> Contract:
        return parse(self.text)

    @property
    def rejections(self) -> dict[str, int]:
        """How many rows the command says would be rejected, by column and reason."""
        lines = [line.split(maxsplit=1) for line in self.output.splitlines() if line.startswith("  ")]
        return {reason: int(count.replace(",", "")) for count, reason in lines}

    @property
    def questions(self) -> list[str]:
        mark = "to be decided: "
        return [line.removeprefix(mark) for line in self.output.splitlines() if line.startswith(mark)]


@pytest.fixture
def export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Exporter:
    return Exporter(tmp_path, capsys)


def test_export_in_the_usual_form_needs_no_format(export: Exporter) -> None:
    export.write([plain_row(each) for each in employees(400)])
    assert export.propose() == 0
    assert export.contract.format == Format(columns=export.contract.format.columns)
    assert export.rejections == {}
    assert "it would reject 0 of 400 rows" in export.output


def test_export_like_the_public_file_is_understood(export: Exporter) -> None:
    write_public(export.path)
    assert export.propose() == 0, export.output
    columns = dict(
        zip(
            ("employee_id", "department", "age", "hire_date", "salary", "bonus"),
            (PUBLIC_HEADER[place] for place in (0, 3, 7, 8, 9, 10)),
            strict=True,
        )
    )
    assert export.contract.format == Format(
        encoding="cp1252",
        thousands_mark=",",
        drop=("$", "%"),
        date_format="%m/%d/%Y",
        columns={**columns, "profile": ""},
    )
    department = export.contract.columns["department"]
    assert isinstance(department, Category)
    assert department.values == tuple(DEPARTMENTS)
    assert float(export.contract.columns["profile"].maximum_missing_share) == 1
    assert export.rejections == {}


def test_export_of_an_office_in_germany_is_understood(export: Exporter) -> None:
    write_german(export.path)
    assert export.propose() == 0, export.output
    columns = dict(
        zip(
            ("employee_id", "age", "salary", "department", "hire_date", "bonus"),
            (name for name in GERMAN_HEADER if name != "Nachname"),
            strict=True,
        )
    )
    assert export.contract.format == Format(
        encoding="cp1252",
        delimiter=";",
        decimal_mark=",",
        thousands_mark=".",
        date_format="%d.%m.%Y",
        columns={**columns, "profile": ""},
    )
    assert export.rejections == {}


def test_bonus_in_per_cent_stays_so_and_is_told(export: Exporter) -> None:
    write_public(export.path)
    export.propose()
    bonus = export.contract.columns["bonus"]
    assert isinstance(bonus, Number)
    assert 20 < bonus.maximum < 100
    (question,) = export.questions
    assert question.startswith("Bonus %: the bonus is in per cent, not an amount: so are predictions, RMSE and the")
    assert question in export.text


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("salary", lambda each: f"${each.salary:,} ", {"drop": ("$",), "thousands_mark": ","}),
        ("salary", lambda each: f"{each.salary:,}.00 EUR", {"drop": ("EUR",), "thousands_mark": ","}),
        ("salary", lambda each: f"{each.salary:,}".replace(",", "'"), {"thousands_mark": "'"}),
        ("salary", lambda each: f"{each.salary:,}".replace(",", "\u202f"), {"thousands_mark": " "}),
        ("salary", lambda each: f"Rs. {each.salary}", {"drop": ("Rs.",)}),
        ("age", lambda each: f"{each.age} years", {"drop": ("years",)}),
        ("hire_date", lambda each: f"{each.hired:%d/%m/%Y}", {"date_format": "%d/%m/%Y"}),
        ("hire_date", lambda each: f"{each.hired:%m/%d/%Y}", {"date_format": "%m/%d/%Y"}),
        ("hire_date", lambda each: f"{each.hired:%Y%m%d}", {"date_format": "%Y%m%d"}),
        ("hire_date", lambda each: f"{each.hired:%d-%b-%Y}", {"date_format": "%d-%b-%Y"}),
        ("hire_date", lambda each: f"{each.hired}T00:00:00", {"date_format": "%Y-%m-%dT%H:%M:%S"}),
        ("hire_date", lambda each: str((each.hired - datetime.date(1899, 12, 30)).days), {"date_format": "excel"}),
        ("age", lambda each: str(each.age) if each.number % 9 else "N/A", {"missing": ("N/A",)}),
        ("department", lambda each: each.department if each.number % 9 else "-", {"missing": ("-",)}),
        ("profile", lambda _: "None", {"missing": ("None",)}),
    ],
)
def test_way_of_writing_is_recognised(
    export: Exporter, column: str, cell: Callable[[Employee], str], expected: dict[str, Any]
) -> None:
    export.write(with_cells(column, cell))
    assert export.propose() == 0, export.output
    assert dataclasses.replace(export.contract.format, columns={}) == Format(**expected)
    assert export.rejections == {}


def test_day_and_month_that_no_date_tells_apart_are_asked(export: Exporter) -> None:
    export.write(with_cells("hire_date", lambda each: f"{each.number % 12 + 1:02d}/{each.number % 11 + 1:02d}/2019"))
    assert export.propose() == 0, export.output
    assert export.questions == [
        "hire_date: no date tells which number is the day; %d/%m/%Y is a guess:"
        ' if it is wrong, write date_format = "%m/%d/%Y"'
    ]
    assert export.questions[0] in export.text


def test_number_that_is_always_one_is_the_day(export: Exporter) -> None:
    export.write(with_cells("hire_date", lambda each: f"{each.hired.month:02d}/01/{each.hired.year}"))
    assert export.propose() == 0, export.output
    assert export.contract.format.date_format == "%m/%d/%Y"
    assert export.questions == []


@pytest.mark.parametrize(
    ("column", "sentinel", "reason"),
    [
        ("age", "0", "age: not a number"),
        ("age", "999", "age: not a number"),
        ("salary", "-1", "salary: not a number"),
        ("salary", "999999", "salary: not a number"),
        ("salary", "1e12", "salary: not a number"),
        ("bonus", "1000000000", "bonus: not a number"),
        ("bonus", "-1", "bonus: not a number"),
        ("hire_date", "1900-01-01", "hire_date: not a date"),
        ("hire_date", "1970-01-01", "hire_date: not a date"),
        ("hire_date", "2206-03-01", "hire_date: not a date"),
        ("hire_date", "9999-12-31", "hire_date: not a date"),
    ],
)
def test_single_values_far_off_are_outside_of_the_range(
    export: Exporter, column: str, sentinel: str, reason: str
) -> None:
    usual = {name: HEADER.index(name) for name in HEADER}[column]
    export.write(with_cells(column, lambda each: sentinel if each.number < 4 else plain_row(each)[usual]))
    assert export.propose() == 0, export.output
    ((found, count),) = export.rejections.items()
    assert found.startswith(reason)
    assert count == 4


def test_bonus_of_nothing_is_in_the_range_however_few_have_it(export: Exporter) -> None:
    export.write(with_cells("bonus", lambda each: "0" if each.number < 4 else str(20_000 + each.bonus)))
    assert export.propose() == 0
    assert export.rejections == {}


def test_range_has_room_for_later_exports(export: Exporter) -> None:
    rows = [plain_row(each) for each in employees(400)]
    export.write(rows)
    export.propose()
    salary, hired = export.contract.columns["salary"], export.contract.columns["hire_date"]
    assert isinstance(salary, Number)
    assert isinstance(hired, Date)
    salaries = [int(row[HEADER.index("salary")]) for row in rows]
    dates = [datetime.date.fromisoformat(row[HEADER.index("hire_date")]) for row in rows]
    assert 0 < salary.minimum < 0.9 * min(salaries)
    assert 1.1 * max(salaries) < salary.maximum < 2 * max(salaries)
    assert (hired.minimum, hired.maximum) == (
        datetime.date(min(dates).year - 5, 1, 1),
        datetime.date(max(dates).year + 2, 12, 31),
    )


def test_department_of_a_few_rows_is_unknown_and_one_that_looks_alike_is_asked(export: Exporter) -> None:
    def department(each: Employee) -> str:
        return {0: "Secret Project", 1: "SALES"}.get(each.number, each.department)

    export.write(with_cells("department", department))
    assert export.propose() == 0
    found = export.contract.columns["department"]
    assert isinstance(found, Category)
    assert found.values == tuple(DEPARTMENTS)
    assert "Secret Project" not in export.text + export.output
    assert export.questions == [
        "department: 'SALES' (1) like 'Sales': spell them alike, or their rows are rejected",
    ]


def test_values_that_are_no_departments_are_asked_and_not_listed(export: Exporter) -> None:
    export.write(with_cells("department", lambda each: f"Person {each.number}"))
    assert export.propose() == 1
    assert export.questions == [
        "department: 400 different values in 400 rows, which is not like departments: name another column, leave it out"
        " or, if they are departments, add them to values in [columns.department]"
    ]
    assert "Person" not in export.text + export.output


@pytest.mark.parametrize(
    ("column", "cell", "signs"),
    [
        ("salary", lambda each: f"{'$€'[each.number % 2]}{each.salary}", "$, €"),
        ("bonus", lambda each: f"{each.bonus_percent}{'%' if each.number % 2 else ''}", "%, no sign"),
    ],
)
def test_signs_that_differ_within_a_column_are_asked(
    export: Exporter, column: str, cell: Callable[[Employee], str], signs: str
) -> None:
    export.write(with_cells(column, cell))
    assert export.propose() == 0, export.output
    assert export.questions[0].startswith(f"{column}: some values have other signs than others ({signs}), and all are")


@pytest.mark.parametrize(
    ("column", "cell", "question"),
    [
        ("age", lambda each: str(2022 - each.age), "age: most values are no age in years; if they are years of birth,"),
        (
            "department",
            lambda each: each.department if each.number % 8 == 0 else "",
            "department: 350 of 400 rows have no value; fill in what was left out",
        ),
        ("age", lambda _: "40", "age: all 400 values are the same, of which nothing is learnt"),
        ("hire_date", lambda _: "1900-01-01", "hire_date: all 400 values are the same, of which nothing is learnt"),
    ],
)
def test_values_that_are_hardly_what_they_are_called_are_asked(
    export: Exporter, column: str, cell: Callable[[Employee], str], question: str
) -> None:
    export.write(with_cells(column, cell))
    assert export.propose() == 0, export.output
    assert export.questions[0].startswith(question)


@pytest.mark.parametrize(
    ("column", "cell", "question"),
    [
        (
            "employee_id",
            lambda each: {1: "e0007", 2: "E\u00a00007"}.get(each.number, f"E{each.number:04d}"),
            "employee_id: 2 of 400 are like another but for capital letters, spaces or invisible characters, and count"
            " as other employees: if they are not, write them alike",
        ),
        (
            "age",
            lambda each: "99" if each.number % 15 == 0 else str(each.age),
            "age: 99 stands in 27 of 400 rows, far more often than numbers near it: if it means that there is none,"
            ' write missing = ["99"] into [format] of the data contract, for all columns',
        ),
        (
            "salary",
            lambda each: "99,999.0" if each.number % 20 == 0 else f"{each.salary:,}.0",
            "salary: 99999 stands in 20 of 400 rows, far more often than numbers near it: if it means that there is"
            ' none, write missing = ["99,999.0"] into [format] of the data contract, for all columns',
        ),
        (
            "salary",
            lambda each: f"{each.salary},50",
            'salary: 400 of 400 numbers that were tried have decimal_mark = ",", other columns ".", and one is'
            " declared for all: write all alike",
        ),
        (
            "hire_date",
            lambda each: str((each.hired - datetime.date(1899, 12, 30)).days),
            "hire_date: Excel's serial day numbers, read as counted from 1900: of a workbook that counts from 1904,"
            " add 1,462 to each",
        ),
    ],
)
def test_what_only_a_person_can_know_of_a_column_is_asked(
    export: Exporter, column: str, cell: Callable[[Employee], str], question: str
) -> None:
    export.write(with_cells(column, cell))
    export.propose()
    assert question in export.questions


def test_encoding_that_any_bytes_are_text_in_is_asked(export: Exporter) -> None:
    export.write(with_cells("department", lambda each: f"{each.department} Zürich"))
    export.path.write_bytes(export.path.read_text(encoding="utf-8").encode("cp1252"))
    assert export.propose() == 0, export.output
    assert export.questions == [
        "encoding: windows-1252 is a guess: if the departments have strange letters, write another one"
    ]


def test_file_of_another_ending_is_refused_as_the_jobs_pass_it_over(export: Exporter) -> None:
    export.path = export.path.with_suffix(".txt")
    export.write([plain_row(each) for each in employees(400)])
    assert export.propose() == 2
    assert "hr.txt: not a .csv or .csv.gz file, which the jobs pass over: rename it" in export.output


@pytest.mark.parametrize("name", ["age", "salary"])
def test_column_without_a_value_is_what_preprocessing_would_stop_at(export: Exporter, name: str) -> None:
    export.write(with_cells(name, lambda _: ""))
    assert export.propose() == 1
    assert f"the pipeline would stop: no row has a value of {name}: name another column, or none" in export.output


@pytest.mark.parametrize("cut", [2_000, -4], ids=["in the first bytes", "at the end"])
def test_archive_that_is_cut_off_is_told_in_one_line(export: Exporter, cut: int) -> None:
    export.write([plain_row(each) for each in employees(400)])
    export.path.write_bytes(gzip.compress(export.path.read_bytes())[:cut])
    assert export.propose() == 2
    assert export.output.startswith("no contract: hr.csv: cannot be read (Compressed file ended before")
    assert export.output.count("\n") == 1


def test_dates_of_two_systems_are_told_and_no_guess_is_asked(export: Exporter) -> None:
    export.write(with_cells("hire_date", lambda each: f"{each.hired:{('%Y-%m-%d', '%m/%d/%Y')[each.number % 2]}}"))
    assert export.propose() == 1
    (question,) = export.questions
    assert question.startswith("hire_date: 200 of 400 values are not a date: written as month/day/year;")


def test_column_that_rows_may_lack_is_declared_absent(export: Exporter) -> None:
    left = [place for place, name in enumerate(HEADER) if name not in ("age", "department", "profile")]
    rows = [[plain_row(each)[place] for place in left] for each in employees(400)]
    export.write(rows, [HEADER[place] for place in left])
    assert export.propose() == 0, export.output
    assert export.contract.format.absent == ("age", "department", "profile")
    assert {
        float(export.contract.columns[name].maximum_missing_share) for name in ("age", "department", "profile")
    } == {1}
    assert "no age, " in export.output


def test_missing_column_is_one_line_with_the_headers_names_and_what_is_like_it(export: Exporter) -> None:
    header = ["Nr", "age", "salary", "department", "First Day (hire)", "profile", "Bonus Plan"]
    export.write([plain_row(each) for each in employees(400)], header)
    assert export.propose() == 2
    assert export.output == (
        "no contract: hr.csv: no column employee_id, hire_date, bonus among 'Nr', 'age', 'salary', 'department',"
        " 'First Day (hire)', 'profile', 'Bonus Plan': employee_id is like none, hire_date is like none,"
        " bonus may be 'Bonus Plan'; rename them, or write them into [format.columns] of a contract by hand\n"
    )
    assert not export.contract_path.exists()


@pytest.mark.parametrize(
    "header",
    [plain_row(next(employees(1))), ["employee_id", "Ada Lovelace", "Countess"]],
    ids=["a row", "another number of columns"],
)
def test_no_value_of_a_first_line_that_is_no_header_is_shown(export: Exporter, header: Row) -> None:
    export.write([plain_row(each) for each in employees(400)], header)
    assert export.propose() == 2
    assert "row 1 does not seem to be a header of the rows below it: write the name of each column" in export.output
    assert not any(cell in export.output for cell in header if cell != "employee_id")


def test_table_whose_names_stand_below_each_other_is_told_without_its_values(export: Exporter) -> None:
    rows = [plain_row(each) for each in employees(50)]
    first, *others = ([name, *cells] for name, *cells in zip(HEADER, *rows, strict=True))
    export.write(others, first)
    assert export.propose() == 2
    assert "the names of the columns stand below each other: write them side by side" in export.output
    assert "E000" not in export.output


def test_name_of_several_lines_is_found(export: Exporter) -> None:
    export.write(
        [plain_row(each) for each in employees(400)],
        ["Annual\nSalary" if name == "salary" else name for name in HEADER],
    )
    assert export.propose() == 0, export.output
    assert export.contract.format.columns["salary"] == "Annual Salary"
    assert export.contract.format.header_match == "loose"


def test_no_value_of_a_person_is_in_the_contract_or_on_the_console(export: Exporter) -> None:
    write_public(export.path)
    export.propose()
    shown = export.text + export.output
    rows = [public_row(each) for each in employees(1_000)]
    personal = {row[place].strip() for row in rows for place in (0, 1, 8, 9)}
    assert [value for value in personal if value in shown] == []


def test_contract_that_is_there_is_not_overwritten(export: Exporter) -> None:
    export.write([plain_row(each) for each in employees(400)])
    export.contract_path.write_text("edited")
    assert export.propose() == 2
    assert f"{export.contract_path} is there already, and may have been edited" in export.output
    assert export.text == "edited"
    assert export.propose("--out", str(export.path.with_name("other.toml"))) == 0
    assert export.path.with_name("other.toml").exists()


def test_command_that_runs_with_it_can_be_pasted(export: Exporter) -> None:
    export.path = export.path.with_name("it's $5.csv")
    export.write([plain_row(each) for each in employees(400)])
    assert export.propose() == 0
    words = shlex.split(export.output.splitlines()[-1].partition("; ")[2])
    path = str(export.path).replace("$", "$$")
    assert words == ["make", "run", f"INPUT={path}", f"CONTRACT={path}.contract.toml"]


def test_contract_is_not_written_where_it_would_be_read_as_data(export: Exporter) -> None:
    export.write([plain_row(each) for each in employees(400)])
    assert export.propose("--out", str(export.path.with_name("contract.csv"))) == 2
    assert "name a file that ends in .toml" in export.output


def test_contract_of_a_folder_lies_beside_it_and_fits_all_of_its_files(export: Exporter, tmp_path: Path) -> None:
    rows = [plain_row(each) for each in employees(400)]
    folder = tmp_path / "parts"
    folder.mkdir()
    export.path = folder / "a.csv"
    export.write(rows[:200])
    export.path = folder / "b.csv"
    export.write(rows[200:], ["Employee ID", *HEADER[1:]])
    (folder / "b.csv.gz").write_bytes(gzip.compress(export.path.read_bytes()))
    export.path.unlink()
    export.path, export.contract_path = folder, tmp_path / "parts.contract.toml"
    assert export.propose() == 0, export.output
    assert export.contract.format.header_match == "loose"
    assert "it would reject 0 of 400 rows" in export.output


def test_name_with_spaces_around_is_written_without_them(export: Exporter) -> None:
    export.write([plain_row(each) for each in employees(400)], [*HEADER[:2], "\u200b salary\u00a0", *HEADER[3:]])
    assert export.propose() == 0, export.output
    assert export.contract.format.header_match == "loose"
    assert export.contract.format.columns.get("salary", "salary") == "salary"


def test_file_with_two_byte_order_marks_is_read(export: Exporter) -> None:
    export.write([plain_row(each) for each in employees(400)])
    export.path.write_bytes(codecs.BOM_UTF8 * 2 + export.path.read_bytes())
    assert export.propose() == 0, export.output
    assert export.contract.format.header_match == "loose"
    assert export.rejections == {}


def test_encoding_is_that_of_the_whole_file(export: Exporter) -> None:
    rows = [plain_row(each) for each in employees(4_000)]
    export.write([*rows[:-1], ["E9", *rows[-1][1:3], "Logistík", *rows[-1][4:]]])
    export.path.write_bytes(export.path.read_text("utf-8").encode("windows-1252"))
    assert export.path.stat().st_size > 1 << 18
    assert export.propose() == 0, export.output
    assert export.contract.format.encoding == "cp1252"


@pytest.mark.parametrize("order", [("a.csv", "b.csv"), ("b.csv", "a.csv")])
@pytest.mark.parametrize(("encoding", "accent"), [("utf-16", ""), ("utf-16", "\u00e9"), ("windows-1252", "\u00e9")])
def test_file_in_another_encoding_than_the_others_is_named(
    export: Exporter, tmp_path: Path, order: tuple[str, str], encoding: str, accent: str
) -> None:
    export.write(with_cells("department", lambda each: each.department + accent))
    text, folder = export.path.read_text("utf-8"), tmp_path / "parts"
    folder.mkdir()
    for name in ("c.csv", order[0]):
        (folder / name).write_text(text, "utf-8")
    (folder / order[1]).write_bytes(text.encode(encoding))
    export.path = folder
    assert export.propose() == 2
    assert export.output == (
        f"no contract: {order[1]} in {encoding.upper()}, but the other files in UTF-8:"
        " export them all in one encoding, as 'CSV UTF-8'\n"
    )


def test_proposal_says_what_would_stop_the_pipeline(export: Exporter) -> None:
    export.write([plain_row(each) for each in employees(30)])
    assert export.propose() == 1
    assert "the pipeline would stop: 30 usable rows, fewer than the 46 that training needs" in export.output
    assert export.contract_path.exists()


def test_employees_with_several_rows_are_asked(export: Exporter) -> None:
    export.write([plain_row(each) for each in employees(200)] * 2)
    assert export.propose() == 1
    assert export.questions[0].startswith("employee_id: 200 of 400 rows are of an employee that came before")
    assert export.rejections == {"employee_id: duplicate": 200}


def test_bonuses_that_spread_more_than_the_limit_allows_are_told(export: Exporter) -> None:
    export.write(with_cells("bonus", lambda each: str(each.bonus)))
    export.propose()
    (question,) = export.questions
    assert (
        "more than MaximumRmse, which is 2,500 unless the stage sets QualityGate(defaults={'MaximumRmse': " in question
    )


def test_same_export_gives_the_same_bytes(export: Exporter) -> None:
    write_public(export.path)
    export.propose()
    first, output = export.text, export.output
    export.contract_path.unlink()
    export.propose()
    assert (export.text, export.output) == (first, output)


def test_every_line_of_the_contract_but_types_and_names_says_what_was_seen(export: Exporter) -> None:
    write_public(export.path)
    export.propose()
    lines = [line for line in export.text.split("[columns.employee_id]")[1].splitlines() if " = " in line]
    assert [line for line in lines if " # " not in line and not line.startswith(("type", "values"))] == []
    assert tomllib.loads(export.text)["format"]["columns"]["bonus"] == "Bonus %"


@pytest.mark.parametrize("seed", range(10))
def test_random_way_of_writing_is_found(export: Exporter, seed: int) -> None:
    chance = random.Random(seed)
    decimal_mark = chance.choice(".,")
    thousands_mark = chance.choice([mark for mark in ("", ",", ".", "'", " ") if mark != decimal_mark])
    sign, date_format = (
        chance.choice(["", "$", "€", "EUR"]),
        chance.choice(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%Y%m%d"]),
    )

    def number(value: float) -> str:
        return f"{value:,.2f}".translate({ord(","): thousands_mark, ord("."): decimal_mark})

    rows = []
    for each in employees(200, seed):
        row = plain_row(each)
        row[HEADER.index("salary")] = chance.choice([f"{sign}{number(each.salary)}", f"{number(each.salary)} {sign}"])
        row[HEADER.index("bonus")] = number(each.bonus / 10)
        row[HEADER.index("hire_date")] = each.hired.strftime(date_format)
        rows.append(row)
    delimiter = chance.choice(",;\t|")
    export.write(rows, delimiter=delimiter)
    assert export.propose() == 0, export.output
    assert export.contract.format == Format(
        delimiter=delimiter,
        decimal_mark=decimal_mark,
        thousands_mark=thousands_mark,
        drop=tuple(filter(None, [sign])),
        date_format=date_format,
        columns=export.contract.format.columns,
    )
    assert sum(export.rejections.values()) <= 2
