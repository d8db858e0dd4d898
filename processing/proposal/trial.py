"""Says what a contract would do to an export, by the functions of the jobs."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from processing.contract.column_statistics import ColumnStatistics, count_identifiers, hash_identifiers
from processing.contract.data_contract import Contract
from processing.contract.report import Figures
from processing.contract.rules import Violation, find_violations
from processing.features.split_key import TRAIN_SHARE, Keys, split_keys
from processing.records.columns import COLUMNS, IDENTIFIER, WITH_MEDIAN
from processing.records.raw_data import stream
from processing.records.recognition.findings import FormCounts
from processing.records.validation import Rejection, check_columns, validate

MAXIMUM_REJECTED_SHARE = 0.05
MINIMUM_TRAINING_ROWS = 32
"""Defaults of what a stage gives preprocessing: `maximum_rejected_share` and `mini_batch_size` in `settings/`."""

(_IDENTIFIERS,) = (column for column in COLUMNS if column.source == IDENTIFIER)


@dataclass(frozen=True)
class Trial:
    """What came of an export."""

    rows: int
    rejections: Mapping[tuple[str, str], int]
    """Rows by column and reason, most first."""
    violations: list[Violation]
    empty: list[str]
    """Columns that preprocessing needs a value of, and that have none."""

    @property
    def rejected(self) -> int:
        """How many rows cannot be used."""
        return sum(self.rejections.values())

    @property
    def obstacles(self) -> list[str]:
        """Why the pipeline would not run."""
        found = [violation.text for violation in self.violations]
        if self.rejected > MAXIMUM_REJECTED_SHARE * self.rows:
            found.append(f"{self.rejected:,} of {self.rows:,} rows rejected, more than {MAXIMUM_REJECTED_SHARE:.1%}")
        if (self.rows - self.rejected) * TRAIN_SHARE < MINIMUM_TRAINING_ROWS:
            enough = math.ceil(MINIMUM_TRAINING_ROWS / TRAIN_SHARE)
            found.append(f"{self.rows - self.rejected:,} usable rows, fewer than the {enough} that training needs")
        where = "name another column, or none, in [format.columns]"
        return found + [f"no row has a value of {name}: {where}" for name in self.empty]


def try_contract(contract: Contract, files: Mapping[str, Path]) -> Trial:
    """Return what data quality and preprocessing would find in *files*."""
    statistics = {column: ColumnStatistics(contract.columns[column.source]) for column in COLUMNS}
    forms = {column: FormCounts(column, contract.rules[column.source], contract.format) for column in COLUMNS}
    rejections: list[Rejection] = []
    keys, hashes = [], []
    rows = malformed = 0
    for name, path in files.items():
        for batch in stream(name, path, contract.format):
            by_column = check_columns(batch, contract.rules)
            hashes.append(hash_identifiers(by_column[_IDENTIFIERS]))
            for column, checked in by_column.items():
                statistics[column].add(checked)
                forms[column].add(checked.text.filter(pa.array(checked.invalid)), name, batch.rows[checked.invalid])
            usable, rejected = validate(batch, contract.rules)
            keys.append(split_keys(usable[IDENTIFIER].to_pylist(), seed=""))
            rejections += rejected
            rows, malformed = rows + len(batch.rows), malformed + len(batch.malformed)
    columns = {column.source: each.figures() for column, each in statistics.items()}
    columns[IDENTIFIER] = count_identifiers(columns[IDENTIFIER], _count_duplicates(hashes))
    figures = Figures(data_version="", rows=rows, malformed=malformed, columns=columns)
    counts = {column.source: each for column, each in forms.items()}
    empty = [
        name
        for name in (column.source for column in WITH_MEDIAN)
        if not figures.columns[name]["count"] and name not in contract.format.absent
    ]
    violations = find_violations(figures, None, contract, counts)
    return Trial(rows + malformed, _count(rejections, _count_duplicates(keys)), violations, empty)


def _count_duplicates(keys: list[Keys]) -> int:
    return sum(map(len, keys)) - len(np.unique(np.concatenate(keys)))


def _count(rejections: list[Rejection], duplicates: int) -> dict[tuple[str, str], int]:
    counts = Counter((each.column, each.reason) for each in rejections)
    if duplicates:
        counts[IDENTIFIER, "duplicate"] += duplicates
    return dict(counts.most_common())
