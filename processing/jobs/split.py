"""Data split: transformed rows in; the training, validation and test channels of Linear Learner out.

A channel file has the label first, no header and only numbers. The test rows also come in readable form, in the same
order, for whoever wants to know what kind of employee a prediction was made for.
"""

import argparse
import contextlib
import csv
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv

from processing.features.feature_model import FILE_NAME, FeatureModel
from processing.features.split_key import SplitThresholds
from processing.features.transform import READABLE, SPLIT_KEY
from processing.job import Instance, JobError, add_arguments, read_instance, run

log = logging.getLogger(__name__)

# Numbers go through as the text they are: nothing is rounded, and nothing may need quotation marks.
CHANNEL_FORMAT = pacsv.WriteOptions(include_header=False, quoting_style="none")
READABLE_FORMAT = pacsv.WriteOptions()


@dataclass(frozen=True)
class SplitOptions:
    """The job's folders and files."""

    cleaned: Path
    transformed: Path
    feature_model: Path
    train: Path
    validation: Path
    test: Path
    readable_test: Path
    train_files: int
    """Of equal size, to a row: with `ShardedByS3Key` each instance that trains gets as many of them."""
    resource_config: Path
    message: Path


def main(argv: Sequence[str], _environment: Mapping[str, str]) -> int:
    """Run the job that the command line describes."""
    parser = argparse.ArgumentParser(prog="split")
    add_arguments(parser, SplitOptions)
    options = SplitOptions(**vars(parser.parse_args(argv)))
    return run(partial(split, options), message=options.message)


def split(options: SplitOptions) -> None:
    """Do the whole job."""
    if options.train_files < 1:
        raise JobError(f"{options.train_files} training files are asked for: give TrainingInstanceCount at least 1")
    model = FeatureModel.from_json((options.feature_model / FILE_NAME).read_text(encoding="utf-8"))
    instance = read_instance(options.resource_config)
    with DataSets(instance) as data_sets:
        for rows in _share(options.transformed, pa.schema([SPLIT_KEY]), instance):
            channels = _channels(rows[SPLIT_KEY.name], model.thresholds)
            numbers = rows.drop_columns([SPLIT_KEY.name])
            data_sets.deal(numbers.filter(channels["train"]), options.train, options.train_files)
            for name in ("validation", "test"):
                data_sets.add(numbers.filter(channels[name]), getattr(options, name), name, CHANNEL_FORMAT)
        for rows in _share(options.cleaned, READABLE, instance):
            test = _channels(rows[SPLIT_KEY.name], model.thresholds)["test"]
            data_sets.add(rows.filter(test), options.readable_test, "readable_test", READABLE_FORMAT)
    log.info("wrote %s", ", ".join(f"{count:,} rows of {name}" for name, count in data_sets.rows.items()))


class DataSets:
    """The files that one instance writes, each opened with its first row: an empty channel file is no channel file."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._writers: dict[str, pacsv.CSVWriter] = {}
        self._open = contextlib.ExitStack()
        self.rows: Counter[str] = Counter()

    def add(self, rows: pa.RecordBatch, folder: Path, name: str, options: pacsv.WriteOptions) -> None:
        """Append *rows* to the data set *name* in *folder*."""
        if not rows.num_rows:
            return
        if name not in self._writers:
            folder.mkdir(parents=True, exist_ok=True)
            writer = pacsv.CSVWriter(folder / self._instance.file_name(name), rows.schema, write_options=options)
            self._writers[name] = self._open.enter_context(writer)
        self._writers[name].write_batch(rows)
        self.rows[name] += rows.num_rows

    def deal(self, rows: pa.RecordBatch, folder: Path, files: int) -> None:
        """Append training *rows* to one of *files* files after the other."""
        first = sum(count for name, count in self.rows.items() if name.startswith("train"))
        for index in range(files):
            name = f"train.{index:05}-of-{files:05}" if files > 1 else "train"
            share = Instance(index, files).share(first, rows.num_rows)
            self.add(rows.take(pa.array(share)), folder, name, CHANNEL_FORMAT)

    def __enter__(self) -> "DataSets":
        return self

    def __exit__(self, *exception: object) -> None:
        self._open.close()


def _share(folder: Path, types: pa.Schema, instance: Instance) -> Iterator[pa.RecordBatch]:
    """Yield this instance's share of the rows of all files in *folder*; columns that *types* does not name are text."""
    first = 0
    for path in sorted(folder.glob("*.csv")):
        for batch in _read(path, types):
            yield batch.take(pa.array(instance.share(first, batch.num_rows)))
            first += batch.num_rows


def _read(path: Path, types: pa.Schema) -> pacsv.CSVStreamingReader:
    with path.open(encoding="utf-8", newline="") as file:
        names = next(csv.reader(file))
    text = dict.fromkeys(names, pa.string())
    return pacsv.open_csv(
        path,
        parse_options=pacsv.ParseOptions(newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(
            column_types=text | {field.name: field.type for field in types}, strings_can_be_null=False
        ),
    )


def _channels(split_keys: pa.UInt64Array, thresholds: SplitThresholds) -> dict[str, pa.BooleanArray]:
    keys = split_keys.to_numpy()
    train, test = thresholds.train(keys), thresholds.test(keys)
    return {"train": pa.array(train), "validation": pa.array(~train & ~test), "test": pa.array(test)}
