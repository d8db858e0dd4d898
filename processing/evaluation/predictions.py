"""Reads held-out rows and predicts them: the numbers of a channel, and the readable rows that stand beside them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv

from processing.evaluation.champion import Champion
from processing.evaluation.least_squares import Moments
from processing.evaluation.model import Model, Numbers
from processing.features.mean import Mean
from processing.features.split_key import MINIMUM_ROWS
from processing.features.transform import READABLE
from processing.job import JobError
from processing.records.columns import COLUMNS, LABEL, Kind

SLICED_BY = ("department", "age_group")

_RAW_NUMBERS = [column.name for column in COLUMNS if column.read is Kind.NUMBER]

Observe = Callable[[Sequence[Numbers]], object]
"""Is given label and features of a batch of rows, each a column."""

_AGAIN = "run the split again and take its outputs of one execution"


@dataclass(frozen=True)
class Predictions:
    """Labels of rows, and what a model predicts for them."""

    actual: Numbers
    predicted: Numbers


@dataclass(frozen=True)
class Training:
    """Figures of the training rows; but for the moments, one per feature."""

    means: list[float]
    lowest: Numbers
    highest: Numbers
    moments: Moments
    """Of label and features."""


@dataclass(frozen=True)
class TestSet:
    """The test rows, all columns in the same order."""

    rows: Predictions
    groups: dict[str, pa.DictionaryArray]
    """What each row is sliced by."""
    champion: Numbers | None
    """What the champion predicts."""
    new_to_champion: npt.NDArray[np.bool_]
    """Which rows the champion, if there is one, was not trained on."""


def predict_channel(folder: Path, model: Model) -> Predictions:
    """Predict every row of a channel; raise `JobError` where its files are not numbers, or not as *model* takes."""
    return _joined([_predict_file(path, model) for path in _files(folder)])


def read_training(folder: Path, model: Model) -> Training:
    """Return the figures of a channel with the features that *model* takes; the means, however its rows are parted."""
    means = [Mean() for _ in range(model.features)]
    lowest, highest = np.full(model.features, np.inf), np.full(model.features, -np.inf)
    moments = Moments(1 + model.features)
    for path in _files(folder):
        for columns in _read_numbers(path, model):
            _, *features = columns
            for mean, values in zip(means, features, strict=True):
                mean.add(values.tolist())
            lowest = np.minimum(lowest, [values.min() for values in features])
            highest = np.maximum(highest, [values.max() for values in features])
            moments.add(columns)
    return Training([mean.value for mean in means], lowest, highest, moments)


def predict_test_rows(
    channel: Path, readable: Path, model: Model, champion: Champion | None, observe: Observe
) -> TestSet:
    """Predict the test rows with *model*, and with *champion* from their readable form; *observe* their numbers.

    Raises `JobError` unless both folders hold the same rows in the same order, file by file.
    """
    predictions, described = [], []
    for path, readable_path in _pairs(channel, readable):
        predictions.append(_predict_file(path, model, observe))
        described.append(_describe_file(readable_path, champion))
        labels = described[-1][LABEL].to_numpy()
        if not np.array_equal(predictions[-1].actual, labels):
            found = f"{len(predictions[-1].actual)} rows of {_name(path)} and {len(labels)} of {_name(readable_path)}"
            raise JobError(f"{found} are not the same rows, by number or label: {_AGAIN}")
    table = pa.concat_tables(described).unify_dictionaries()
    return TestSet(
        rows=_joined(predictions),
        groups={name: table[name].combine_chunks() for name in SLICED_BY},
        champion=table["champion"].to_numpy() if champion else None,
        new_to_champion=table["new_to_champion"].to_numpy(),
    )


def _pairs(channel: Path, readable: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each file of the channel with its readable one: their names differ in the beginning only."""
    files, readable_files = _files(channel), _files(readable)
    if len(files) != len(readable_files):
        raise JobError(f"{channel.name} has {len(files)} files, {readable.name} {len(readable_files)}: {_AGAIN}")
    yield from zip(files, readable_files, strict=True)


def _files(folder: Path) -> list[Path]:
    files = [path for path in sorted(folder.glob("*.csv")) if path.stat().st_size]
    if not files:
        raise JobError(f"{folder.name} has no rows: give the input at least {MINIMUM_ROWS} usable rows, or {_AGAIN}")
    return files


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _predict_file(path: Path, model: Model, observe: Observe = lambda _: None) -> Predictions:
    parts = []
    for columns in _read_numbers(path, model):
        label, *features = columns
        parts.append(Predictions(label, model.predict(features)))
        observe(columns)
    return _joined(parts)


def _read_numbers(path: Path, model: Model) -> Iterator[list[Numbers]]:
    """Yield label and features of the rows of a channel's file, batch by batch and each a column."""
    names = [str(position) for position in range(1 + model.features)]
    rows = 0
    with _refusing(path, f"not a label and {model.features} features a row"):
        for batch in pacsv.open_csv(
            path,
            read_options=pacsv.ReadOptions(column_names=names),
            convert_options=pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.float64()), null_values=[]),
        ):
            columns = [column.to_numpy() for column in batch.columns]
            _check_finite(path, columns)
            rows += batch.num_rows
            yield columns
    if not rows:
        raise JobError(f"{_name(path)}: blank lines and no rows; {_AGAIN}")


def _describe_file(path: Path, champion: Champion | None) -> pa.Table:
    with _refusing(path, "not the readable test rows of this version"):
        reader = pacsv.open_csv(
            path,
            parse_options=pacsv.ParseOptions(newlines_in_values=True),
            convert_options=pacsv.ConvertOptions(
                include_columns=READABLE.names,
                column_types={field.name: field.type for field in READABLE},
                null_values=[],
            ),
        )
        batches = []
        for batch in reader:
            _check_finite(path, [batch[name].to_numpy() for name in _RAW_NUMBERS])
            batches.append(_describe(batch, champion))
    if not batches:
        raise JobError(f"{_name(path)}: a header and no rows; {_AGAIN}")
    return pa.Table.from_batches(batches)


def _describe(readable: pa.RecordBatch, champion: Champion | None) -> pa.RecordBatch:
    columns = {LABEL: readable[LABEL]}
    columns |= {name: readable[name].dictionary_encode() for name in SLICED_BY}
    is_new = ~champion.trained_on(readable) if champion else np.ones(readable.num_rows, bool)
    columns["new_to_champion"] = pa.array(is_new)
    if champion:
        columns["champion"] = pa.array(champion.predict(readable))
    return pa.RecordBatch.from_pydict(columns)


def _check_finite(path: Path, columns: list[Numbers]) -> None:
    if not all(np.isfinite(column).all() for column in columns):
        raise JobError(f"{_name(path)}: a number is infinite or none; {_AGAIN}")


def _joined(parts: list[Predictions]) -> Predictions:
    return Predictions(np.concatenate([p.actual for p in parts]), np.concatenate([p.predicted for p in parts]))


@contextmanager
def _refusing(path: Path, what: str) -> Iterator[None]:
    """Turn what a reader says of a broken file into one line without the values that it quotes."""
    try:
        yield
    except (pa.ArrowInvalid, pa.ArrowKeyError) as error:
        raise JobError(f"{_name(path)}: {what}; {_AGAIN}") from error
