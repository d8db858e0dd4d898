"""Records are what Python's strict csv module says they are, or the file is refused in one line that names the row."""

import csv
import io
import random
import re
import threading
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from data.mock_data import COLUMNS
from processing.job import JobError
from processing.records.columns import NAMES
from processing.records.quotation import WholeRecords
from processing.records.raw_data import stream
from tests.processing.jobs import Jobs, column, good_rows

FILES = 500
LONGEST = 400
"""Bytes of a block where boundaries are to be hit, and so of a record."""


def use_blocks_of(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("processing.records.raw_data.BLOCK_BYTES", size)


def write_lines(jobs: Jobs, rows: list[list[str]], *, end: str = "\n") -> Path:
    """Write rows as they are, without quotation marks of our own."""
    path = jobs.raw / "employees.csv"
    path.write_bytes("".join(",".join(row) + end for row in [COLUMNS, *rows]).encode())
    return path


def without_profiles(number: int = 60) -> list[list[str]]:
    return [[*row[:6], "", *row[7:]] for row in good_rows(number)]


# --- a comparison with the csv module ---------------------------------------------------------------------------------


def read_strictly(text: str, delimiter: str = ",") -> tuple[list[list[str]], bool]:
    """Return the records of *text* up to the first that is not allowed, and whether there is one."""
    records = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            records.append(record)
    except csv.Error:
        return records, True
    return records, False


def read_blocks(source: WholeRecords, size: int) -> list[bytes]:
    return list(map(bytes, iter(partial(source.read, size), b"")))


@pytest.mark.parametrize("seed", range(4))
def test_blocks_hold_the_records_of_the_csv_module(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(FILES):
        delimiter = chance.choice(",;\t| ")
        letters = (
            chance.choice(['"a', '"aé\\', '"""a ', "aaaaaa", 'aaa"\0']) + delimiter + chance.choice(["\n", "\n\r"])
        )
        text = "".join(chance.choices(letters, k=chance.randint(0, 300)))
        source = WholeRecords(io.BytesIO(text.encode()), delimiter=delimiter)
        blocks = read_blocks(source, chance.randint(60, 200))
        records = [record for block in blocks for record in read_strictly(block.decode(), delimiter)[0]]
        expected, is_faulty = read_strictly(text, delimiter)
        assert "".join(block.decode() for block in blocks) == text[: len(b"".join(blocks).decode())]
        assert records == expected[: len(records)], text
        if source.fault is None:
            assert (len(records), is_faulty) == (len(expected), False), text
        elif not re.match("is longer|.* whole rows", source.fault):
            assert (len(records), is_faulty) == (len(expected), True), text


def make_text(chance: random.Random) -> str:
    """Return a file with our columns, in whatever way it is written, and often broken."""
    texts = [
        "",
        "Ada",
        'Ada "the" Countess',
        "Ada\nLovelace",
        "a\r\nb",
        "\r",
        ",",
        '"',
        '""',
        '5" tall',
        " ",
        "é\0",
        "\x1a",
    ]
    rows = [[chance.choice(texts) for _ in COLUMNS] for _ in range(chance.randint(1, 12))]
    for row in rows:
        row[0] = chance.choice(["E1", "E2", ""])
        row[:] = chance.choice([*[row] * 8, [], row[:-1], [*row, "more"]])
    file = io.StringIO(newline="")
    end, quotes = chance.choice(["\n", "\r\n", "\r"]), chance.random() < 0.5
    writer = csv.writer(file, lineterminator=end, quoting=csv.QUOTE_ALL if quotes else csv.QUOTE_MINIMAL)
    writer.writerows([COLUMNS, *rows])
    text = file.getvalue()
    header = len(",".join(COLUMNS)) * 2
    for _ in range(chance.choice([0, 0, 1, 2, 4])):
        place = chance.randint(header, max(header, len(text)))
        text = text[:place] + chance.choice(['"', '"', ",", "\n", "\r", "\r\n", '"\n', ',"', '",', "x"]) + text[place:]
    return chance.choice(["", "\ufeff"]) + text


def compare_with_csv_module(path: Path, text: str) -> str:
    """Return what became of the file: "read", or why it was refused; assert that a record that was read is right."""
    path.write_bytes(text.encode())
    (header, *records), is_faulty = read_strictly(text.removeprefix("\ufeff"))
    numbered = [(row, record) for row, record in zip(count(2), records, strict=False)]
    used = [header.index(name) for name in NAMES]
    whole = {
        row: [record[index] for index in used]
        for row, record in numbered
        if len(record) == len(header) and any(record[index].strip() for index in used)
    }
    blank = {row for row, record in numbered if len(record) < 2 and not any(map(str.strip, record))}
    malformed = [row for row, record in numbered if len(record) != len(header) and row not in blank]
    found: dict[int, list[str]] = {}
    found_malformed: list[int] = []
    try:
        for batch in stream(path.name, path):
            texts = zip(*(each.to_pylist() for each in batch.columns), strict=True)
            found |= dict(zip(batch.rows.tolist(), map(list, texts), strict=True))
            found_malformed += [each.row for each in batch.malformed if each.row not in blank]
    except JobError as error:
        assert found.items() <= whole.items(), text
        message = str(error)
        if re.search("no well-formed record|records? ha(s|ve)|longer than|whole rows", message):
            return message
        assert is_faulty, text
        assert f"{path.name}: row {len(records) + 2} " in message, text
        return message
    assert (found, found_malformed, is_faulty) == (whole, malformed, False), text
    return "read"


@pytest.mark.slow
def test_records_and_row_numbers_are_those_of_the_csv_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(10)
    outcomes = []
    for _ in range(FILES):
        use_blocks_of(chance.choice([LONGEST, LONGEST + 1, 2 * LONGEST, 4 << 20]), monkeypatch)
        outcomes.append(compare_with_csv_module(tmp_path / "employees.csv", make_text(chance)))
    assert outcomes.count("read") > FILES / 4, "most refusals would prove nothing"
    assert len({re.sub(r"\d+", "", outcome) for outcome in outcomes}) > 4


# --- what is refused, and how -----------------------------------------------------------------------------------------


def change_name(rows: list[list[str]], index: int, name: str) -> None:
    rows[index][column("name")] = name


def open_two_names(rows: list[list[str]]) -> None:
    change_name(rows, 9, '"Ada Lovelace')
    change_name(rows, 39, '"Grace Hopper')


def open_one_name_and_close_another(rows: list[list[str]]) -> None:
    change_name(rows, 9, '"Ada Lovelace')
    change_name(rows, 39, 'Grace Hopper"')


def double_no_mark(rows: list[list[str]]) -> None:
    rows[9][column("profile")] = '"{"address": "1 Oak Lane"}"'


def escape_marks(rows: list[list[str]]) -> None:
    rows[9][column("profile")] = r'"{\"address\": \"1 Oak Lane\"}"'


def close_nothing(rows: list[list[str]]) -> None:
    change_name(rows, 9, '"Ada Lovelace')


def write_behind_a_name(rows: list[list[str]]) -> None:
    change_name(rows, 9, '"Ada" Lovelace')


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (open_two_names, "opens a quotation mark that is not closed where its field ends: close it, or remove it"),
        (open_one_name_and_close_another, "has a quotation mark that runs on over whole rows: close it, or remove it"),
        (close_nothing, "opens a quotation mark that is never closed: close it"),
        (double_no_mark, "has a single quotation mark inside a field in quotation marks: double it"),
        (write_behind_a_name, "has a single quotation mark inside a field in quotation marks: double it"),
        (escape_marks, "has a quotation mark behind a backslash: double the mark, and write no backslash"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("size", [3_500, 4 << 20])
def test_quotation_mark_that_would_swallow_rows_is_refused_with_its_row(
    jobs: Jobs,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[list[list[str]]], None],
    fault: str,
    end: str,
    size: int,
) -> None:
    use_blocks_of(size, monkeypatch)
    rows = without_profiles()
    change(rows)
    rows[3].pop()
    write_lines(jobs, rows, end=end)
    assert jobs.preprocess() == 1
    assert jobs.message == f"employees.csv: row 11 {fault}"


@pytest.mark.parametrize("rows", [[], without_profiles(2)])
def test_open_quotation_mark_in_the_header_is_refused(jobs: Jobs, rows: list[list[str]]) -> None:
    path = write_lines(jobs, rows)
    path.write_text('"' + path.read_text())
    assert jobs.preprocess() == 1
    assert jobs.message == "employees.csv: row 1 opens a quotation mark that is never closed: close it"


class SlowFile(io.BytesIO):
    """Gives nothing until it may."""

    def __init__(self) -> None:
        super().__init__(b"age\n1\n")
        self.is_read, self.may_give = threading.Event(), threading.Event()

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # what the reader gives
        self.is_read.set()
        assert self.may_give.wait(10)
        return super().readinto(buffer)


def test_close_waits_for_the_thread_that_reads_ahead() -> None:
    file = SlowFile()
    source = WholeRecords(file)
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(bytes(source.read(100))))
    closer = threading.Thread(target=source.close)
    reader.start()
    assert file.is_read.wait(10)
    closer.start()
    closer.join(0.05)
    assert closer.is_alive()
    file.may_give.set()
    reader.join(10)
    closer.join(10)
    assert found == [b"age\n1\n"]
    assert source.closed
    assert source.read(100) == b""


def test_record_longer_than_a_block_is_refused_with_its_row(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    use_blocks_of(1 << 20, monkeypatch)
    rows = good_rows()
    change_name(rows, 70, "Ada\n" * (1 << 18))
    jobs.write(rows)
    assert jobs.preprocess() == 1
    assert (
        jobs.message
        == "employees.csv: row 72 is longer than 1 MB; close the quotation mark that is open, or shorten it"
    )


# --- what is read -----------------------------------------------------------------------------------------------------


def test_crlf_in_a_field_keeps_its_lf_wherever_a_block_ends(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = good_rows(20)
    for row in rows:
        row[column("department")] = "Human\r\nResources"
    path = jobs.write(rows)
    for size in range(LONGEST, LONGEST + 200):
        use_blocks_of(size, monkeypatch)
        found = [text for batch in stream(path.name, path) for text in batch.columns["department"].to_pylist()]
        assert found == ["Human\r\nResources"] * 20


def test_long_field_beside_an_inch_mark_is_read(jobs: Jobs) -> None:
    rows = [[*row[:6], "", *row[7:]] for row in good_rows()]
    change_name(rows, 7, 'Ada 5" tall')
    change_name(rows, 50, "x" * 140_000)  # more than Python's csv reads where nobody asks for more
    path = write_lines(jobs, rows)
    assert sum(len(batch.rows) for batch in stream(path.name, path)) == 100


@pytest.mark.parametrize("name", ["Ada,\nLovelace", "a,b,c,d,e,f,g\nh,i,j,k,l,m,n", "\n\n"])
def test_field_of_several_lines_is_read(jobs: Jobs, name: str) -> None:
    rows = without_profiles()
    change_name(rows, 7, name)
    path = jobs.write(rows)
    assert sum(len(batch.rows) for batch in stream(path.name, path)) == 60


def test_lines_above_the_header_are_left_out() -> None:
    source = WholeRecords(
        io.BytesIO(b'\xef\xbb\xbfTitle, "of\r\nan export"\r\na;b\r\n1;"2"\r\n'), delimiter=";", lines_above=2
    )
    assert source.read(100) == b'a;b\r\n1;"2"\r\n'
    assert (source.read(100), source.fault) == (b"", None)


def test_record_that_a_block_cuts_where_a_row_might_end_is_not_taken_for_whole_rows(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = without_profiles(4)
    rows[2] = [rows[2][0], '"Ada,,,,,,\nLovelace"', *["more"] * 9]  # 7 commas, as the header has, and below them 9
    path = write_lines(jobs, rows)
    for size in range(200, 400):
        use_blocks_of(size, monkeypatch)
        assert [row for batch in stream("employees.csv", path) for row in batch.rows] == [2, 3, 5]
