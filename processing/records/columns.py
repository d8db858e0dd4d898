"""The table of the raw data's columns: what each is read as, when its row cannot be used, what fills a gap.

`validation` reads and judges rows by it, `features` cleans them and learns by it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MAXIMUM_NUMBER = float(np.finfo(np.float32).max)
"""The algorithm computes with 32-bit numbers."""

MAXIMUM_TEXT = 256
"""Characters of an employee id or a department."""


class Kind(Enum):
    """What text is read as, and what is said of text that cannot be."""

    TEXT = pa.string(), ""
    NUMBER = pa.float64(), "not a number"
    DATE = pa.date32(), "not a date like 2020-12-31"
    ADDRESS_LENGTH = pa.int32(), "not a JSON object whose address is text"


class Fault(NamedTuple):
    """For what else a row is rejected."""

    reason: str
    find: Callable[[pa.Array], pa.BooleanArray]
    """Tells which values have it; null where there is no value."""


NEGATIVE = Fault("negative", lambda numbers: pc.less(numbers, 0))
TOO_LARGE = Fault("too large", lambda numbers: pc.greater(pc.abs(numbers), MAXIMUM_NUMBER))
TOO_LONG = Fault(
    f"longer than {MAXIMUM_TEXT} characters", lambda texts: pc.greater(pc.utf8_length(texts), MAXIMUM_TEXT)
)

MEDIAN = "median"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Column:
    """A column of the raw data, as in `Column("age", Kind.NUMBER, faults=(NEGATIVE,), fill=MEDIAN)`."""

    source: str
    """Its name in the raw data."""
    read: Kind
    required: bool = False
    faults: tuple[Fault, ...] = ()
    fill: str | None = None
    """What stands in for a missing value: the text `UNKNOWN`, or the training rows' `MEDIAN`, with a mark beside it."""
    becomes: str | None = None

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
        return pa.field(self.name, self.read.value[0])


IDENTIFIER = "employee_id"
LABEL = "bonus"

COLUMNS = (
    Column(IDENTIFIER, Kind.TEXT, required=True, faults=(TOO_LONG,)),
    Column("age", Kind.NUMBER, faults=(NEGATIVE, TOO_LARGE), fill=MEDIAN),
    Column("salary", Kind.NUMBER, faults=(NEGATIVE, TOO_LARGE), fill=MEDIAN),
    Column("department", Kind.TEXT, faults=(TOO_LONG,), fill=UNKNOWN),
    Column("hire_date", Kind.DATE, required=True),
    Column("profile", Kind.ADDRESS_LENGTH, becomes="address_length"),
    Column(LABEL, Kind.NUMBER, required=True, faults=(TOO_LARGE,)),
)
"""The columns that are used. A raw file may hold others, such as `name`: they are never read."""

NAMES = tuple(column.source for column in COLUMNS)

INPUTS = tuple(column for column in COLUMNS if column.name not in (IDENTIFIER, LABEL))
"""What features are made from. One that is read as a number is a feature as it is."""

WITH_MEDIAN = tuple(column for column in INPUTS if column.fill == MEDIAN)

EMPLOYEES = pa.schema([column.field for column in COLUMNS])
"""A usable row. What is missing is null, but for missing text, which is empty."""
