"""A file that is cut says what it says in one piece: records, row numbers, malformed records, or the one message."""

import contextlib
import csv
import gzip
import io
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from data.mock_data import COLUMNS
from processing.engines.engine import Rows
from processing.engines.pool import Pool
from processing.job import JobError
from processing.records.format import Format
from processing.records.parts import cut, read_files
from processing.records.raw_data import RawBatch
from processing.records.raw_files import Part
from tests.processing.jobs import column, good_rows

ONE_PIECE = 1 << 40

Record = tuple[str, int, tuple[str, ...]]
Found = tuple[list[Record], list[tuple[str, int, int]]]
"""Records, and the wrong number of columns of malformed ones, each with file and row."""


def collect(part: Part, batches: Iterator[RawBatch]) -> Rows[Found]:
    records, malformed = [], []
    for batch in batches:
        rows = zip(*(each.to_pylist() for each in batch.columns.columns), strict=True)
        records += [(part.file, int(row), values) for row, values in zip(batch.rows, rows, strict=True)]
        malformed += [(part.file, each.row, each.found) for each in batch.malformed]
    yield from ()
    return records, malformed


class Reading:
    """Reads files cut into parts of a few bytes, or in one piece."""

    def __init__(self, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engine = Pool(scratch, 1, contextlib.ExitStack())
        self._monkeypatch = monkeypatch

    def read(self, files: dict[str, Path], form: Format, part_bytes: int) -> tuple[Found | str, list[str]]:
        """Return what is in *files*, or the message; and of which file each part was that was used."""
        self._monkeypatch.setattr("processing.records.parts.PART_BYTES", part_bytes)
        try:
            readings, _ = read_files(files, form, self.engine, collect, 1)
        except JobError as error:
            return str(error), []
        records: list[Record] = []
        malformed: list[tuple[str, int, int]] = []
        for reading in readings:
            records += [(file, row + reading.rows_above, values) for file, row, values in reading.found[0]]
            malformed += [(file, row + reading.rows_above, columns) for file, row, columns in reading.found[1]]
        return (records, malformed), [reading.part.file for reading in readings]


@pytest.fixture
def reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reading:
    return Reading(tmp_path, monkeypatch)


NAMES = [
    "Ada",
    'Ada "the"\nCountess',
    "Ada\r\n\r\nLovelace",
    "",
    "x,y;z",
    '"',
    '""',
    '"\n"',
    'a"b\n\n"c',
    "\n\n\n",
    "é" * 9,
]


def make_rows(chance: random.Random, rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    for row in rows:
        yield from [[]] * chance.choice([0, 0, 0, 0, 1, 3])
        changed = [*row]
        changed[column("name")] = chance.choice(NAMES)
        changed[column("department")] = chance.choice(["Sales", "Sales", 'R, "Blue" Sky', "A\nB", "D" * 300, ""])
        shapes = {"short": changed[:-2], "long": [*changed, "more"], "blank": [" "] * len(changed)}
        yield shapes.get(chance.choice(["good"] * 30 + list(shapes)), changed)


def break_somewhere(chance: random.Random, content: bytes) -> bytes:
    """Return *content* as it is or, now and then, with what makes a file hard to cut, or impossible to read."""
    at = chance.randrange(len(content))
    match chance.choice(["whole"] * 6 + ["mark", "two marks", "stray marks", "latin", "truncated", "swapped"]):
        case "mark":
            return content[:at] + b'"' + content[at:]
        case "two marks":
            return content[:at].replace(b"Sales", b'"Sales', 1) + content[at:] + b'"'
        case "stray marks":
            return content.replace(b"Sales", b'Sales 5" x')
        case "latin":
            return content[:at] + b"\xe9" + content[at:]
        case "truncated":
            return content[:at]
        case "swapped":
            return content.replace(b"\n", b"\r")
        case _:
            return content


def make_file(chance: random.Random, rows: Sequence[Sequence[str]], form: Format) -> bytes:
    file = io.StringIO()
    above = [[f'Report "{row}'] for row in range(form.header_row - 1)]
    text = "".join(f"{each[0]}\r\n" for each in above)
    writer = csv.writer(
        file,
        lineterminator=chance.choice(["\n", "\n", "\r\n", "\r"]),
        delimiter=form.delimiter,
        quoting=chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    )
    header = [chance.choice(["name", "name", 'na\nme "x"']) if each == "name" else each for each in COLUMNS]
    writer.writerows([header, *make_rows(chance, rows)])
    text += file.getvalue() + chance.choice(["", "", "\n\n  \n"])
    if chance.random() < 0.3:
        text = text.rstrip("\r\n")
    content = break_somewhere(chance, text.encode())
    return b"\xef\xbb\xbf" + content if chance.random() < 0.2 else content


CASES = 40


@pytest.mark.parametrize("seed", range(2))
def test_files_in_many_parts_are_read_as_in_one_piece(
    seed: int, reading: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, good = random.Random(seed), good_rows(300)
    outcomes: Counter[str] = Counter()
    for number in range(CASES):
        block_bytes = chance.choice([2_000, 20_000, 4 << 20])
        for module in ("parts", "raw_data"):
            monkeypatch.setattr(f"processing.records.{module}.BLOCK_BYTES", block_bytes)
        form = Format(delimiter=chance.choice([",", ",", ";"]), header_row=chance.choice([1, 1, 3]))
        files = {}
        for name in chance.choice([["a.csv"], ["a.csv"], ["a.csv", "b.csv", "c.csv.gz"]]):
            content = make_file(chance, chance.sample(good, chance.choice([0, 3, 40, 80])), form)
            files[name] = tmp_path / f"{number}-{name}"
            files[name].write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        expected, _ = reading.read(files, form, ONE_PIECE)
        found, parts = reading.read(files, form, chance.choice([200, 700, 3_000]))
        assert found == expected, number
        outcomes["refused" if isinstance(found, str) else "cut" if len(parts) > len(files) else "whole"] += 1
    assert min(outcomes[each] for each in ("refused", "cut", "whole")) >= CASES / 20, outcomes


def test_file_of_quoted_line_ends_is_cut_at_records_and_nowhere_else(reading: Reading, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [[*row[:1], 'Ada\n"Lovelace"\r\n', *row[2:]] for row in good_rows(100)]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    found, parts = reading.read({"a.csv": path}, Format(), 1_000)
    assert len(parts) > 10
    assert not isinstance(found, str)
    assert [row for _, row, _ in found[0]] == list(range(2, 102))


def test_only_the_file_with_a_stray_mark_is_read_in_one_piece(reading: Reading, tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("a.csv", "b.csv")}
    for name, path in files.items():
        rows = good_rows(100)
        rows[60][column("department")] = 'Sales 5" pipe' if name == "a.csv" else "Sales"
        lines = [",".join([*row[:6], "", *row[7:]]) for row in [COLUMNS, *rows]]
        path.write_text("\n".join(lines).replace(",profile,", ",,").replace("hire_date,,", "hire_date,profile,"))
    found, parts = reading.read(files, Format(), 500)
    assert Counter(parts)["a.csv"] == 1
    assert Counter(parts)["b.csv"] > 5
    assert len(found[0]) == 200


@pytest.mark.parametrize(("name", "encoding"), [("a.csv.gz", "utf-8"), ("a.csv", "utf-16"), ("a.csv", "windows-1252")])
def test_file_whose_bytes_are_not_those_of_its_records_is_one_part(
    name: str, encoding: str, reading: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("processing.records.parts.PART_BYTES", 10)
    content = "\n".join(",".join(row[:6]) for row in good_rows(50)).encode(encoding)
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    assert [part.spans for part in cut({name: path}, Format(encoding=encoding), reading.engine)] == [()]


def test_first_record_of_a_part_is_looked_for_no_further_than_a_record_is_long(
    reading: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("processing.records.parts.PART_BYTES", 4_000)
    monkeypatch.setattr("processing.records.parts.BLOCK_BYTES", 500)
    monkeypatch.setattr("processing.records.parts._WINDOW_BYTES", 100)
    rows = [",".join(f'"{value}"' for value in row[:6]) for row in [COLUMNS, *good_rows(300)]]
    for number in (100, 299):  # marks that are missing: every line end between them seems to be in quotation marks
        rows[number] = rows[number][1:]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(rows))
    starts = [part.spans[1][0] for part in cut({"a.csv": path}, Format(), reading.engine)]
    distances = [(start - starts[0]) % 4_000 for start in starts]
    assert len(starts) == 2
    assert max(distances) < 600
