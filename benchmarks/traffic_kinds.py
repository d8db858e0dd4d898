"""Nine kinds of traffic: raw rows like those of training, and eight ways in which they come to differ."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from data.mock_data import COLUMNS, employees

Row = Sequence[str]
Change = Callable[[Row, float], Row]
"""Takes a row, and a random number from 0 to 1."""

_AGE, _SALARY, _DEPARTMENT = (COLUMNS.index(name) for name in ("age", "salary", "department"))


def _replace(row: Row, index: int, value: str) -> Row:
    return [*row[:index], value, *row[index + 1 :]]


def _add_age(row: Row, years: int) -> Row:
    return _replace(row, _AGE, f"{int(row[_AGE]) + years}") if row[_AGE] else row


def _scale_salary(row: Row, factor: float) -> Row:
    return _replace(row, _SALARY, f"{float(row[_SALARY]) * factor:.2f}") if row[_SALARY] else row


def _rename(row: Row) -> Row:
    return _replace(row, _DEPARTMENT, "R&D") if row[_DEPARTMENT] == "Engineering" else row


KINDS: Mapping[str, Change] = {
    "as in training": lambda row, _: row,
    "older by 8 years": lambda row, _: _add_age(row, 8),
    "richer by half": lambda row, _: _scale_salary(row, 1.5),
    "salaries in cents": lambda row, _: _scale_salary(row, 100),
    "half in one department": lambda row, chance: _replace(row, _DEPARTMENT, "Sales") if chance < 0.5 else row,
    "a department renamed": lambda row, _: _rename(row),
    "one age in fifteen missing": lambda row, chance: _replace(row, _AGE, "") if chance < 1 / 15 else row,
    "one in 25 of a new department": lambda row, chance: _replace(row, _DEPARTMENT, "Legal") if chance < 0.04 else row,
    "two in five from another site": lambda row, chance: _add_age(_scale_salary(row, 1.1), 10) if chance < 0.4 else row,
}


def list_rows(count: int, seed: int) -> list[Row]:
    """Return *count* rows of different employees, each of which has all its columns."""
    found: dict[str, Row] = {}
    for row in employees(2 * count + 1_000, seed):
        if len(row) == len(COLUMNS) and len(found) < count:
            found.setdefault(row[0], row)
    return list(found.values())


def change(rows: Sequence[Row], kind: str, seed: int = 0) -> Iterator[Row]:
    """Yield *rows* as traffic of this *kind* has them."""
    chances = np.random.default_rng(seed).random(len(rows))
    return (KINDS[kind](row, chance) for row, chance in zip(rows, chances.tolist(), strict=True))
