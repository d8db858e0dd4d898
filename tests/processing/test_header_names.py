"""Columns are found by the names that HR exports usually give them."""

import pytest

from processing.proposal.header_names import USUAL_NAMES, find_candidates, header_key, match_names
from processing.records.columns import NAMES


@pytest.mark.parametrize(
    ("name", "column"),
    [
        *((name, "employee_id") for name in ("EEID", "Employee ID", "Emp No", "Emp. No.", "Employee #")),
        *((name, "employee_id") for name in ("Personalnummer", "\ufeff employee\u00a0id ")),
        *((name, "age") for name in ("Age", "Age (years)", "Alter")),
        *((name, "salary") for name in ("Annual Salary", "Base Pay", "Salary ($)", "Jahresgehalt [EUR]")),
        *((name, "salary") for name in ("salary_usd", "Gehalt in Euro")),
        *((name, "department") for name in ("Dept", "Business Unit", "Abteilung")),
        *((name, "hire_date") for name in ("Hire Date", "HIRE-DATE", "Start_Date", "Joining Date", "DOJ")),
        *((name, "hire_date") for name in ("Eintrittsdatum", "Date of Joining")),
        *((name, "bonus") for name in ("Bonus", "Bonus %", "Bonus (%)", "Bonus Amount", "Prämie", "Bonus EUR")),
    ],
)
def test_usual_name_is_found(name: str, column: str) -> None:
    found = match_names(["Full Name", name, "Country"])
    assert {column: match.name for column, match in found.items()} == {column: name}


def test_our_own_name_comes_before_all_others_and_an_amount_before_a_share() -> None:
    found = match_names(["Bonus %", "Bonus Amount", "Business Unit", "Department", "Salary", "salary"])
    assert (found["bonus"].name, found["bonus"].others) == ("Bonus Amount", ("Bonus %",))
    assert (found["department"].name, found["department"].others) == ("Department", ("Business Unit",))
    assert (found["salary"].name, found["salary"].others) == ("salary", ("Salary",))


def test_name_that_stands_twice_is_not_guessed_at() -> None:
    assert match_names(["bonus", "bonus"]) == {}


def test_names_are_written_as_they_are_compared_and_mean_one_column_each() -> None:
    assert set(USUAL_NAMES) <= set(NAMES)
    names = [name for usual in USUAL_NAMES.values() for name in usual]
    assert [name for name in names if header_key(name) != name] == []
    assert len(names) == len(set(names))


def test_candidates_are_the_names_that_are_most_alike() -> None:
    header = ["City", "Bonus Plan", "Bonuss", "Gender"]
    assert find_candidates("bonus", header) == ["Bonus Plan", "Bonuss"]
    assert find_candidates("hire_date", header) == []
