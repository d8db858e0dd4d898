"""Preprocessing: raw employee records in; a feature model, cleaned and transformed rows, and the rejected ones out.

The raw files are parsed once, part by part. Their usable rows are spread, typed, by ranges of their split keys; the
feature model is learnt from the ranges of training rows and then applied to all of them. In the order of their keys,
which has nothing to do with the input's, rows are written. Memory does not grow with the data.
"""

import argparse
import logging
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from processing.contract.data_contract import Contract, read_contract
from processing.engines import pool
from processing.engines.engine import Engine, Ranges, Rows, Start
from processing.features.feature_model import FILE_NAME, FeatureModel
from processing.features.features import feature_names
from processing.features.key_ranges import count_ranges, find_range, put_in_order, spread_by_range
from processing.features.learning import learn
from processing.features.split_key import SplitThresholds, find_threshold_ranks, split_keys
from processing.features.transform import READABLE, SPLIT_KEY, clean, transform
from processing.job import add_arguments, open_whole, run
from processing.records.columns import EMPLOYEES, IDENTIFIER, INPUTS, LABEL
from processing.records.parts import Reading, read_files
from processing.records.raw_data import RawBatch, list_files
from processing.records.raw_files import Part, estimate_bytes
from processing.records.rejections import RejectedRows, RejectionLog
from processing.records.validation import Rejection, validate

log = logging.getLogger(__name__)

ORDERED = EMPLOYEES.append(SPLIT_KEY)
"""A usable row."""

SPREAD = pa.schema([*ORDERED, pa.field("part", pa.int32()), pa.field("row", pa.int64())])
"""A usable row with where it was read."""

BATCH_ROWS = 8_192
"""Written at a time; with the 1,024 that are usual it takes half as long again."""

CLEANED, TRANSFORMED = "cleaned_data", "transformed_data"


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


def main(argv: Sequence[str], environment: Mapping[str, str], start: Start = pool.start) -> int:
    """Run the job that the command line describes; DATA_VERSION in *environment* says which data it reads."""
    parser = argparse.ArgumentParser(prog="preprocess")
    add_arguments(parser, PreprocessOptions)
    parser.add_argument("--without", nargs="+", choices=[column.source for column in INPUTS], default=())
    given = vars(parser.parse_args(argv))
    without = given.pop("without")
    options = PreprocessOptions(**given)
    return run(partial(preprocess, options, without, environment["DATA_VERSION"], start), message=options.message)


def preprocess(options: PreprocessOptions, without: Sequence[str], data_version: str, start: Start) -> None:
    """Do the whole job, with no features of the raw columns *without*; raise `JobError` where the data is at fault."""
    log.info("data version %s", data_version)
    for folder in (options.cleaned, options.transformed, options.feature_model, options.rejected):
        folder.mkdir(parents=True, exist_ok=True)
    # Inside an output's folder, which is on the job's volume: the image's own TMPDIR is on the container's small disk.
    # It is gone before what lies there is uploaded, at the end of the job.
    with (
        tempfile.TemporaryDirectory(prefix="scratch-", dir=options.cleaned) as scratch,
        start(options.resource_config, Path(scratch)) as engine,
    ):
        contract = read_contract()
        kept, ranges = ingest(options, contract, engine)
        thresholds = find_thresholds(kept, ranges)
        model = learn(
            ranges,
            range(1 + find_range(thresholds.train_below, len(kept))),
            data_version=data_version,
            split_seed=options.split_seed,
            thresholds=thresholds,
            minimum_rows=options.minimum_training_rows,
            absent=contract.format.absent,
            without=without,
        )
        (options.feature_model / FILE_NAME).write_text(model.to_json(feature_names(model)), encoding="utf-8")
        write(options, model, ranges, len(kept), engine, Path(scratch))


def ingest(options: PreprocessOptions, contract: Contract, engine: Engine) -> tuple[list[int], Ranges]:
    """Read the raw files; return how many rows each range has, in order and without duplicates, and these rows."""
    files = list_files(options.raw)
    count = count_ranges(estimate_bytes(files))
    work = partial(read_part, contract, options.split_seed, count)
    readings, spread = read_files(files, contract.format, engine, work, count)
    settled, ranges = spread.rewrite(settle_range)
    kept, duplicates = zip(*settled, strict=True)
    with RejectionLog(options.rejected) as rejected:
        for reading in readings:
            rejected.add(reading.found.read(reading.part.file, reading.rows_above))
        rejected.add(_reject(duplicates, readings))
        rejected.check(rows=sum(kept) + rejected.total, maximum_share=options.maximum_rejected_share)
    return list(kept), ranges


def read_part(
    contract: Contract, seed: str, ranges: int, part: Part, batches: Iterator[RawBatch]
) -> Rows[RejectedRows]:
    """Yield the usable rows of a part by ranges of their split keys; return what is wrong with the others."""
    rejected = RejectedRows()

    def usable() -> Iterator[pa.RecordBatch]:
        for batch in batches:
            rows, rejections = validate(batch, contract.rules)
            rejected.add(rejections)
            ids = rows[IDENTIFIER].to_numpy(zero_copy_only=False).tolist()  # faster than to_pylist
            origin = pa.array(np.full(rows.num_rows, part.index, np.int32)), rows["row"]
            columns = [*rows.select(EMPLOYEES.names).columns, pa.array(split_keys(ids, seed)), *origin]
            yield pa.RecordBatch.from_arrays(columns, schema=SPREAD)

    yield from spread_by_range(usable(), SPLIT_KEY.name, ranges)
    return rejected


def settle_range(_number: int, batches: Sequence[pa.RecordBatch]) -> tuple[pa.RecordBatch, tuple[int, pa.RecordBatch]]:
    """Return the rows of a range in order, but for duplicates; how many these are, and where the duplicates stand."""
    rows = pa.concat_batches([pa.RecordBatch.from_pylist([], SPREAD), *batches])
    kept, duplicates = put_in_order(rows, SPLIT_KEY.name, EMPLOYEES.names)
    return kept.select(ORDERED.names), (kept.num_rows, duplicates.select(["part", "row"]))


def _reject(duplicates: Sequence[pa.RecordBatch], readings: Sequence[Reading[RejectedRows]]) -> Iterator[Rejection]:
    ordered = pa.concat_batches(duplicates).sort_by([("part", "ascending"), ("row", "ascending")])
    # One by one: there may be nearly as many as rows.
    for part, row in zip(*(map(int, ordered[name].to_numpy()) for name in ("part", "row")), strict=True):
        yield Rejection(readings[part].part.file, row + readings[part].rows_above, IDENTIFIER, "duplicate")


def find_thresholds(kept: Sequence[int], ranges: Ranges) -> SplitThresholds:
    """Return where to split rows of which each range has so many."""
    ends = np.cumsum(kept)
    ranks = np.array(find_threshold_ranks(int(ends[-1])))
    numbers = np.searchsorted(ends, ranks, side="right")
    positions = ranks - (ends - kept)[numbers]
    wanted = {int(number): positions[numbers == number].tolist() for number in numbers}
    train, test = (key for keys in ranges.map(partial(look_up_keys, wanted), only=list(wanted)) for key in keys)
    return SplitThresholds(train, test)


def look_up_keys(wanted: Mapping[int, list[int]], number: int, batches: Sequence[pa.RecordBatch]) -> list[int]:
    """Return the split keys at the positions in a range that are *wanted* of it."""
    (rows,) = batches
    keys: list[int] = rows[SPLIT_KEY.name].take(pa.array(wanted[number])).to_pylist()
    return keys


@dataclass(frozen=True)
class Outputs:
    """Where the rows of ranges are written."""

    cleaned: Path
    transformed: Path
    ranges: int
    are_joined: bool
    """Whether the files of all ranges become one file, in which there is one header."""

    def paths(self, number: int) -> tuple[Path, Path]:
        """Return the files of cleaned and transformed rows of a range."""
        suffix = f".{number:05}-of-{self.ranges:05}.csv"
        return self.cleaned / f"{CLEANED}{suffix}", self.transformed / f"{TRANSFORMED}{suffix}"


def write(
    options: PreprocessOptions, model: FeatureModel, ranges: Ranges, count: int, engine: Engine, scratch: Path
) -> None:
    """Write cleaned and transformed rows, on one machine to one file each."""
    if not engine.is_one_machine:
        ranges.map(partial(write_range, model, Outputs(options.cleaned, options.transformed, count, are_joined=False)))
        return
    outputs = Outputs(scratch, scratch, count, are_joined=True)
    ranges.map(partial(write_range, model, outputs))
    targets = (options.cleaned / f"{CLEANED}.csv", options.transformed / f"{TRANSFORMED}.csv")
    pieces = zip(*map(outputs.paths, range(count)), strict=True)
    engine.map(join_files, list(zip(targets, pieces, strict=True)))


def write_range(model: FeatureModel, outputs: Outputs, number: int, batches: Sequence[pa.RecordBatch]) -> None:
    """Write the rows of a range, cleaned and as numbers, to files that are whole when they get their names."""
    (rows,) = batches
    if not (rows.num_rows or outputs.are_joined):
        return
    options = pacsv.WriteOptions(include_header=not (outputs.are_joined and number), batch_size=BATCH_ROWS)
    for path, written in zip(outputs.paths(number), _for_files(rows, model), strict=True):
        with open_whole(path) as file:
            pacsv.write_csv(written, file, options)


def join_files(target_and_pieces: tuple[Path, Sequence[Path]]) -> None:
    """Make one file of its pieces, which are gone then."""
    target, pieces = target_and_pieces
    with target.open("wb") as file:
        for piece in pieces:
            file.write(piece.read_bytes())
            piece.unlink()


def _for_files(rows: pa.RecordBatch, model: FeatureModel) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """Return *rows* cleaned, as `READABLE`, and as numbers: label, features, split key."""
    cleaned = clean(rows, model)
    features = transform(cleaned, model)
    label, key = rows[LABEL], rows[SPLIT_KEY.name]
    return (
        pa.RecordBatch.from_arrays([rows[IDENTIFIER], *cleaned.columns, label, key], schema=READABLE),
        pa.RecordBatch.from_arrays([label, *features.columns, key], [LABEL, *features.schema.names, SPLIT_KEY.name]),
    )
