"""Columns are found by the names that HR exports usually give them."""

import pytest

from processing.proposal.header_names import USUAL_NAMES, find_candidates, header_key, match_names
from processing.records.columns import NAMES


@pytest.mark.parametrize(
    ("name", "column"),
    [
        *(
            ("EEID", "employee_id"),
            ("Employee ID", "employee_id"),
            ("Emp No", "employee_id"),
            ("Emp. No.", "employee_id"),
        ),
        *(("EmployeeNumber", "employee_id"), ("Employee #", "employee_id"), ("Personalnummer", "employee_id")),
        *(("Age", "age"), ("Age (years)", "age"), ("Alter", "age")),
        *(
            ("Annual Salary", "salary"),
            ("Base Pay", "salary"),
            ("Salary ($)", "salary"),
            ("Jahresgehalt [EUR]", "salary"),
        ),
        *(("Dept", "department"), ("Business Unit", "department"), ("Abteilung", "department")),
        *(("Hire Date", "hire_date"), ("Start_Date", "hire_date"), ("Joining Date", "hire_date")),
        *(("DOJ", "hire_date"), ("Eintrittsdatum", "hire_date")),
        *(
            ("Bonus", "bonus"),
            ("Bonus %", "bonus"),
            ("Bonus (%)", "bonus"),
            ("Bonus Amount", "bonus"),
            ("Prämie", "bonus"),
        ),
        *(("\ufeff employee\u00a0id ", "employee_id"), ("HIRE-DATE", "hire_date")),
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
