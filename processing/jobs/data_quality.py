"""Data quality: raw employee records and the contract in; a report out, and a failure where the contract is violated.

One pass over the raw files, part by part. Hashes of the identifiers are spread by ranges, in which duplicate employees
are found: memory does not grow with the data. Every run writes the report, most of all one that fails: it becomes the
baseline of later runs when a model that was trained on this data goes into production.
"""

import argparse
import logging
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from processing.contract.column_statistics import hash_identifiers
from processing.contract.data_contract import Contract, read_contract
from processing.contract.first_rows import Origin
from processing.contract.measurements import Measurements
from processing.contract.report import FILE_NAME, read_baseline, to_json
from processing.contract.rules import find_violations, summarize
from processing.engines import pool
from processing.engines.engine import Engine, Rows, Start
from processing.features.key_ranges import count_ranges, find_later, select_repeated, spread_by_range
from processing.job import ContractViolationError, JobError, add_arguments, run
from processing.records.parts import read_files
from processing.records.raw_data import RawBatch, list_files
from processing.records.raw_files import Part, estimate_bytes

log = logging.getLogger(__name__)

LONGEST_VERSION = 256

HASH = "hash"
HASHES = pa.schema([pa.field(HASH, pa.uint64()), pa.field("part", pa.int32()), pa.field("row", pa.int64())])
"""An identifier, and where it stands."""


@dataclass(frozen=True)
class DataQualityOptions:
    """The job's folders and files."""

    raw: Path
    baseline: Path
    data_quality: Path
    resource_config: Path
    message: Path


def main(argv: Sequence[str], environment: Mapping[str, str], start: Start = pool.start) -> int:
    """Run the job that the command line describes; DATA_VERSION in *environment* says which data it reads."""
    parser = argparse.ArgumentParser(prog="data_quality")
    add_arguments(parser, DataQualityOptions)
    options = DataQualityOptions(**vars(parser.parse_args(argv)))
    return run(partial(check_quality, options, environment["DATA_VERSION"], start), message=options.message)


def check_quality(options: DataQualityOptions, data_version: str, start: Start) -> None:
    """Do the whole job; raise `JobError` where the data cannot be read or violates the contract."""
    check_version(data_version)
    log.info("data version %s", data_version)
    contract = read_contract()
    baseline = read_baseline(options.baseline)
    options.data_quality.mkdir(parents=True, exist_ok=True)
    # On the volume that the output is on, and gone before it is uploaded.
    with (
        tempfile.TemporaryDirectory(prefix="scratch-", dir=options.data_quality) as scratch,
        start(options.resource_config, Path(scratch)) as engine,
    ):
        measured = measure(options.raw, contract, engine)
    _log_unusable(measured.unusable, measured.rows + measured.malformed)
    figures = measured.figures(data_version)
    violations = measured.first.add_to(find_violations(figures, baseline, contract, measured.forms))
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


def measure(folder: Path, contract: Contract, engine: Engine) -> Measurements:
    """Measure all raw files in *folder*."""
    files = list_files(folder)
    count = count_ranges(estimate_bytes(files))
    readings, ranges = read_files(files, contract.format, engine, partial(measure_part, contract, count), count)
    measured = Measurements(contract)
    for reading in readings:
        measured.merge(reading.found, reading.rows_above)
    found = [each for each in ranges.map(find_duplicates) if each.rows]
    if found:
        part, row = min(each.first for each in found)
        origin = Origin(readings[part].part.file, row + readings[part].rows_above)
        measured.add_duplicates(sum(each.rows for each in found), origin)
    return measured


def measure_part(contract: Contract, ranges: int, part: Part, batches: Iterator[RawBatch]) -> Rows[Measurements]:
    """Measure a part; yield a hash of each valid identifier, and where it stands."""
    measured = Measurements(contract)

    def hash_rows() -> Iterator[pa.RecordBatch]:
        for batch in batches:
            identifiers = measured.add(batch)
            rows = batch.rows[identifiers.valid]
            columns = [hash_identifiers(identifiers), np.full(len(rows), part.index, np.int32), rows]
            yield pa.RecordBatch.from_arrays([pa.array(each) for each in columns], schema=HASHES)

    yield from spread_by_range(hash_rows(), HASH, ranges)
    return measured


class Duplicates(NamedTuple):
    """Rows whose identifier an earlier row has."""

    rows: int
    first: tuple[int, int]
    """Part and row."""


def find_duplicates(_number: int, batches: Sequence[pa.RecordBatch]) -> Duplicates:
    """Return what duplicates there are in a range of hashes."""
    rows = select_repeated(pa.concat_batches([pa.RecordBatch.from_pylist([], HASHES), *batches]), HASH)
    later = rows.take(pa.array(find_later(rows, HASHES.names)))
    origins = zip(later["part"].to_pylist(), later["row"].to_pylist(), strict=True)
    return Duplicates(later.num_rows, min(origins, default=(0, 0)))


def _log_unusable(count: int, records: int) -> None:
    """Say how many rows preprocessing will reject: shares of columns that each are within the contract add up there."""
    if count:
        log.warning(
            "%s of %s rows (%.1f %%) cannot be used, over all columns: preprocessing rejects them, and fails where"
            " they are more than maximum_rejected_share, a setting of the stage",
            *(f"{count:,}", f"{records:,}", 100 * count / records),
        )
