"""Data quality: raw employee records and the contract in; a report out, and a failure where the contract is violated.

One pass over the raw files. Memory does not grow with the data but for 8 bytes a row, by which duplicate employees are
found. Every run writes the report, most of all one that fails: it becomes the baseline of later runs when a model that
was trained on this data goes into production.
"""

import argparse
import logging
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from processing.contract.column_statistics import ColumnStatistics
from processing.contract.data_contract import Contract, read_contract
from processing.contract.first_rows import add_first_rows
from processing.contract.report import FILE_NAME, Figures, read_baseline, to_json
from processing.contract.rules import find_violations, summarize
from processing.job import ContractViolationError, JobError, add_arguments, run
from processing.records.columns import COLUMNS
from processing.records.format import Format
from processing.records.raw_data import RawBatch, list_files, stream
from processing.records.recognition.findings import FormCounts
from processing.records.validation import check_columns, find_unusable

log = logging.getLogger(__name__)

LONGEST_VERSION = 256


@dataclass(frozen=True)
class DataQualityOptions:
    """The job's folders and files."""

    raw: Path
    baseline: Path
    data_quality: Path
    resource_config: Path
    message: Path


def main(argv: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the job that the command line describes; DATA_VERSION in *environment* says which data it reads."""
    parser = argparse.ArgumentParser(prog="data_quality")
    add_arguments(parser, DataQualityOptions)
    options = DataQualityOptions(**vars(parser.parse_args(argv)))
    return run(partial(check_quality, options, environment["DATA_VERSION"]), message=options.message)


def check_quality(options: DataQualityOptions, data_version: str) -> None:
    """Do the whole job; raise `JobError` where the data cannot be read or violates the contract."""
    check_version(data_version)
    log.info("data version %s", data_version)
    contract = read_contract()
    baseline = read_baseline(options.baseline)
    figures, forms = measure(options.raw, data_version, contract)
    violations = find_violations(figures, baseline, contract, forms)
    violations = add_first_rows(violations, partial(read_raw, options.raw, contract.format), contract.rules)
    options.data_quality.mkdir(parents=True, exist_ok=True)
    report = to_json(figures, baseline, [asdict(violation) for violation in violations])
    (options.data_quality / FILE_NAME).write_text(report, encoding="utf-8")
    for violation in violations:
        log.warning("%s", violation.text)
    if violations:
        raise ContractViolationError(summarize(violations))
    log.info("%s rows, %s malformed records: the contract holds", figures.rows, figures.malformed)


def check_version(data_version: str) -> None:
    """Raise `JobError` for a version that the registry would refuse, and for the path of a rule's parameter.

    EventBridge should have replaced the path by what it finds. With it every start would be of the same version, and
    answered from the step cache. The registry keeps the version as metadata: `CustomerMetadataValue` of its model.
    """
    if not 1 <= len(data_version) <= LONGEST_VERSION:
        raise JobError(f"DataVersion has {len(data_version)} characters: give 1 to {LONGEST_VERSION}")
    refused = sorted({each for each in data_version if unicodedata.category(each)[0] not in "LNZ"} - set("_.:/=+-@"))
    if refused and not data_version.startswith("$."):
        raise JobError(
            f"DataVersion is {data_version!r}, and the registry does not take {' '.join(map(repr, refused))}:"
            " use letters, digits, spaces and _.:/=+-@"
        )
    if data_version.startswith("$."):
        raise JobError(
            f"DataVersion is {data_version!r}, which EventBridge has not replaced by a value of its event:"
            " start the pipeline by hand, with a DataVersion of your own"
        )


def measure(folder: Path, data_version: str, contract: Contract) -> tuple[Figures, Mapping[str, FormCounts]]:
    """Return the figures of all raw files in *folder*, and the undeclared forms of each column's invalid values."""
    statistics = {name: ColumnStatistics(column) for name, column in contract.columns.items()}
    rules = contract.rules
    forms = {each.source: FormCounts(each, rules[each.source], contract.format) for each in COLUMNS}
    rows = malformed = unusable = 0
    for batch in read_raw(folder, contract.format):
        rows += len(batch.rows)
        malformed += len(batch.malformed)
        by_column = check_columns(batch, rules)
        unusable += len(batch.malformed) + int(np.count_nonzero(find_unusable(by_column)))
        for column, checked in by_column.items():
            statistics[column.source].add(checked)
            if checked.invalid.any():
                invalid = checked.text.filter(pa.array(checked.invalid))
                forms[column.source].add(invalid, batch.file, batch.rows[checked.invalid])
    _log_unusable(unusable, rows + malformed)
    figures = Figures(
        data_version=data_version,
        rows=rows,
        malformed=malformed,
        columns={name: each.figures() for name, each in statistics.items()},
    )
    return figures, forms


def _log_unusable(count: int, records: int) -> None:
    """Say how many rows preprocessing will reject: shares of columns that each are within the contract add up there."""
    if count:
        log.warning(
            "%s of %s rows (%.1f %%) cannot be used, over all columns: preprocessing rejects them, and fails where"
            " they are more than maximum_rejected_share, a setting of the stage",
            *(f"{count:,}", f"{records:,}", 100 * count / records),
        )


def read_raw(folder: Path, form: Format) -> Iterator[RawBatch]:
    """Yield the records of all raw files in *folder*."""
    for name, path in list_files(folder).items():
        yield from stream(name, path, form)
