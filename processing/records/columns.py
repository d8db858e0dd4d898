"""The table of the raw data's columns: what each is read as, whether a row needs it, what fills a gap.

`validation` reads rows by it and judges them by the data contract's rules, `features` cleans them and learns by it.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
import pyarrow as pa

MAXIMUM_NUMBER = float(np.finfo(np.float32).max)
"""The algorithm computes with 32-bit numbers."""

MAXIMUM_TEXT = 256
"""Characters of an employee id or a department."""


class Kind(Enum):
    """What text is read as."""

    TEXT = pa.string()
    NUMBER = pa.float64()
    DATE = pa.date32()
    ADDRESS_LENGTH = pa.int32()


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What makes a value of a column invalid, as the data contract states it."""

    fault: str
    """What is said of an invalid value."""
    bounds: tuple[float, float] | tuple[datetime.date, datetime.date] | None = None
    """Smallest and largest valid value."""
    known: tuple[str, ...] | None = None
    """Texts that are told apart; any other counts as `UNKNOWN`."""


Rules = Mapping[str, Rule]
"""By the column's name in the raw data; one for each of `COLUMNS`."""

MEDIAN = "median"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Column:
    """A column of the raw data, as in `Column("age", Kind.NUMBER, fill=MEDIAN)`."""

    source: str
    """Its name in the raw data."""
    read: Kind
    required: bool = False
    fill: str | None = None
    """What stands in for a missing value: the text `UNKNOWN`, or the training rows' `MEDIAN`, with a mark beside it."""
    becomes: str | None = None

    @property
    def may_be_absent(self) -> bool:
        """Return whether an export is of use without it; from salaries, more is learnt than what stands in for one."""
        return not self.required and self.source != "salary"

    @property
    def name(self) -> str:
        """What it is called once it is read."""
        return self.becomes or self.source

    @property
    def mark(self) -> str:
        """The column that is 1 where a median stands in, and otherwise 0."""
        return f"{self.name}_missing"

    @property
    def field(self) -> pa.Field:
        """Name and type of what is read."""
        return pa.field(self.name, self.read.value)


IDENTIFIER = "employee_id"
LABEL = "bonus"

COLUMNS = (
    Column(IDENTIFIER, Kind.TEXT, required=True),
    Column("age", Kind.NUMBER, fill=MEDIAN),
    Column("salary", Kind.NUMBER, fill=MEDIAN),
    Column("department", Kind.TEXT, fill=UNKNOWN),
    Column("hire_date", Kind.DATE, required=True),
    Column("profile", Kind.ADDRESS_LENGTH, becomes="address_length"),
    Column(LABEL, Kind.NUMBER, required=True),
)
"""The columns that are used. A raw file may hold others, such as `name`: they are never read."""

NAMES = tuple(column.source for column in COLUMNS)

INPUTS = tuple(column for column in COLUMNS if column.name not in (IDENTIFIER, LABEL))
"""What features are made from. One that is read as a number is a feature as it is."""

WITH_MEDIAN = tuple(column for column in INPUTS if column.fill == MEDIAN)

EMPLOYEES = pa.schema([column.field for column in COLUMNS])
"""A usable row. What is missing is null, but for missing text, which is empty."""
