"""Files and values that are not written as declared: one line says how they are, where, and what to declare."""

import codecs
import csv
import datetime
import gzip
import io
import json
import logging
import random
import re
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pytest

from data.mock_data import COLUMNS
from processing.contract.data_contract import read_contract
from processing.records.columns import COLUMNS as RAW_COLUMNS
from processing.records.format import DEFAULT, Format
from processing.records.recognition.dates import resolve_dates
from processing.records.recognition.findings import FormCounts, Recognizer
from processing.records.recognition.numbers import recognize_number
from processing.records.recognition.words import Form
from tests.processing.jobs import Jobs, column, good_rows, use_contract

REFUSED = 3
TELL_TALE = "Tell Tale Street 77"

Rows = list[list[str]]
Change = Callable[[str], str]


def csv_text(rows: Sequence[Sequence[str]], header: Sequence[str] = COLUMNS, **dialect: str | int) -> str:
    file = io.StringIO(newline="")
    options = {"lineterminator": "\n"} | dialect
    csv.writer(file, **options).writerows([header, *rows])  # type: ignore[arg-type]  # a dialect's options vary in type
    return file.getvalue()


def rename(old: str, new: str) -> list[str]:
    return [new if name == old else name for name in COLUMNS]


def in_halves(text: str) -> bytes:
    """Return *text* in UTF-16 without a byte order mark."""
    return text.encode("utf-16-le")


DECLARE_LOOSE = 'write header_match = "loose" into [format] of the data contract'

# How a file of good rows is written; then what the message says.
FILES: dict[str, tuple[Callable[[Rows], str | bytes], list[str]]] = {
    "semicolons": (
        lambda rows: csv_text(rows, delimiter=";"),
        ["row 1: the columns are separated by semicolons", 'write delimiter = ";" into [format] of the data contract'],
    ),
    "semicolons between quotation marks": (
        lambda rows: csv_text(rows, delimiter=";", quoting=csv.QUOTE_ALL),
        ["row 1: the columns are separated by semicolons", 'write delimiter = ";" into [format] of the data contract'],
    ),
    "rows in quotation marks": (
        lambda rows: csv_text([[line] for line in csv_text(rows).splitlines()], [], quoting=csv.QUOTE_ALL).lstrip(),
        ["every row is in quotation marks as a whole", "export it without these marks"],
    ),
    "names with capitals and one that is missing": (
        lambda rows: csv_text(rows, ["Gehalt" if name == "salary" else name.title() for name in COLUMNS]),
        ["column salary is missing", "and what the header calls the missing ones into [format.columns]"],
    ),
    "tabs": (lambda rows: csv_text(rows, delimiter="\t"), ["separated by tabs", r'delimiter = "\t"']),
    "pipes": (lambda rows: csv_text(rows, delimiter="|"), ["separated by pipes", 'delimiter = "|"']),
    "a sep= line": (lambda rows: f"sep=,\n{csv_text(rows)}", ["the column names stand in row 2", "header_row = 2"]),
    "a sep= line and semicolons": (
        lambda rows: f"sep=;\n{csv_text(rows, delimiter=';')}",
        ["row 2", "separated by semicolons", 'write header_row = 2 and delimiter = ";" into'],
    ),
    "a title above": (
        lambda rows: f'Staff of "Acme", July\n\n{csv_text(rows)}',
        ["the column names stand in row 3", "header_row = 3"],
    ),
    "a title in quotation marks": (
        lambda rows: f'"Staff, of ""Acme"""\n{csv_text(rows)}',
        ["the column names stand in row 2", "header_row = 2"],
    ),
    "a title with a quotation mark": (
        lambda rows: f'"Report of July\n{csv_text(rows)}',
        ["the column names stand in row 2", "header_row = 2"],
    ),
    "a comment above": (lambda rows: f"# made 2026\n{csv_text(rows)}", ["header_row = 2"]),
    "a blank line above": (lambda rows: f"\n{csv_text(rows)}", ["header_row = 2"]),
    "a space behind a name": (
        lambda rows: csv_text(rows, rename("salary", "salary ")),
        ["column salary has an unexpected space in its name", DECLARE_LOOSE],
    ),
    "a non-breaking space before a name": (
        lambda rows: csv_text(rows, rename("bonus", "\u00a0bonus")),
        ["column bonus has an unexpected space in its name", DECLARE_LOOSE],
    ),
    "a zero-width space in a name": (
        lambda rows: csv_text(rows, rename("hire_date", "hire\u200b_date")),
        ["column hire_date has an invisible character in its name", DECLARE_LOOSE],
    ),
    "names with capitals": (
        lambda rows: csv_text(rows, [name.title() for name in COLUMNS]),
        ["column employee_id, age, salary", "has other capital letters in its name", DECLARE_LOOSE],
    ),
    "a name with spaces for underscores": (
        lambda rows: csv_text(rows, rename("hire_date", "Hire Date")),
        ["column hire_date has", DECLARE_LOOSE],
    ),
    "colons behind names": (
        lambda rows: csv_text(rows, [f"{name}:" for name in COLUMNS]),
        ["missing column employee_id, age, salary", "write what the header calls them into [format.columns]"],
    ),
    "two byte order marks": (
        lambda rows: codecs.BOM_UTF8 * 2 + csv_text(rows).encode(),
        ["column employee_id has an invisible character in its name", DECLARE_LOOSE],
    ),
    "UTF-16": (lambda rows: csv_text(rows).encode("utf-16"), ["the text is in UTF-16", 'encoding = "utf-16"']),
    "UTF-16 without a mark": (lambda rows: in_halves(csv_text(rows)), ["UTF-16", 'encoding = "utf-16-le"']),
    "windows-1252": (
        lambda rows: csv_text([*rows[:9], [*rows[9][:4], "Légal", *rows[9][5:]], *rows[10:]]).encode("cp1252"),
        ['encoding = "windows-1252"', "not UTF-8 text (row 11, column department)"],
    ),
    "a delimiter behind each row": (
        lambda rows: csv_text([[*row, ""] for row in rows]),
        ["200 records have 9 columns, the header has 8, first in row 2: delete the commas at the end of rows"],
    ),
    "a header with commas, rows with semicolons": (
        lambda rows: f"{','.join(COLUMNS)}\n{csv_text(rows, [], delimiter=';').lstrip()}",
        ["separated by semicolons, the header by commas"],
    ),
    "profiles without quotation marks": (
        lambda rows: "".join(f"{','.join(row)}\n" for row in [COLUMNS, *rows]),
        ["200 records have 11 columns, the header has 8, first in row 2: put each profile into quotation marks"],
    ),
    "spaces before quotation marks": (
        lambda rows: csv_text(rows).replace(',"', ', "'),
        ["records have 11 columns, the header has 8, first in row 2: delete the spaces before quotation marks"],
    ),
    "carets": (lambda rows: csv_text(rows, delimiter="^"), ["separated by carets", 'delimiter = "^"']),
    "spaces": (lambda rows: csv_text(rows, delimiter=" "), ["separated by spaces", 'delimiter = " "']),
    "columns of fixed width": (
        lambda rows: "".join(f"{''.join(cell[:14].ljust(16) for cell in row)}\n" for row in [COLUMNS, *rows]),
        ["missing column employee_id, age, salary"],
    ),
    "a column less in each row": (
        lambda rows: csv_text([row[:-1] for row in rows]),
        ["200 records have 7 columns, the header has 8, first in row 2: give every row all columns of the header"],
    ),
    "an archive in an archive": (
        lambda rows: gzip.compress(gzip.compress(csv_text(rows).encode())),
        ["a gzip archive inside of another, not CSV"],
    ),
    "an archive that is cut off": (
        lambda rows: gzip.compress(csv_text(rows).encode())[:2000],
        ["cannot be read (the gzip archive is cut off)"],
    ),
    "an Excel workbook": (lambda _: b"PK\x03\x04 and more", ["an Excel workbook or another ZIP archive, not CSV"]),
    "an old Excel workbook": (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1", ["an Excel workbook of before 2007, not CSV"]),
    "a web page": (lambda _: b"\r\n<!DOCTYPE html><table>", ["an HTML page, not CSV"]),
    "JSON": (lambda _: b'[{"employee_id": 1}]', ["a JSON document, not CSV"]),
    "an archive with something behind it": (
        lambda rows: gzip.compress(csv_text(rows).encode()) + b"garbage",
        ["no whole gzip archive, or something behind it"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_file_that_is_not_written_as_declared_is_refused_with_what_to_declare(jobs: Jobs, kind: str) -> None:
    write, fragments = FILES[kind]
    content = write(good_rows(200))
    (jobs.raw / "employees.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    assert jobs.check_quality() == 1
    assert jobs.message.startswith("employees.csv: ")
    assert [fragment for fragment in fragments if fragment not in jobs.message] == [], jobs.message
    assert "\n" not in jobs.message
    assert len(jobs.message.encode()) < 1_000


def thousands(value: str) -> str:
    return f"{float(value):,.2f}"


def swapped(value: str) -> str:
    return thousands(value).translate(str.maketrans(",.", ".,"))


def day(value: str) -> datetime.date:
    return datetime.date.fromisoformat(value)


def excel_serial(value: str) -> str:
    return str((day(value) - datetime.date(1899, 12, 30)).days)


def nested(profile: str) -> str:
    return json.dumps({"contact": json.loads(profile)})


DROP_DOLLAR = 'write drop = ["$"]'

# Column, what becomes of each of its values, and what the message says.
VALUES: list[tuple[str, Change, list[str]]] = [
    ("salary", lambda v: f"${v}", ["written with '$'", f"{DROP_DOLLAR} into [format] of the data contract"]),
    ("salary", lambda v: f"${thousands(v)}", ["'$' and commas for thousands", 'and thousands_mark = ","']),
    ("salary", lambda v: f"{v} €", ["written with '€'", 'drop = ["€"]']),
    ("salary", lambda v: f"EUR {swapped(v)}", ["'EUR' and a decimal comma and points", 'decimal_mark = ","', '= "."']),
    ("salary", thousands, ["written with commas for thousands", 'thousands_mark = ","']),
    ("salary", swapped, ["a decimal comma and points for thousands", 'decimal_mark = "," and thousands_mark = "."']),
    ("salary", lambda v: v.replace(".", ","), ["a decimal comma", "else write this one as the others"]),
    ("salary", lambda v: f"{float(v):,.0f}".replace(",", "."), ["points for thousands", 'thousands_mark = "."']),
    ("salary", lambda v: thousands(v).replace(",", "'"), ["apostrophes for thousands", '''thousands_mark = "'"''']),
    ("salary", lambda v: thousands(v).replace(",", "\u202f"), ["spaces for thousands", 'thousands_mark = " "']),
    ("salary", lambda v: swapped(v).replace(".", "\u00a0"), ["decimal comma and spaces", 'thousands_mark = " "']),
    ("salary", lambda v: f"={v}", ["written with '='", 'drop = ["="]']),
    ("salary", lambda v: f'="{v}"', ["""written with '=' and '"'""", 'drop = ["=", "\\""]']),
    ("salary", lambda v: f"'{v}", ["an apostrophe", '''drop = ["'"]''']),
    ("salary", lambda v: f"+{v}", ["written with '+'", 'drop = ["+"]']),
    ("salary", lambda v: f"{float(v) / 1000:.1f}k", ["'k' for thousands", "write the number out"]),
    ("salary", lambda v: f"{float(v) / 1000:.1f} TEUR", ["'TEUR' for thousands", "write the number out"]),
    ("salary", lambda v: f"RM {v}", ["written with 'RM'", 'drop = ["RM"]']),
    ("salary", lambda v: f"\uff0d{v}", ["a minus sign of full width, U+FF0D"]),
    ("salary", lambda v: f"{v} {TELL_TALE[:4]}", ["text beside it", "into drop in [format]"]),
    ("salary", lambda v: f"\u200f{v}", ["an invisible character"]),
    ("salary", lambda _: "########", ["'####', which Excel shows where a column is too narrow"]),
    ("salary", lambda v: f"kr. {v}", ["written with 'kr.'", 'drop = ["kr."]']),
    ("salary", lambda v: f"CHF {float(v):.0f}.-", ["written with 'CHF' and a dash in place of cents"]),
    ("salary", lambda v: f"{float(v):.0f},--", ["a dash in place of cents", "write the number without it"]),
    ("age", lambda _: "<30", ["'<' (a bound)", "give the number itself"]),
    ("age", lambda v: "".join(chr(0x660 + int(digit)) for digit in v), ["digits of another script"]),
    ("bonus", lambda v: f"\u2212{v}", ["a minus sign of typography, U+2212"]),
    ("bonus", lambda _: "7%", ["written with '%'", 'drop = ["%"]']),
    ("bonus", lambda v: f"({v})", ["parentheses (a negative number of accountants)", "a minus sign before it"]),
    ("bonus", lambda v: f"{v}-", ["a minus sign behind it"]),
    ("age", lambda v: f"{v} years", ["written with 'years'", 'drop = ["years"]']),
    ("age", lambda _: "30-39", ["a range of numbers", "give one number"]),
    ("age", lambda v: hex(int(v)), ["written in hexadecimal (", "write decimal numbers"]),
    ("salary", lambda v: f"{int(float(v)):#X}", ["written in hexadecimal (", "write decimal numbers"]),
    ("age", lambda v: oct(int(v)), ["written in octal (", "write decimal numbers"]),
    ("age", lambda v: bin(int(v)), ["written in binary (", "write decimal numbers"]),
    ("salary", lambda v: f"{float(v):_.2f}", ["written with an underscore in it (", "write the number without it"]),
    ("salary", lambda v: f"{float(v):.4E}".replace(".", ","), ["a decimal comma (", 'decimal_mark = ","']),
    ("hire_date", lambda v: f"{day(v):%d/%m/%Y}", ["written as day/month/year (", 'date_format = "%d/%m/%Y"']),
    ("hire_date", lambda v: f"{day(v):%d-%m-%Y}", ["day-month-year (", 'date_format = "%d-%m-%Y"']),
    ("hire_date", lambda v: f"{day(v):%d.%m.%Y}", ["day.month.year (", 'date_format = "%d.%m.%Y"']),
    ("hire_date", lambda v: f"{day(v):%m/%d/%Y}", ["month/day/year (", 'date_format = "%m/%d/%Y"']),
    ("hire_date", lambda v: f"{day(v):%m/%d/%y}", ["month/day/year of two digits (", 'date_format = "%m/%d/%y"']),
    ("hire_date", lambda v: f"{day(v):%Y/%m/%d}", ["year/month/day (", 'date_format = "%Y/%m/%d"']),
    ("hire_date", lambda v: f"{day(v):%d-%b-%Y}", ["day-month name-year (", 'date_format = "%d-%b-%Y"']),
    ("hire_date", lambda v: f"{day(v):%B %d, %Y}", ["month name day, year (", 'date_format = "%B %d, %Y"']),
    ("hire_date", lambda v: f"{day(v):%Y%m%d}", ["written as year month day (", 'date_format = "%Y%m%d"']),
    ("hire_date", lambda v: f"{v} 00:00:00", ["with a time of day", 'date_format = "%Y-%m-%d %H:%M:%S"']),
    ("hire_date", lambda v: f"{v}T08:30:00.000Z", ["with a time of day", '"%Y-%m-%dT%H:%M:%S.%f%z"']),
    ("hire_date", lambda v: f"{day(v):%m/%d/%Y} 9:05 AM", ["with a time of day", '"%m/%d/%Y %I:%M %p"']),
    ("hire_date", lambda v: f"{day(v).year}-{day(v).month}-{day(v).day}", ["without leading zeros", '"%Y-%-m-%-d"']),
    ("hire_date", lambda v: f"'{v}", ["behind an apostrophe", '''date_format = "'%Y-%m-%d"''']),
    (
        "hire_date",
        excel_serial,
        ["Excel's serial day number", 'date_format = "excel"', "of a workbook that counts from 1904, add 1,462 to"],
    ),
    ("hire_date", lambda v: f"{excel_serial(v)}.0", ["Excel's serial day number", 'date_format = "excel"']),
    ("hire_date", lambda v: v[:4], ["a year alone", "give the day, too"]),
    ("hire_date", lambda v: f"{day(v):%d%b%Y}", ["written as day month name year (", 'date_format = "%d%b%Y"']),
    ("hire_date", lambda v: f"{day(v):%b-%Y}", ["a month alone", "give the day, too"]),
    ("hire_date", lambda v: f"{day(v):%A, %d %B %Y}", ["a date with its weekday"]),
    ("hire_date", lambda _: "2019-W05", ["a week alone"]),
    ("hire_date", lambda v: f"{day(v):%Y.%m.%d.}", ["written as year.month.day (", 'date_format = "%Y.%m.%d."']),
    ("hire_date", lambda v: f"{v}+02:00", ["year-month-day with a time zone (", 'date_format = "%Y-%m-%d%z"']),
    ("hire_date", lambda _: "Q3/2019", ["a quarter alone", "give the day, too"]),
    ("hire_date", lambda _: "999999999", ["seconds since 1970"]),
    ("hire_date", lambda v: v.replace("-", "\u2011"), ["a date with other marks", "write dates like 2020-12-31"]),
    ("hire_date", lambda v: f'="{v}"', ["a date with other marks", "write dates like 2020-12-31"]),
    ("hire_date", lambda v: f"{v} 08:30:00 UTC", ["or with more around it", "write dates like 2020-12-31"]),
    ("hire_date", lambda v: f"{day(v):%Y\u5e74%m\u6708%d\u65e5}", ["a date with other marks"]),
    ("hire_date", lambda v: f"{v.replace('-', ' / ')} (est.)", ["a date with other marks or with more around it"]),
    ("hire_date", lambda v: f"{day(v):%Y-%j}", ["a date with other marks"]),
    (
        "hire_date",
        lambda v: f"{day(v).day}. {['Juli', 'April', 'Mai'][day(v).day % 3]} 2019",
        ["a month name that is not English and in other forms (", "write dates like 2020-12-31"],
    ),
    ("hire_date", lambda _: "1577836800", ["seconds since 1970"]),
    ("hire_date", lambda _: "05-Mai-2019", ["a month name that is not English"]),
    (
        "hire_date",
        lambda v: f"{day(v).replace(day=day(v).day % 12 + 1):%d/%m/%Y}",
        ["or month/day/year (no day is above 12 in either place)", '"%d/%m/%Y"', '"%m/%d/%Y", whichever it is'],
    ),
    *[
        (name, lambda _, marker=marker: marker, [f"'{marker}', an undeclared", f'missing = ["{marker}"]'])
        for name in ("employee_id", "age", "salary", "department", "hire_date", "profile", "bonus")
        for marker in ("N/A", "NULL", "nan", "-", "?", "#N/A")
    ],
    *[
        ("department", lambda _, marker=marker: marker, [f"'{marker}', an undeclared missing marker"])
        for marker in ("unknown", "Unknown", "Ø", "[NULL]", "Unbekannt", "not disclosed")
    ],
    ("department", str.lower, ["but for capital letters", "or add the other spelling to its values"]),
    ("department", lambda v: f"\u200f{v}", ["but for invisible characters"]),
    ("department", lambda v: v.translate({ord(c): ord(c) + 0xFEE0 for c in "EFHMOS"}), ["but for the normal form of"]),
    ("department", lambda _: "Human\u00a0Resources", ["like 'Human Resources' but for white space"]),
    ("department", lambda _: "Human  Resources", ["like 'Human Resources' but for white space"]),
    ("department", lambda _: "Human-Resources.", ["like 'Human Resources' but for marks of its words"]),
    ("department", lambda v: f"\u201c{v}\u201d", ["but for marks of its words"]),
    ("department", lambda _: "S\u0430les", ["like 'Sales' but for letters of another alphabet"]),
    ("department", lambda _: "Sale\u0301s", ["like 'Sales' but for accents"]),
    ("department", lambda _: "Human&nbsp;Resources", ["like 'Human Resources' but for an HTML entity"]),
    ("department", lambda _: "HUMAN_RESOURCES", ["like 'Human Resources' but for several of capital letters"]),
    ("profile", lambda v: str(json.loads(v)), ["single quotation marks, as Python prints a dict"]),
    ("profile", json.dumps, ["JSON that was encoded twice"]),
    ("profile", lambda v: v.replace('"address"', '"Address"'), ["an address at another key, in another case"]),
    ("profile", lambda v: v.replace('"address"', '"street_address"'), ["an address at another key"]),
    ("profile", nested, ["deeper in the object"]),
    ("profile", lambda v: json.dumps({"address": json.loads(v)}), ["an address that is an object, not a text"]),
    ("profile", lambda v: v.replace('"address"', '"Wohnadresse"'), ["an address at another key"]),
    ("profile", lambda v: v.replace('"', '\\"'), ["JSON with a backslash before its quotation marks"]),
    ("profile", lambda v: v.replace('"address"', "address"), ["JSON with keys that have no quotation marks"]),
    ("profile", lambda v: v.replace("Lane", "Lane\n"), ["JSON with a line end or tab inside of a text"]),
    ("profile", lambda v: v.replace("}", ",}"), ["JSON with a comma before the closing brace"]),
    ("profile", lambda v: f"[{v}]", ["a list in place of an object"]),
    ("profile", lambda v: v.replace('"', "&quot;"), ["HTML entities"]),
    ("profile", lambda _: json.dumps({"Straße": "Ring 5"}), ["an address at another key"]),
    ("profile", lambda _: f"<address>{TELL_TALE}</address>", ["XML or HTML in place of a JSON object"]),
    ("profile", lambda _: TELL_TALE, ["text in place of a JSON object", 'write {"address": "..."}']),
    ("profile", lambda v: f"{v}{v}", ["broken JSON in place of a JSON object"]),
    ("profile", lambda _: json.dumps({"address": "x" * 1_001}), ["an address of more than 1,000 characters"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "fragments"), VALUES)
def test_undeclared_form_of_a_column_is_named_with_its_first_row_and_what_to_declare(
    jobs: Jobs, name: str, change: Change, fragments: list[str]
) -> None:
    rows = good_rows(200)
    for row in rows[20:]:
        row[column(name)] = change(row[column(name)])
    jobs.write(rows)
    assert jobs.check_quality() == REFUSED
    expected = [f"{name}: ", " of 200 values ", "first in employees.csv, row ", *fragments]
    assert [fragment for fragment in expected if fragment not in jobs.message] == [], jobs.message
    assert not re.search("not a (number|date|JSON)", jobs.message)
    assert len(jobs.message.encode()) < 1_000
    assert TELL_TALE[:4] not in jobs.message


def test_few_values_of_another_form_reject_their_rows_with_that_reason(jobs: Jobs) -> None:
    rows = good_rows(200)
    for row, name, value in [
        (3, "salary", "$65,000.00"),
        (4, "hire_date", "31/12/2019"),
        (5, "age", "N/A"),
        (6, "department", "sales"),
        (7, "bonus", "(120.00)"),
    ]:
        rows[row][column(name)] = value
    jobs.write(rows)
    assert jobs.check_quality() == 0, jobs.message
    assert jobs.preprocess() == 0, jobs.message
    assert [line[1:] for line in jobs.rejected()] == [
        ["5", "salary", "written with '$' and commas in it"],
        ["6", "hire_date", "written as day/month/year or month/day/year"],
        ["7", "age", "'N/A', an undeclared missing marker"],
        ["8", "department", "like 'Sales' but for capital letters"],
        ["9", "bonus", "written with parentheses (a negative number of accountants)"],
    ]


def test_dates_of_which_no_form_is_of_more_than_half_are_not_declared_as_either() -> None:
    form = resolve_dates(["31.12.2019", "43830"], DEFAULT, None)
    assert form == Form("written as day.month.year and in other forms", remedy="write dates like 2020-12-31")


def test_text_that_is_longer_than_any_number_or_date_is_not_searched_for_its_form() -> None:
    for name, value in (("age", "1,000"), ("hire_date", "29. February 2020")):
        raw = next(each for each in RAW_COLUMNS if each.source == name)
        short, long = Recognizer(raw, read_contract().rules[name], DEFAULT).recognize(pa.array([value, value * 40]))
        assert short
        assert long is None
    assert recognize_number("1,000" * 40, DEFAULT) is None  # `make contract` asks it by itself


def test_several_forms_of_a_column_are_told_apart_with_their_counts(jobs: Jobs) -> None:
    rows = good_rows(200)
    for row in rows[:10]:
        row[column("salary")] = "N/A"
    for row in rows[20:50]:
        row[column("salary")] = f"{row[column('salary')]} USD"
    for row in rows[60:65]:
        row[column("salary")] = "as agreed"
    jobs.write(rows)
    assert jobs.check_quality() == REFUSED
    assert (
        "salary: 45 of 200 values invalid (22.5%), more than 2.0%: 10 'N/A', an undeclared missing marker, first in"
        " employees.csv, row 2: write missing = [\"N/A\"] into [format] of the data contract, 30 written with 'USD',"
        ' first in employees.csv, row 22: write drop = ["USD"] into [format] of the data contract,'
        " 5 not a number from 1,000 to 500,000;"
    ) in jobs.message


def test_value_out_of_its_range_has_no_undeclared_form(jobs: Jobs) -> None:
    rows = good_rows(200)
    for row in rows[:20]:
        row[column("salary")] = "9999999"
        row[column("hire_date")] = "1901-01-01"
    jobs.write(rows)
    assert jobs.check_quality() == REFUSED
    assert "salary: 20 of 200 values not a number from 1,000 to 500,000 (10.0%), more than 2.0%" in jobs.message
    assert "hire_date: 20 of 200 values not a date from 1950-01-01 to " in jobs.message


def test_file_of_another_dialect_is_the_one_that_is_named(jobs: Jobs) -> None:
    jobs.write(good_rows(200), "a.csv")
    (jobs.raw / "b.csv").write_text(csv_text(good_rows(100), delimiter=";"), encoding="utf-8")
    assert jobs.check_quality() == 1
    assert jobs.message.startswith("b.csv: row 1: the columns are separated by semicolons")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize("header", [(), COLUMNS])
def test_rows_of_another_encoding_behind_those_in_utf_16_are_told_with_their_row(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch, encoding: str, end: str, header: Sequence[str]
) -> None:
    above, below = csv_text(good_rows(200)).strip() + end, csv_text(good_rows(300)[200:], header).lstrip()
    (jobs.raw / "a.csv").write_bytes(f"\ufeff{above}".encode(encoding) + below.encode())
    use_contract(monkeypatch, ("# [format]", '[format]\nencoding = "utf-16"'))
    assert jobs.check_quality() == 1
    assert jobs.message == (
        "a.csv: row 202 and those below are not in UTF-16, as the rows above are:"
        " give each export its own file, in one encoding"
    )


def test_chinese_in_utf_16_is_not_taken_for_another_encoding(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[*row[:1], "\u4e0a\u6d77\u5e02" * 40, *row[2:]] for row in good_rows(200)]
    (jobs.raw / "a.csv").write_bytes(csv_text(rows).encode("utf-16"))
    use_contract(monkeypatch, ("# [format]", '[format]\nencoding = "utf-16"'))
    assert jobs.check_quality() == 0


def test_files_that_other_programs_leave_are_passed_over_with_a_word(
    jobs: Jobs, caplog: pytest.LogCaptureFixture
) -> None:
    jobs.write(good_rows(200))
    for name in ("._employees.csv", "~$employees.csv"):
        (jobs.raw / name).write_bytes(b"\0\5\x16\7 no data")
    with caplog.at_level(logging.INFO):
        assert jobs.check_quality() == 0, jobs.message
    assert "._employees.csv: a file that macOS puts beside another and that holds no data, passed over" in caplog.text
    assert "~$employees.csv: a file that marks another as open in Excel, passed over" in caplog.text


@pytest.mark.parametrize("name", ["employees.csv", "employees.csv.gz"])
@pytest.mark.parametrize("pack", [lambda text: text, gzip.compress, lambda text: gzip.compress(text) + b"\0" * 512])
def test_archive_is_recognised_by_its_content_whatever_its_name(
    jobs: Jobs, name: str, pack: Callable[[bytes], bytes]
) -> None:
    (jobs.raw / name).write_bytes(pack(csv_text(good_rows(200)).encode()))
    assert jobs.check_quality() == 0, jobs.message


def test_two_byte_order_marks_are_read_where_invisible_characters_of_names_do_not_count(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_contract(monkeypatch, ("[columns.employee_id]", '[format]\nheader_match = "loose"\n\n[columns.employee_id]'))
    (jobs.raw / "employees.csv").write_bytes(codecs.BOM_UTF8 * 2 + csv_text(good_rows(200)).encode())
    assert jobs.check_quality() == 0, jobs.message


def test_address_below_a_similar_key_is_never_taken_for_none(jobs: Jobs) -> None:
    rows = good_rows(200)
    profiles = ['{"Address": "1 Oak Lane"}', '{"a": [{"address": "x"}]}', '{"address": null, "Address": "x"}', "{}"]
    for row, profile in zip(rows, profiles, strict=False):
        row[column("profile")] = profile
    jobs.write(rows)
    assert jobs.preprocess() == 0, jobs.message
    assert [row for _, row, *_ in jobs.rejected()] == ["2", "3"]


def declare(monkeypatch: pytest.MonkeyPatch, message: str) -> bool:
    """Write into the contract what *message* says to; return whether it says so."""
    advice = re.search(r"write (\w+ = .*?) into \[format\] of the data contract", message)
    lines = re.sub(r" and (?=\w+ = )", "\n", advice[1]) if advice else ""
    use_contract(monkeypatch, ("[columns.employee_id]", f"[format]\n{lines}\n\n[columns.employee_id]"))
    return bool(advice)


@pytest.mark.parametrize("kind", [kind for kind, (_, found) in FILES.items() if " = " in found[-1]])
def test_file_is_read_once_its_form_is_declared_as_the_message_says(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    content = FILES[kind][0](good_rows(200))
    (jobs.raw / "employees.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    assert jobs.check_quality() == 1
    assert declare(monkeypatch, jobs.message)
    assert jobs.check_quality() == 0, jobs.message


DATES = [change for name, change, found in VALUES if name == "hire_date" and re.search('%|excel"', found[-1])]


@pytest.mark.parametrize("change", DATES)
def test_dates_are_read_once_their_form_is_declared_as_the_message_says(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    rows = good_rows(200)
    for row in rows:
        row[column("hire_date")] = change(row[column("hire_date")])
    jobs.write(rows)
    assert jobs.check_quality() == REFUSED
    assert declare(monkeypatch, jobs.message)
    assert jobs.check_quality() == 0, jobs.message


PIECES = (
    *(
        "Zyxwv",
        "8675309",
        "2019",
        "31",
        "3",
        "$",
        "€",
        "EUR",
        "%",
        "(",
        ")",
        "-",
        "/",
        ".",
        ",",
        " ",
        "'",
        '"',
        "T",
        "k",
    ),
    *(
        "00:00:00",
        "Z",
        "Jan",
        "Mai",
        "{",
        "}",
        '"address"',
        ":",
        "\\",
        "\u200b",
        "N/A",
        "=",
        "+",
        "&quot;",
        "_",
        "Sales",
    ),
)


def test_no_message_about_a_form_holds_what_a_cell_held() -> None:
    chance, rules = random.Random(4), read_contract().rules
    other = Format(decimal_mark=",", thousands_mark=".", date_format="%d/%m/%Y", missing=("-",), drop=("$",))
    told = 0
    for _ in range(1_500):
        raw, declared = chance.choice(RAW_COLUMNS), chance.choice([DEFAULT, other])
        values = ["".join(chance.choices(PIECES, k=chance.randint(1, 6))).strip() for _ in range(4)]
        counts = FormCounts(raw, rules[raw.source], declared)
        counts.add(pa.array(values), "a.csv", np.arange(4))
        recognizer = Recognizer(raw, rules[raw.source], declared)
        forms = [form for form in recognizer.recognize(pa.array(values)) if form]
        text = " ".join([repr(form) for form in forms] + [repr(each) for each in counts.find()])
        assert not re.search("Zyxwv|8675309", text), values
        told += len(forms)
    assert told > 1_000
