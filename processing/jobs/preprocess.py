"""Preprocessing: raw employee records in; a feature model, cleaned and transformed rows, and the rejected ones out.

The raw files are parsed once. Their usable rows go, typed, to a table on scratch disk; the feature model is learnt from
the table's training rows and then applied to all of them, range by range of their split keys, in whose order they are
written: it has nothing to do with the input's. Memory does not grow with the data but for the split keys, then, once
these are gone, the training rows' ages and salaries for their medians.
"""

import argparse
import logging
import math
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from processing.contract.data_contract import read_contract
from processing.features.feature_model import FILE_NAME, FeatureModel, learn
from processing.features.features import feature_names
from processing.features.scratch_table import ScratchTable
from processing.features.split_key import (
    TRAIN_SHARE,
    Keys,
    SplitThresholds,
    drop_duplicates,
    find_duplicates,
    find_thresholds,
    split_keys,
)
from processing.features.transform import READABLE, SPLIT_KEY, clean, transform
from processing.job import JobError, add_arguments, read_instance, run
from processing.records.columns import EMPLOYEES, IDENTIFIER, LABEL
from processing.records.raw_data import list_files, stream
from processing.records.rejections import RejectionLog
from processing.records.validation import EMPLOYEES_WITH_ORIGIN, Rejection, validate

log = logging.getLogger(__name__)

SCRATCH = EMPLOYEES_WITH_ORIGIN.append(SPLIT_KEY)
IN_FILES = EMPLOYEES.append(SPLIT_KEY)

FILE_FORMAT = pacsv.WriteOptions(batch_size=8_192)
"""With the 1,024 rows that are usual it takes half as long again."""

RANGE_BYTES = 16 << 20
"""Raw data whose rows are put in order at a time."""

GZIP_RATIO = 8


@dataclass(frozen=True)
class PreprocessOptions:
    """The job's folders and files, and what it is told of the data."""

    raw: Path
    cleaned: Path
    transformed: Path
    feature_model: Path
    rejected: Path
    resource_config: Path
    message: Path
    split_seed: str
    maximum_rejected_share: float
    minimum_training_rows: int


def main(argv: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the job that the command line describes; DATA_VERSION in *environment* says which data it reads."""
    parser = argparse.ArgumentParser(prog="preprocess")
    add_arguments(parser, PreprocessOptions)
    options = PreprocessOptions(**vars(parser.parse_args(argv)))
    return run(partial(preprocess, options, environment["DATA_VERSION"]), message=options.message)


def preprocess(options: PreprocessOptions, data_version: str) -> None:
    """Do the whole job; raise `JobError` where the data does not allow it."""
    instance = read_instance(options.resource_config)
    log.info("data version %s, instance %s of %s", data_version, instance.index + 1, instance.count)
    for folder in (options.cleaned, options.transformed, options.feature_model, options.rejected):
        folder.mkdir(parents=True, exist_ok=True)
    files = list_files(options.raw)
    # Inside an output's folder, which is on the job's volume: the image's own TMPDIR is on the container's small disk.
    # It is gone before what lies there is uploaded, at the end of the job.
    with tempfile.TemporaryDirectory(prefix="scratch-", dir=options.cleaned) as scratch:
        table = ScratchTable(
            Path(scratch) / "rows.arrow", SCRATCH, key=SPLIT_KEY.name, ranges=_estimate_bytes(files) // RANGE_BYTES
        )
        with RejectionLog(options.rejected if instance.leads else None) as rejected:
            thresholds = ingest(options, files, table, rejected)
        training = _training_rows(table, thresholds, minimum=options.minimum_training_rows)
        model = learn(
            training,
            data_version=data_version,
            split_seed=options.split_seed,
            thresholds=thresholds,
            absent=read_contract().format.absent,
        )
        if instance.leads:
            (options.feature_model / FILE_NAME).write_text(model.to_json(feature_names(model)), encoding="utf-8")
        write_share(
            table.in_order(IN_FILES.names, instance),
            model,
            cleaned=options.cleaned / instance.file_name("cleaned_data"),
            transformed=options.transformed / instance.file_name("transformed_data"),
        )


def ingest(
    options: PreprocessOptions, files: Mapping[str, Path], table: ScratchTable, rejected: RejectionLog
) -> SplitThresholds:
    """Fill *table* and *rejected* from the raw *files*; return where to split."""
    keys = read_raw(files, options.split_seed, table, rejected)
    keys.sort()
    duplicates = find_duplicates(keys)
    rows_read = len(keys) + rejected.total
    rejected.add(_reject(table.leave_out_duplicates(duplicates, values=EMPLOYEES.names)))
    rejected.check(rows=rows_read, maximum_share=options.maximum_rejected_share)
    return find_thresholds(drop_duplicates(keys))


def read_raw(files: Mapping[str, Path], seed: str, table: ScratchTable, rejected: RejectionLog) -> Keys:
    """Parse every one of *files* into *table* and *rejected*; return the split keys of the table's rows."""
    keys = []
    contract = read_contract()
    with table.writer() as writer:
        for name, path in files.items():
            for batch in stream(name, path, contract.format):
                rows, rejections = validate(batch, contract.rules)
                rejected.add(rejections)
                ids = rows[IDENTIFIER].to_numpy(zero_copy_only=False).tolist()  # faster than to_pylist
                keys.append(split_keys(ids, seed))
                writer.add(rows.append_column(SPLIT_KEY, pa.array(keys[-1])))
    return np.concatenate(keys)


def write_share(batches: Iterable[pa.RecordBatch], model: FeatureModel, *, cleaned: Path, transformed: Path) -> None:
    """Write the rows of *batches* to the files *cleaned* and *transformed*."""
    _, numbers = _for_files(pa.RecordBatch.from_pylist([], IN_FILES), model)
    with (
        pacsv.CSVWriter(cleaned, READABLE, write_options=FILE_FORMAT) as cleaned_file,
        pacsv.CSVWriter(transformed, numbers.schema, write_options=FILE_FORMAT) as transformed_file,
    ):
        for batch in batches:
            readable, numbers = _for_files(batch, model)
            cleaned_file.write_batch(readable)
            transformed_file.write_batch(numbers)


def _for_files(rows: pa.RecordBatch, model: FeatureModel) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """Return *rows* cleaned, as `READABLE`, and as numbers: label, features, split key."""
    cleaned = clean(rows, model)
    features = transform(cleaned, model)
    label, key = rows[LABEL], rows[SPLIT_KEY.name]
    return (
        pa.RecordBatch.from_arrays([rows[IDENTIFIER], *cleaned.columns, label, key], schema=READABLE),
        pa.RecordBatch.from_arrays([label, *features.columns, key], [LABEL, *features.schema.names, SPLIT_KEY.name]),
    )


def _estimate_bytes(files: Mapping[str, Path]) -> int:
    """Return about how large *files* are when they are not compressed."""
    return sum(path.stat().st_size * (GZIP_RATIO if path.suffix.lower() == ".gz" else 1) for path in files.values())


def _reject(duplicates: pa.RecordBatch) -> Iterator[Rejection]:
    ordered = duplicates.sort_by([("file", "ascending"), ("row", "ascending")])
    for file, row in zip(ordered["file"].to_pylist(), ordered["row"].to_pylist(), strict=True):
        yield Rejection(file, row, IDENTIFIER, "duplicate")


def _training_rows(table: ScratchTable, thresholds: SplitThresholds, *, minimum: int) -> Iterator[pa.RecordBatch]:
    """Yield the training rows; raise `JobError` at the end when there were fewer than *minimum*."""
    rows = 0
    for batch in table.below(thresholds.train_below):
        rows += batch.num_rows
        yield batch
    if rows < minimum:
        enough = math.ceil(minimum / TRAIN_SHARE)
        raise JobError(
            f"the input has {rows} training rows, fewer than a mini-batch of {minimum}: give {enough} usable rows"
        )
