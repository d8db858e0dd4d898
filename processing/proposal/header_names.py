"""Finds our columns in a header by the names that HR exports usually give them."""

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from processing.records.columns import NAMES
from processing.records.format import loose_key

# Lower-case letters, digits and %, as `header_key` leaves them. The first name that a header has is taken. In English,
# German, French, Spanish and Dutch, as far as they came to mind or were seen in public sample files.
USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "employee_id": (
        *("employeeid", "employeenumber", "employeeno", "employeecode", "eeid", "empid", "empno", "empnumber"),
        *("empcode", "employee", "emp", "staffid", "staffno", "staffnumber", "workerid", "personid", "personnelid"),
        *("personnelno", "personnelnumber", "payrollid", "payrollno", "payrollnumber", "associateid", "hrid"),
        *("personalnummer", "personalnr", "persnr", "pernr", "mitarbeiternummer", "mitarbeiternr", "mitarbeiterid"),
        *("matricule", "numeroempleado", "idempleado", "personeelsnummer", "id"),
    ),
    "age": ("age", "employeeage", "ageyears", "ageinyears", "currentage", "alter", "lebensalter", "edad", "leeftijd"),
    "salary": (
        *("salary", "annualsalary", "basesalary", "annualbasesalary", "basicsalary", "basepay", "basicpay"),
        *("annualpay", "annualbasepay", "annualizedsalary", "yearlysalary", "salaryperyear", "salarypa", "grosssalary"),
        *("annualgrosssalary", "grossannualsalary", "currentsalary", "currentannualsalary", "compensation"),
        *("basecompensation", "jahresgehalt", "grundgehalt", "bruttogehalt", "bruttojahresgehalt", "jahresbrutto"),
        *("jahresbruttogehalt", "gehalt", "salaireannuel", "salairebrut", "salaire", "salarioanual", "salario"),
        *("jaarsalaris", "salaris", "monthlysalary", "monthlyincome", "monatsgehalt"),
    ),
    "department": (
        *("department", "departmentname", "dept", "deptname", "departmentdescription", "businessunit", "division"),
        *("orgunit", "organizationalunit", "organisationalunit", "team", "abteilung", "fachabteilung", "fachbereich"),
        *("bereich", "organisationseinheit", "departement", "departamento", "afdeling", "service"),
    ),
    "hire_date": (
        *(
            "hiredate",
            "dateofhire",
            "datehired",
            "originalhiredate",
            "lasthiredate",
            "startdate",
            "employmentstartdate",
        ),
        *("dateofjoining", "joiningdate", "joindate", "datejoined", "doj", "hiredon", "startedon", "entrydate"),
        *("eintrittsdatum", "eintritt", "eintrittam", "einstellungsdatum", "einstelldatum", "beschaftigtseit"),
        *("datedembauche", "datedentree", "fechadeingreso", "fechadecontratacion", "datumindienst", "indiensttreding"),
    ),
    "profile": ("profile", "profil", "contactdetails", "contact"),
    "bonus": (
        *("bonus", "bonusamount", "bonusamt", "bonuspaid", "bonuspayment", "bonuspayout", "annualbonus"),
        *("annualbonusamount", "yearlybonus", "performancebonus", "incentive", "annualincentive", "variablepay"),
        *("bonuszahlung", "jahresbonus", "bonusbetrag", "pramie", "tantieme", "prime", "bono"),
        *("bonus%", "%bonus", "bonuspercent", "bonuspercentage", "bonuspct", "bonusrate", "annualbonus%"),
    ),
}


_CURRENCY_AT_THE_END = re.compile(r"(?<=[^\W_])[\s_-]+(?:in[\s_-]+)?(?:EUR|euros?|USD|GBP|CHF)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Match:
    """A column that was found."""

    name: str
    """As the header has it."""
    others: tuple[str, ...]
    """Names of the header that would have been taken in its absence."""


def header_key(name: str) -> str:
    """Return what of a header's *name* is compared: its letters without accents, its digits and per cent signs.

    What stands in brackets is left out, and so are a currency at the end and what `loose_key` leaves out.
    """
    bare = re.sub(r"\([^%)]*\)|\[[^%\]]*\]", "", name)
    bare = _CURRENCY_AT_THE_END.sub("", bare)
    spelled = unicodedata.normalize("NFKD", loose_key(bare or name).replace("#", "no"))
    return re.sub(r"[^a-z0-9%]", "", spelled)


def match_names(header: Sequence[str]) -> dict[str, Match]:
    """Return which names of *header* mean which of our columns; each name means one, and is written once."""
    keys = {name: header_key(name) for name in header if header.count(name) == 1}
    found = {}
    for column in NAMES:
        usual = (header_key(column), *USUAL_NAMES.get(column, ()))
        ranked = sorted((name for name in keys if keys[name] in usual), key=lambda name: usual.index(keys[name]))
        exact = [column] if column in keys else []
        if names := tuple(dict.fromkeys([*exact, *ranked])):
            found[column] = Match(names[0], names[1:])
    return found


def find_candidates(column: str, header: Sequence[str]) -> list[str]:
    """Return up to three names of *header* that may mean *column*, the most similar first."""
    usual = (header_key(column), *USUAL_NAMES.get(column, ()))
    likeness = {name: max(_likeness(header_key(name), each) for each in usual) for name in header if header_key(name)}
    likely = [name for name in likeness if likeness[name] >= _ALIKE]
    return sorted(likely, key=lambda name: (-likeness[name], header.index(name)))[:3]


_ALIKE = 0.75


def _likeness(key: str, usual: str) -> float:
    """Return how alike two keys are, from 0 to 1; one that holds the other is."""
    if min(len(key), len(usual)) >= len("bonus") - 1 and (key in usual or usual in key):
        return 0.9
    return difflib.SequenceMatcher(None, key, usual).ratio()
