"""No value of a person leaves a job by a message, a log or a list of rejected rows, whatever is wrong with a file."""

import csv
import gzip
import io
import logging
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from data.mock_data import COLUMNS
from processing.jobs import data_quality
from tests.processing.jobs import DATA_VERSION, Jobs, column, good_rows

FILES = 120
MARKS = ("Telltale", "61803", "elltal")


def check_quality(jobs: Jobs) -> int:
    (jobs.root / "baseline").mkdir(exist_ok=True)
    (jobs.root / "config").write_text('{"current_host": "algo-1", "hosts": ["algo-1"]}')
    words = {name: name for name in ("raw", "baseline", "data-quality", "message")} | {"resource-config": "config"}
    arguments = [word for name, path in words.items() for word in (f"--{name}", str(jobs.root / path))]
    return data_quality.main(arguments, {"DATA_VERSION": DATA_VERSION})


def rows_of_marks(number: int) -> list[list[str]]:
    """Return rows of which each cell holds a mark, and that are all right but for the wording."""
    good = good_rows(number)
    for index, row in enumerate(good):
        row[:2] = [f"Telltale-{index}", f"Telltale Ståle {index}"]
        row[column("age")], row[column("salary")], row[column("bonus")] = "61", f"61803.{index}", f"6180.3{index}"
        row[column("profile")] = f'{{"address": "{index} Telltale Ståle Road"}}'
    return good


CELLS = [
    *("Telltale", "61803x", "1e61803", "-61803", "9" * 400 + "61803", "61803-02-30", "0000-61-803", "Telltale" * 40),
    *(
        '{"address": "Telltale"',
        '{"address": 61803}',
        "[" * 2_000 + '"Telltale"',
        '{"address": "\\udc61Telltale"}',
        '"',
    ),
    *("Telltale\nTelltale", "Telltale\r\n", "=Telltale()", "Telltale\0", "\0", "Telltale\x1a", "61803\u200b", "$61803"),
]


def break_bytes(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice([0, 1, 1, 2, 5])):
        place = chance.randint(0, len(content))
        content = content[:place] + chance.choice(PIECES) + content[place + chance.choice([0, 0, 0, 1, 3]) :]
    return content


PIECES = [
    b'"',
    b"\xff",
    b"\xff\n",
    b"\n",
    b"\r",
    b",",
    b",Telltale\xff,\n",
    b"\\",
    b"\0",
    b"\x1a",
    b'"Telltale',
    b'""',
    b";",
]

FORMS: list[Callable[[bytes], bytes]] = [
    *[bytes] * 10,
    lambda content: content.replace(b"\n", b",61803\n", 2),
    lambda content: content.partition(b"\n")[2],
    lambda content: content.replace(b",", b";"),
    lambda content: content.decode(errors="replace").encode("utf-16"),
    lambda content: content.decode(errors="replace").encode("latin-1", errors="replace"),
    lambda content: b'"' + content,
    lambda content: content.replace(b"salary", b"sal\xffary", 1),
    lambda content: b"\n" + content,
    lambda content: b"\xef\xbb\xbf" * 2 + content,
    lambda content: content * 3,
]


def write_broken_file(raw: Path, chance: random.Random) -> None:
    rows = rows_of_marks(chance.choice([1, 12, 12, 60]))
    for _ in range(chance.choice([0, 1, 3, 20])):
        chance.choice(rows)[chance.randrange(len(COLUMNS))] = chance.choice(CELLS)
    if chance.random() < 0.4:
        chance.choice(rows).pop()
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator=chance.choice(["\n", "\r\n", "\r"])).writerows([COLUMNS, *rows])
    content = chance.choice(FORMS)(break_bytes(file.getvalue().encode(errors="surrogatepass"), chance))
    if chance.random() < 0.8:
        (raw / "employees.csv").write_bytes(content)
        return
    packed = chance.choice(
        [gzip.compress(content), content, gzip.compress(content)[:-9], gzip.compress(content) + content]
    )
    (raw / "employees.csv.gz").write_bytes(packed)


@pytest.mark.slow
def test_broken_files_give_nobody_away(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(5)
    messages = []
    for number in range(FILES):
        jobs = Jobs(tmp_path / str(number))
        write_broken_file(jobs.raw, chance)
        with caplog.at_level(logging.DEBUG):
            codes = {jobs.preprocess(), check_quality(jobs)}
        assert codes <= {0, 1, 3}
        rejected = jobs.root / "rejected/rejected.csv"
        told = [caplog.text, *capfd.readouterr(), rejected.read_text() if rejected.is_file() else ""]
        told += [jobs.message] if any(codes) else []
        assert not any(mark in text for text in told for mark in MARKS), told
        assert not any("\n" in text for text in told[4:])
        messages += told[4:]
        caplog.clear()
    assert len(messages) > FILES / 3, "most files are broken"
    assert len(set(messages)) > 15


def test_malformed_record_that_is_no_utf_8_is_rejected_without_its_values(
    jobs: Jobs, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    path = jobs.write(good_rows())
    with path.open("ab") as file:
        file.write(b"Telltale,St\xe5le,61803\n")
    assert jobs.preprocess() == 0
    assert jobs.rejected() == [["employees.csv", "102", "", f"3 columns instead of {len(COLUMNS)}"]]
    assert not any(mark in text for text in (caplog.text, *capfd.readouterr()) for mark in MARKS)


@pytest.mark.parametrize("name", ["salary", "employee_id"])
def test_broken_byte_in_the_name_of_a_used_column_fails_the_job_in_one_line(jobs: Jobs, name: str) -> None:
    path = jobs.write(good_rows())
    path.write_bytes(path.read_bytes().replace(name.encode(), name.encode() + b"\xff", 1))
    assert jobs.preprocess() == 1
    found = f"employees.csv: row 1: the text is in WINDOWS-1252, column {name} is missing: export it as declared"
    assert jobs.message.startswith(found)
    assert "\n" not in jobs.message


def test_broken_byte_in_a_column_that_is_not_used_is_passed_over(jobs: Jobs) -> None:
    path = jobs.write(good_rows())
    path.write_bytes(path.read_bytes().replace(b"name", b"n\xffame", 1).replace(b"\r\nE", b"\r\nE\xff", 0))
    assert jobs.preprocess() == 0


def test_plain_file_called_gz_is_not_quoted(jobs: Jobs) -> None:
    (jobs.raw / "employees.csv.gz").write_bytes(b"Telltale,61803\n")
    assert jobs.preprocess() == 1
    assert jobs.message.startswith("employees.csv.gz: missing column employee_id")
    assert not any(mark in jobs.message for mark in MARKS)
