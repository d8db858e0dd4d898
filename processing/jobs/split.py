"""Data split: transformed rows in; the training, validation and test channels of Linear Learner out.

A channel file has the label first, no header and only numbers. The test rows also come in readable form, in the same
order, for whoever wants to know what kind of employee a prediction was made for. Rows stand in the order of their split
keys, so that each set is a run of lines: it is copied as it is, but for the key.
"""

import argparse
import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from processing.engines import pool
from processing.engines.engine import Engine, Start
from processing.features.feature_model import FILE_NAME, FeatureModel
from processing.features.ordered_lines import (
    Run,
    copy,
    copy_without_last_column,
    count_lines,
    cut_at_key,
    cut_evenly,
    find_last_rows,
    find_rows,
    slice_lines,
)
from processing.features.split_key import SplitThresholds
from processing.job import JobError, add_arguments, run

log = logging.getLogger(__name__)


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


def main(argv: Sequence[str], _environment: Mapping[str, str], start: Start = pool.start) -> int:
    """Run the job that the command line describes."""
    parser = argparse.ArgumentParser(prog="split")
    add_arguments(parser, SplitOptions)
    options = SplitOptions(**vars(parser.parse_args(argv)))
    return run(partial(split, options, start), message=options.message)


def split(options: SplitOptions, start: Start) -> None:
    """Do the whole job."""
    if options.train_files < 1:
        raise JobError(f"{options.train_files} training files are asked for: give TrainingInstanceCount at least 1")
    model = FeatureModel.from_json((options.feature_model / FILE_NAME).read_text(encoding="utf-8"))
    options.train.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="scratch-", dir=options.train) as scratch,
        start(options.resource_config, Path(scratch)) as engine,
    ):
        train, validation, test = cut_sets(options.transformed, model.thresholds)
        writers: list[Callable[[], int]] = [
            *(partial(copy_without_last_column, runs, path) for path, runs in cut_train(options, train, engine)),
            partial(copy_without_last_column, validation, options.validation / "validation.csv"),
            partial(copy_without_last_column, test, options.test / "test.csv"),
            partial(copy_readable, options.cleaned, test, options.readable_test / "readable_test.csv"),
        ]
        *trained, validated, tested, _ = engine.map(_write, writers)
    log.info(
        "wrote %s rows of train, %s of validation, %s of test", *(f"{n:,}" for n in (sum(trained), validated, tested))
    )


def _write(write: Callable[[], int]) -> int:
    return write()


def cut_sets(transformed: Path, thresholds: SplitThresholds) -> tuple[list[Run], list[Run], list[Run]]:
    """Return the training, the validation and the test rows of all files in *transformed*."""
    sets: tuple[list[Run], list[Run], list[Run]] = ([], [], [])
    for path in sorted(transformed.glob("*.csv")):
        train, others = cut_at_key(find_rows(path), thresholds.train_below)
        for runs, each in zip(sets, (train, *cut_at_key(others, thresholds.test_from)), strict=True):
            runs.append(each)
    return sets


def cut_train(options: SplitOptions, runs: Sequence[Run], engine: Engine) -> Iterator[tuple[Path, list[Run]]]:
    """Yield the files of the training channel, each with the rows that it gets."""
    files = options.train_files
    if files == 1:
        yield options.train / "train.csv", list(runs)
        return
    slices = [each for run in runs for each in slice_lines(run)]
    counts = engine.map(count_lines, slices)
    if sum(counts) < files:
        raise JobError(f"{sum(counts)} training rows are too few for {files} files: give TrainingInstanceCount 1")
    for number, part in enumerate(cut_evenly(slices, counts, files)):
        yield options.train / f"train.{number:05}-of-{files:05}.csv", part


def copy_readable(cleaned: Path, test: Sequence[Run], target: Path) -> int:
    """Write the cleaned rows of *test*, the last ones of each file in *cleaned*, to *target*; return how many."""
    paths, counts = sorted(cleaned.glob("*.csv")), [count_lines(run) for run in test]
    runs = [find_last_rows(path, rows) for path, rows in zip(paths, counts, strict=True)]
    header = Run(paths[0], 0, find_rows(paths[0]).start)
    copy([header, *runs], target)
    return sum(counts)
