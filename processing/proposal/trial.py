"""Says what a contract would do to an export, by the functions of the jobs."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from processing.contract.column_statistics import ColumnStatistics
from processing.contract.data_contract import Contract
from processing.contract.report import Figures
from processing.contract.rules import Violation, find_violations
from processing.features.split_key import TRAIN_SHARE, split_keys
from processing.records.columns import COLUMNS, IDENTIFIER
from processing.records.raw_data import stream
from processing.records.recognition.findings import FormCounts
from processing.records.validation import Rejection, check_columns, validate

MAXIMUM_REJECTED_SHARE = 0.05
MINIMUM_TRAINING_ROWS = 32
"""Defaults of what a stage gives preprocessing: `maximum_rejected_share` and `mini_batch_size` in `settings/`."""


@dataclass(frozen=True)
class Trial:
    """What came of an export."""

    rows: int
    rejections: Mapping[tuple[str, str], int]
    """Rows by column and reason, most first."""
    violations: list[Violation]

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
        return found


def try_contract(contract: Contract, files: Mapping[str, Path]) -> Trial:
    """Return what data quality and preprocessing would find in *files*."""
    statistics = {column: ColumnStatistics(contract.columns[column.source]) for column in COLUMNS}
    forms = {column: FormCounts(column, contract.rules[column.source], contract.format) for column in COLUMNS}
    rejections: list[Rejection] = []
    keys = []
    rows = malformed = 0
    for name, path in files.items():
        for batch in stream(name, path, contract.format):
            for column, checked in check_columns(batch, contract.rules).items():
                statistics[column].add(checked)
                forms[column].add(checked.text.filter(pa.array(checked.invalid)), name, batch.rows[checked.invalid])
            usable, rejected = validate(batch, contract.rules)
            keys.append(split_keys(usable[IDENTIFIER].to_pylist(), seed=""))
            rejections += rejected
            rows, malformed = rows + len(batch.rows), malformed + len(batch.malformed)
    figures = Figures(
        data_version="",
        rows=rows,
        malformed=malformed,
        columns={column.source: each.figures() for column, each in statistics.items()},
    )
    usable_keys = np.concatenate(keys)
    duplicates = len(usable_keys) - len(np.unique(usable_keys))
    counts = {column.source: each for column, each in forms.items()}
    return Trial(rows + malformed, _count(rejections, duplicates), find_violations(figures, None, contract, counts))


def _count(rejections: list[Rejection], duplicates: int) -> dict[tuple[str, str], int]:
    counts = Counter((each.column, each.reason) for each in rejections)
    if duplicates:
        counts[IDENTIFIER, "duplicate"] += duplicates
    return dict(counts.most_common())
