"""Raw data that is hard to read, to cut and to refuse, each kind in a folder of its own."""

import csv
import gzip
import io
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from data.mock_data import COLUMNS, employees

Row = list[str]

NAME, SALARY, BONUS, PROFILE, DEPARTMENT = map(COLUMNS.index, ("name", "salary", "bonus", "profile", "department"))


def table(
    rows: Sequence[Sequence[str]], *, header: Sequence[str] = COLUMNS, end: str = "\n", quoting: int = 0
) -> bytes:
    """Return *rows* as CSV."""
    file = io.StringIO()
    csv.writer(file, lineterminator=end, quoting=quoting).writerows([header, *rows])  # type: ignore[arg-type]
    return file.getvalue().encode()


def rows(count: int, seed: int = 1) -> list[Row]:
    """Return made-up rows with all their faults."""
    return [list(row) for row in employees(count, seed)]


def good(count: int) -> list[Row]:
    """Return rows of different employees with nothing wrong."""
    complete = (row for row in employees(3 * count + 100, 2) if len(row) == len(COLUMNS) and all(row))
    fine = [row for row in complete if row[3][0] != "-" and row[5][4] == "-" and row[6].endswith("}")]
    return [list(row) for row in {row[0]: row for row in fine}.values()][:count]


def with_names(texts: Sequence[str]) -> list[Row]:
    """Return rows whose names are *texts*, in turn."""
    named = rows(2_000, 3)
    for number, row in enumerate(named):
        row[NAME] = texts[number % len(texts)]
    return named


def with_profiles(texts: Sequence[str]) -> list[Row]:
    """Return good rows, every fortieth of which has one of *texts* as its profile."""
    changed = good(1_500)
    for number, row in enumerate(changed[::40]):
        row[PROFILE] = texts[number % len(texts)]
    return changed


def of_wrong_width() -> list[Row]:
    changed = good(1_500)
    changed[::50] = [[*row, "more"] if number % 2 else row[:3] for number, row in enumerate(changed[::50])]
    return changed


def of_all_sizes() -> list[Row]:
    chance, changed = random.Random(3), good(1_500)
    for row in changed:
        row[SALARY] = repr(chance.uniform(1_000, 500_000))
        row[BONUS] = repr(chance.choice((-1, 1)) * 10 ** chance.uniform(-9, 4))
    return changed


def without_bonus(count: int) -> list[Row]:
    changed = good(1_000)
    for row in changed[500 : 500 + count]:
        row[BONUS] = ""
    return changed


def many_files() -> Iterator[tuple[str, bytes]]:
    made = rows(4_000, 6)
    for number in range(8):
        content = table(made[number * 500 : number * 500 + 500], end="\r\n" if number % 2 else "\n")
        yield (f"2026/{number}.csv.gz", gzip.compress(content)) if number % 3 == 0 else (f"{number}.CSV", content)


def with_open_mark(content: bytes) -> bytes:
    """Return *content* with a mark that opens a name and that nothing closes."""
    lines = content.split(b"\n")
    lines[1_000] = lines[1_000].replace(b",", b',"', 1)
    return b"\n".join(lines)


PROFILES = ('{"address": "1 Oak', "Oak Lane", '["address"]', '{"address": 5}', '{"address":"a"},"x":{}', "null", "{}")
NAMES = ("Ada\nLovelace\r\n", 'Ada "the"\n\nCountess', "\n\n\n", '"', '""', '"\n"', 'a,"b\n"",""\nc')

INPUTS: Mapping[str, Callable[[], Mapping[str, bytes]]] = {
    "all faults": lambda: {"a.csv": table(rows(4_000, 5))},
    "quoted line ends in every row": lambda: {"a.csv": table(with_names(NAMES))},
    "byte order mark and CRLF": lambda: {"a.csv": b"\xef\xbb\xbf" + table(rows(3_000, 4), end="\r\n")},
    "everything in quotation marks": lambda: {"a.csv": table(rows(3_000, 4), quoting=csv.QUOTE_ALL)},
    "ends of lines of an old Mac": lambda: {"a.csv": table(rows(2_000, 4), end="\r")},
    "compressed": lambda: {"a.csv.gz": gzip.compress(table(rows(3_000, 4)))},
    "many files and folders": lambda: dict(many_files()),
    "no line end at the end": lambda: {"a.csv": table(rows(2_000, 7)).rstrip(b"\n")},
    "blank lines": lambda: {"a.csv": table(good(1_500)).replace(b"\n", b"\n\n  \n") + b",,,,,,,\n"},
    "wide header": lambda: {"a.csv": table(good(1_500), header=["name\nof a person", *COLUMNS[1:]])},
    "malformed profiles": lambda: {"a.csv": table(with_profiles(PROFILES))},
    "wrong numbers of columns": lambda: {"a.csv": table(of_wrong_width())},
    "duplicates within and across files": lambda: {
        "a.csv": table([*good(1_500)[:900], *good(1_500)[:20]]),
        "b.csv": table([good(1_500)[7], *good(1_500)[900:], *good(1_500)[1_480:]]),
    },
    "numbers of all sizes": lambda: {"a.csv": table(of_all_sizes())},
    "mark inside of a field": lambda: {
        "a.csv": table(good(1_500)).replace(b",Ada ", b',Ada 5" '),
        "b.csv": table(good(2_000)[1_500:]),
    },
    "mark that is never closed": lambda: {"a.csv": with_open_mark(table(good(1_500)))},
    "text that is not UTF-8": lambda: {"a.csv": table(good(1_500)).replace(b"Sales", b"Sal\xe9s")},
    "truncated archive": lambda: {"a.csv": table(good(300)), "b.csv.gz": gzip.compress(table(good(1_000)))[:9_000]},
    "header alone": lambda: {"a.csv": table(good(300)), "b.csv": table([])},
    "misshapen records alone": lambda: {"a.csv": table([["only", "two"]] * 2_000)},
    "empty file": lambda: {"a.csv": b""},
    "missing column": lambda: {"a.csv": table(good(300), header=["other" if c == "age" else c for c in COLUMNS])},
    "no file": lambda: {"notes.txt": b""},
    "too many rejected": lambda: {"a.csv": table(without_bonus(80))},
    "a few rejected": lambda: {"a.csv": table(without_bonus(20))},
    "nine rows": lambda: {"a.csv": table(good(9))},
    "twelve rows": lambda: {"a.csv": table(good(12))},
}
"""Name -> file -> content."""


def write(name: str, folder: Path) -> Path:
    """Write the input *name* below *folder* and return it."""
    for file, content in INPUTS[name]().items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder
