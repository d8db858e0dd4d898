"""Writes made-up employees as raw CSV: a bonus with signal and noise, missing values, and a few malformed rows."""

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

COLUMNS = ["employee_id", "name", "age", "salary", "department", "hire_date", "profile", "bonus"]
LAST_HIRE_DATE = np.datetime64("2026-06-30")

# department: (typical salary, bonus as a share of salary)
DEPARTMENTS = {
    "Engineering": (78_000, 0.09),
    "Finance": (72_000, 0.11),
    "Human Resources": (56_000, 0.06),
    "Marketing": (60_000, 0.08),
    "Operations": (52_000, 0.05),
    "Sales": (58_000, 0.15),
}
FIRST_NAMES = ["Ada", "Ben", "Chloe", "Dario", "Elif", "Femi", "Grace", "Hugo", "Ines", "Jonas", "Keiko", "Liam"]
LAST_NAMES = ["Abbott", "Brandt", "Costa", "Dubois", "Eriksen", "Fischer", "García", "Hughes", "Ivanov", "Jensen"]
STREETS = [
    "Oak Lane",
    "Mill Street",
    "Station Road",
    "Church Hill",
    "Quay",
    "Rue de la République",
    "Long Meadow Avenue",
]
TOWNS = ["Dublin", "Cork", "Leeds", "Lyon", "Porto", "Kraków", "Springfield", "Newcastle upon Tyne"]

MISSING_SHARE = {"age": 0.03, "salary": 0.03, "department": 0.02, "profile": 0.03}
MALFORMED_SHARE = 0.004

# Rows are drawn a block at a time, so memory is flat and the first rows do not depend on how many follow.
BLOCK_ROWS = 1_000

Row = list[str]


def employees(rows: int, seed: int) -> Iterator[Row]:
    """Yield *rows* raw records; the same seed gives the same employees."""
    generator = np.random.default_rng(seed)
    for start in range(0, rows, BLOCK_ROWS):
        block = _block(start, BLOCK_ROWS, generator)
        yield from block[: rows - start]


def _block(start: int, size: int, generator: np.random.Generator) -> list[Row]:
    names = list(DEPARTMENTS)
    typical = np.array([salary for salary, _ in DEPARTMENTS.values()])
    rate = np.array([share for _, share in DEPARTMENTS.values()])

    department = generator.choice(len(names), size, p=[0.30, 0.12, 0.08, 0.12, 0.20, 0.18])
    age = np.clip(generator.normal(41, 10, size), 20, 67).round().astype(int)
    tenure = np.minimum(generator.exponential(6, size), age - 19)
    growth = 0.006 * (age - 41) + 0.012 * tenure + generator.normal(0, 0.16, size)
    salary = (typical[department] * np.exp(growth)).round(2)
    performance = generator.normal(0, 1_100, size)
    bonus = np.maximum(0, rate[department] * salary + 170 * tenure + performance).round(2)
    hired = (LAST_HIRE_DATE - (tenure * 365.25).astype(int)).astype(str)
    profiles = _profiles(start, size, generator)
    full_names = [
        f"{FIRST_NAMES[first]} {LAST_NAMES[last]}"
        for first, last in generator.integers([len(FIRST_NAMES), len(LAST_NAMES)], size=(size, 2))
    ]
    columns = {
        "employee_id": [f"E{start + i + 1:07d}" for i in range(size)],
        "name": full_names,
        "age": age.astype(str).tolist(),
        "salary": [f"{value:.2f}" for value in salary],
        "department": [names[index] for index in department],
        "hire_date": hired.tolist(),
        "profile": profiles,
        "bonus": [f"{value:.2f}" for value in bonus],
    }
    for column, share in MISSING_SHARE.items():
        for index in np.flatnonzero(generator.random(size) < share):
            columns[column][index] = ""
    block = [list(row) for row in zip(*(columns[column] for column in COLUMNS), strict=True)]
    for index in np.flatnonzero(generator.random(size) < MALFORMED_SHARE):
        _spoil(block, int(index), int(generator.integers(6)))
    return block


def _profiles(start: int, size: int, generator: np.random.Generator) -> list[str]:
    picks = generator.integers([900, len(STREETS), len(TOWNS), 10_000], size=(size, 4)).tolist()
    return [
        json.dumps(
            {
                "address": f"{number + 1} {STREETS[street]}, {TOWNS[town]}",
                "phone": f"+353 1 555 {phone:04d}",
                "email": f"employee{start + i + 1}@example.com",
            },
            ensure_ascii=False,
        )
        for i, (number, street, town, phone) in enumerate(picks)
    ]


def _spoil(block: list[Row], index: int, kind: int) -> None:
    """Make one row malformed, in one of the ways real exports are."""
    row = block[index]
    column = {name: position for position, name in enumerate(COLUMNS)}
    match kind:
        case 0:
            row[column["profile"]] = row[column["profile"]][:-4] or "{"
        case 1:
            row[column["hire_date"]] = "31/12/2019"
        case 2:
            row[column["salary"]] = "-1.00"
        case 3:
            row[column["bonus"]] = ""
        case 4:
            row.pop()
        case _:
            row[column["employee_id"]] = block[max(index, 1) - 1][column["employee_id"]]


def main(argv: Sequence[str]) -> int:
    """Write the file that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m data.mock_data", description=__doc__)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=20_260_630)
    arguments = parser.parse_args(argv)
    if arguments.rows < 1:
        parser.error(f"--rows {arguments.rows}: give at least 1")
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    with arguments.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(employees(arguments.rows, arguments.seed))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
