"""Made-up exports as HR systems write them; nobody in them exists."""

import csv
import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DEPARTMENTS = {
    "Accounting": (95_000, 6),
    "Engineering": (120_000, 14),
    "Finance": (115_000, 12),
    "Human Resources": (90_000, 5),
    "IT": (110_000, 10),
    "Marketing": (100_000, 8),
    "Sales": (105_000, 18),
}
"""Each with a typical salary, and the bonus in per cent of it."""


@dataclass(frozen=True)
class Employee:
    """One row, before it is written in one way or another."""

    number: int
    age: int
    salary: int
    department: str
    hired: datetime.date
    bonus_percent: int

    @property
    def bonus(self) -> float:
        """The bonus as an amount."""
        return round(self.salary * self.bonus_percent / 100, 2)


def employees(rows: int, seed: int = 1) -> Iterator[Employee]:
    """Yield employees whose bonus depends on age, salary and department, with noise."""
    chance = random.Random(seed)
    for number in range(rows):
        department = chance.choice(sorted(DEPARTMENTS))
        typical, percent = DEPARTMENTS[department]
        age = chance.randint(25, 65)
        salary = round(typical * (0.6 + 0.01 * age + chance.gauss(0, 0.15)))
        rate = percent + 0.1 * (age - 45) + 10 * (salary / typical - 1) + chance.gauss(0, 1)
        hired = datetime.date(2021, 12, 31) - datetime.timedelta(days=chance.randint(0, 365 * (age - 20)))
        yield Employee(number, age, salary, department, hired, max(0, round(rate)))


PUBLIC_HEADER = (
    *("EEID", "Full Name", "Job Title", "Department", "Business Unit", "Gender", "Ethnicity", "Age", "Hire Date"),
    *("Annual Salary", "Bonus %", "Country", "City", "Exit Date"),
)


def public_row(each: Employee) -> list[str]:
    """Return a row in the form of the public "Employee Sample Data.csv"."""
    hired = f"{each.hired.month}/{each.hired.day}/{each.hired.year}"
    left = "" if each.number % 12 else "5/31/2022"
    return [
        *(f"E{each.number + 2_000:05d}", f"Zoë Nuñez {each.number}", "Analyst", each.department, "Corporate"),
        *("Female", "Latino", str(each.age), hired, f"${each.salary:,} ", f"{each.bonus_percent}%"),
        *("Brazil", "São Paulo", left),
    ]


GERMAN_HEADER = ("Personalnummer", "Nachname", "Alter", "Jahresgehalt", "Abteilung", "Eintrittsdatum", "Prämie")


def german_row(each: Employee) -> list[str]:
    """Return a row as an office in Germany exports it: decimal commas, points for thousands, day before month."""

    def number(value: float) -> str:
        return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))

    return [
        *(str(each.number + 10_000), "Müller", str(each.age), number(each.salary), each.department),
        *(f"{each.hired:%d.%m.%Y}", number(each.bonus)),
    ]


def write_public(path: Path, rows: int = 1_000) -> Path:
    """Write an export in the style of the public file."""
    return _write(path, PUBLIC_HEADER, map(public_row, employees(rows)), ",", "windows-1252")


def write_german(path: Path, rows: int = 1_000) -> Path:
    """Write an export in the style of an office in Germany."""
    return _write(path, GERMAN_HEADER, map(german_row, employees(rows)), ";", "windows-1252")


def _write(path: Path, header: tuple[str, ...], rows: Iterator[list[str]], delimiter: str, encoding: str) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    return path
