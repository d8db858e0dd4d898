"""Files in declared dialects: they are read as the same rows as the plain file, and nothing else is."""

import csv
import datetime
import io
import random
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from data.mock_data import COLUMNS
from processing.contract.data_contract import parse
from processing.job import JobError
from processing.records.columns import Kind
from processing.records.format import DEFAULT, Format
from processing.records.raw_data import stream
from processing.records.validation import validate
from tests.processing.jobs import CONTRACT, column, good_rows

SIGNS = ("$", "€", "EUR", "CHF", "%", "=", '"', "years")
DATE_FORMATS = ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y%m%d", "%d-%b-%Y", "%B %d, %Y", "%Y-%m-%d %H:%M:%S", "excel")
MARKERS = ("N/A", "NULL", "-", "?")
EXCEL_EPOCH = datetime.date(1899, 12, 30)


def random_format(chance: random.Random) -> Format:
    decimal_mark = chance.choice(".,")
    return Format(
        encoding=chance.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1252"]),
        delimiter=chance.choice(",;\t|"),
        header_row=chance.randint(1, 4),
        decimal_mark=decimal_mark,
        thousands_mark=chance.choice([mark for mark in ("", ",", ".", "'", " ") if mark != decimal_mark]),
        drop=tuple(chance.sample(SIGNS, 2)),
        date_format=chance.choice(DATE_FORMATS),
        missing=tuple(chance.sample(MARKERS, 2)),
        header_match="loose",
        columns={"salary": "Annual Pay", "hire_date": "Hired On"},
    )


def write_number(value: str, form: Format, chance: random.Random) -> str:
    whole, _, fraction = value.partition(".")
    groups = f"{int(whole):,}".replace(",", form.thousands_mark)
    text = groups + (form.decimal_mark + fraction if fraction else "")
    sign = chance.choice(["", *form.drop])
    return chance.choice([f"{sign}{text}", f"{sign} {text}", f"{text} {sign}", f"\u00a0{text}{sign} "])


def write_date(value: str, form: Format) -> str:
    day = datetime.date.fromisoformat(value)
    return str((day - EXCEL_EPOCH).days) if form.date_format == "excel" else day.strftime(form.date_format)


def write_name(name: str, form: Format, chance: random.Random) -> str:
    name = form.header_name(name)
    return chance.choice([name, name.upper(), f" {name} ", name.replace("_", " "), name.replace(" ", "-").title()])


def write_file(path: Path, rows: Sequence[Sequence[str]], form: Format, chance: random.Random) -> None:
    numbers = [column(name) for name in ("age", "salary", "bonus")]
    lines = [[write_name(name, form, chance) for name in COLUMNS]]
    for row in rows:
        cells = list(row)
        for index in numbers:
            cells[index] = write_number(cells[index], form, chance)
        cells[column("hire_date")] = write_date(cells[column("hire_date")], form)
        lines.append([cell or chance.choice(["", *form.missing]) for cell in cells])
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=form.delimiter, lineterminator=chance.choice(["\n", "\r\n"])).writerows(lines)
    above = 'exported by "somebody", once\n' * (form.header_row - 1)
    path.write_bytes((above + file.getvalue()).encode(form.encoding))


def read(path: Path, form: Format, contract: str = "") -> pa.Table:
    rules = parse(CONTRACT.read_text(encoding="utf-8") + contract).rules
    batches = [validate(batch, rules) for batch in stream(path.name, path, form)]
    assert [rejection for _, rejections in batches for rejection in rejections] == []
    return pa.Table.from_batches([rows for rows, _ in batches])


@pytest.mark.parametrize("seed", range(60))
def test_file_in_a_declared_format_is_read_as_the_plain_one(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    rows = good_rows(100)
    for row in rows[10:20]:
        row[column(chance.choice(["department", "profile"]))] = ""
    form = random_format(chance)
    plain, declared = tmp_path / "plain", tmp_path / "declared"
    for folder in (plain, declared):
        folder.mkdir()
    with (plain / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    write_file(declared / "a.csv", rows, form, chance)
    expected, found = read(plain / "a.csv", DEFAULT), read(declared / "a.csv", form)
    assert found.drop_columns(["row"]).equals(expected.drop_columns(["row"]))
    first = form.header_row - 1
    assert found["row"].to_pylist() == [row + first for row in expected["row"].to_pylist()]


@pytest.mark.parametrize(
    ("form", "texts", "plain"),
    [
        (DEFAULT, ["1,5", "1.5"], ["1,5", "1.5"]),
        (Format(decimal_mark=","), ["1,5", "1.5", "-2", ",5", "1e3"], ["1.5", None, "-2.", ".5", "1.e3"]),
        (Format(thousands_mark=","), ["1,234.5", "12,34,567", "1,23", "1234"], ["1234.5", "1234567.", None, "1234."]),
        (Format(thousands_mark="'"), ["1'234", "1\u2019234", "1,234"], ["1234.", "1234.", None]),
        (Format(thousands_mark=" "), ["1 234", "1\u00a0234", "1\u202f234"], ["1234."] * 3),
        (Format(drop=("$", "US$")), ["$5", "-$5", "$-5", "US$ 5", "5 $", "€5"], ["5.", "-5.", "-5.", "5.", "5.", None]),
        (Format(drop=("%",)), ["7%", "7 %", "7 per cent"], ["7.", "7.", None]),
        (Format(drop=("=", '"')), ['="5.25"'], ["5.25"]),
    ],
)
def test_number_is_read_as_declared_and_no_other_way(form: Format, texts: list[str], plain: list[str | None]) -> None:
    assert form.plain(Kind.NUMBER, pa.array(texts)).to_pylist() == plain


@pytest.mark.parametrize(
    ("date_format", "texts", "plain"),
    [
        ("%d/%m/%Y", ["31/12/2019", "1/2/2019", "2019-12-31", "31/12/19"], ["2019-12-31", "2019-02-01", None, None]),
        ("%m/%d/%y", ["12/31/68", "12/31/69"], ["2068-12-31", "1969-12-31"]),
        ("%d %B %Y", ["1 May 2019", "1 MAY 2019", "1 Mai 2019"], ["2019-05-01", "2019-05-01", None]),
        ("%b %d, %Y", ["Sep 1, 2019", "Sept 1, 2019"], ["2019-09-01", None]),
        ("%Y-%m-%dT%H:%M:%S%z", ["2019-12-31T23:59:59Z", "2019-12-31T00:00:00+01:00"], ["2019-12-31"] * 2),
        ("%Y-%-m-%-d", ["2019-1-5", "2019-01-05"], ["2019-01-05"] * 2),
        ("excel", ["43830", "43830.75", "61", "60", "9999999", "x"], ["2019-12-31"] * 2 + ["1900-03-01"] + [None] * 3),
    ],
)
def test_date_is_read_as_declared_and_no_other_way(date_format: str, texts: list[str], plain: list[str | None]) -> None:
    assert Format(date_format=date_format).plain(Kind.DATE, pa.array(texts)).to_pylist() == plain


@pytest.mark.parametrize(
    ("declared", "written", "found"),
    [
        (
            "windows-1252",
            "utf-8",
            'the text is in UTF-8: export it as declared or, if all files are so, write encoding = "',
        ),
        ("utf-16", "utf-8", "the text is in UTF-8"),
        ("utf-8", "utf-16", "the text is in UTF-16"),
        ("utf-16", "utf-16-be", "the text is in UTF-16-BE"),
        ("utf-16", "utf-16-le", "the text is in UTF-16-LE"),
        ("utf-16-le", "utf-16", None),
        ("latin-1", "ascii", None),
        ("cp1252", "windows-1252", None),
    ],
)
def test_text_in_another_encoding_than_declared_is_told(
    tmp_path: Path, declared: str, written: str, found: str | None
) -> None:
    rows = good_rows(20)
    rows[3][column("name")] = "Zoe" if written == "ascii" else "Zoë"
    path = tmp_path / "a.csv"
    path.write_bytes(
        "".join(f"{','.join(row)}\n" for row in [COLUMNS, *[[*row[:6], "", row[7]] for row in rows]]).encode(written)
    )
    if found is None:
        assert read(path, Format(encoding=declared)).num_rows == 20
    else:
        with pytest.raises(JobError, match=found):
            read(path, Format(encoding=declared))


def test_missing_markers_count_to_the_letter_and_without_spaces_around(tmp_path: Path) -> None:
    form = Format(missing=("N/A", "-"))
    assert form.blank_missing(pa.array(["N/A", "-", "n/a", "--", ""])).to_pylist() == ["", "", "n/a", "--", ""]
    rows = good_rows(20)
    rows[3][column("age")], rows[4][column("department")] = " - ", "N/A"
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    found = read(tmp_path / "a.csv", form)
    assert found["age"][3].as_py() is None
    assert found["department"][4].as_py() == ""


def test_column_that_is_declared_to_be_absent_is_missing_in_every_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows(
            [
                [cell for name, cell in zip(COLUMNS, row, strict=True) if name != "profile"]
                for row in [COLUMNS, *good_rows(20)]
            ]
        )
    found = read(path, Format(columns={"profile": ""}))
    assert found["address_length"].to_pylist() == [0] * 20
    with pytest.raises(JobError, match="missing column profile"):
        read(path, DEFAULT)


@pytest.mark.parametrize(
    ("lines", "mistake"),
    [
        ('delimiter = ";;"', 'format.delimiter is \';;\': write one character, such as ";", or "\\t" for a tab'),
        ('encoding = "hex"', "format.encoding is 'hex': write an encoding of Python"),
        ("header_row = 0", "format.header_row is 0: write the row that the column names stand in"),
        ("header_row = true", "format.header_row is True: write the row"),
        ('decimal_mark = ":"', 'format.decimal_mark is \':\': write "." or ","'),
        ('thousands_mark = "_"', "format.thousands_mark is '_': write"),
        ('thousands_mark = "."', "format.thousands_mark is '.', as decimal_mark is: write two different ones"),
        ('drop = "$"', "format.drop is '$': write texts in brackets"),
        ('drop = ["1"]', "format.drop is ['1']: write signs and units in brackets"),
        ('date_format = "%d.%m"', "format.date_format is '%d.%m': write \"excel\", or day, month and year once each"),
        ('date_format = "%x"', "format.date_format is '%x': write"),
        ('date_format = "%d/%d/%m/%Y"', "format.date_format is '%d/%d/%m/%Y': write"),
        ('missing = [" - "]', "format.missing is [' - ']: write texts in brackets"),
        ('header_match = "fuzzy"', "format.header_match is 'fuzzy': write exact or loose"),
        ('colour = "red"', "format has colour: delete it, or write one of columns, date_format"),
        ('columns = { pay = "Pay" }', "pay is none of employee_id, age"),
        ('columns = { salary = "" }', "only age, department, profile may be empty: give the others"),
        ('columns = { age = "A", salary = "A" }', "two columns have the same name: give each its own"),
    ],
)
def test_mistake_in_the_format_is_told_with_its_line(lines: str, mistake: str) -> None:
    text = CONTRACT.read_text(encoding="utf-8")
    with pytest.raises(JobError) as caught:
        parse(f"{text}\n[format]\n{lines}\n")
    assert str(caught.value).startswith("data_contract.toml: format")
    assert mistake in str(caught.value)


def test_every_line_of_the_commented_example_may_be_declared() -> None:
    text = CONTRACT.read_text(encoding="utf-8")
    example = text[text.index("# [format]") :].partition("\n\n")[0]
    lines = [line.removeprefix("# ") for line in example.splitlines()]
    assert parse(text).format == DEFAULT
    assert parse(text.replace(example, "\n".join(lines))).format != DEFAULT
