"""Measures rows by the contract: figures of each column, what its invalid values look like, and where faults begin."""

import numpy as np
import pyarrow as pa

from processing.contract.column_statistics import ColumnStatistics, count_identifiers
from processing.contract.data_contract import Contract
from processing.contract.first_rows import FirstRows, Origin
from processing.contract.report import Figures
from processing.records.columns import COLUMNS, IDENTIFIER
from processing.records.raw_data import RawBatch
from processing.records.recognition.findings import FormCounts
from processing.records.validation import CheckedColumn, check_columns, find_unusable


class Measurements:
    """What was measured of some rows; of a later run of rows, it can be put together with this."""

    def __init__(self, contract: Contract) -> None:
        self._rules = contract.rules
        self._statistics = {name: ColumnStatistics(column) for name, column in contract.columns.items()}
        self._duplicates = 0
        self.forms = {each.source: FormCounts(each, self._rules[each.source], contract.format) for each in COLUMNS}
        """The undeclared forms of each column's invalid values."""
        self.first = FirstRows()
        self.rows = self.malformed = 0
        self.unusable = 0
        """How many of both preprocessing rejects, but for duplicates."""

    def add(self, batch: RawBatch) -> CheckedColumn:
        """Measure the next rows; return their identifiers."""
        self.rows += len(batch.rows)
        self.malformed += len(batch.malformed)
        by_column = check_columns(batch, self._rules)
        self.unusable += len(batch.malformed) + int(np.count_nonzero(find_unusable(by_column)))
        self.first.add(batch, by_column)
        for column, checked in by_column.items():
            self._statistics[column.source].add(checked)
            if checked.invalid.any():
                invalid = checked.text.filter(pa.array(checked.invalid))
                self.forms[column.source].add(invalid, batch.file, batch.rows[checked.invalid])
        return next(checked for column, checked in by_column.items() if column.source == IDENTIFIER)

    def add_duplicates(self, count: int, first: Origin) -> None:
        """Note how many rows have the identifier of an earlier one, and which is the first."""
        self._duplicates = count
        self.first.add_duplicate(first)

    def merge(self, other: "Measurements", rows_above: int) -> None:
        """Take in what *other* measured of the rows behind these; so many rows of their file stand above."""
        for name, statistics in self._statistics.items():
            statistics.merge(other._statistics[name])
        for name, forms in self.forms.items():
            forms.merge(other.forms[name], rows_above)
        self.first.merge(other.first, rows_above)
        self.rows += other.rows
        self.malformed += other.malformed
        self.unusable += other.unusable

    def figures(self, data_version: str) -> Figures:
        """Return the figures of all rows, which are of *data_version*."""
        columns = {name: each.figures() for name, each in self._statistics.items()}
        columns[IDENTIFIER] = count_identifiers(columns[IDENTIFIER], self._duplicates)
        return Figures(data_version=data_version, rows=self.rows, malformed=self.malformed, columns=columns)
