"""Joins captured predictions with labels that came later, by the employee's id: how wrong the model in use is."""

import json
import logging
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from processing.contract.data_contract import Contract
from processing.features.feature_model import FeatureModel
from processing.features.split_key import split_keys
from processing.monitoring.records import IDENTITY, NAMED, PREDICTION
from processing.records.columns import COLUMNS, IDENTIFIER, LABEL
from processing.records.raw_data import list_files, stream
from processing.records.text_hash import hash_texts
from processing.records.validation import check_columns

log = logging.getLogger(__name__)

RESAMPLES = 1_000
CONFIDENCE = 0.95

FILE_NAME = "evaluation.json"

Numbers = npt.NDArray[np.float64]

_JOINED_BY = tuple(column for column in COLUMNS if column.source in (IDENTIFIER, LABEL))


@dataclass(frozen=True)
class Registered:
    """The root mean squared error with which the champion was registered."""

    value: float
    standard_deviation: float


@dataclass(frozen=True)
class Interval:
    """An estimate with its bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Quality:
    """How wrong the champion was on labels that it had not seen."""

    predicted: int
    """Records with an id and a prediction of the champion, which a label may be found for."""
    joined: int
    """Those with a label that the champion was not trained on."""
    rmse: Interval | None
    """None of fewer than were asked for."""
    registered: Registered | None
    worse: bool
    """Whether the error is larger than the registered one beyond what chance explains in both."""


def measure_quality(
    records: pa.RecordBatch,
    folder: Path,
    contract: Contract,
    champion: FeatureModel,
    registered: Registered | None,
    minimum_labels: int,
) -> Quality:
    """Join the predictions among *records* with the labels of the raw files in *folder*."""
    predicted = records.filter(pc.and_(records[NAMED], pc.is_valid(records[PREDICTION])))
    errors = _find_errors(predicted, folder, contract, champion)
    if len(errors) < minimum_labels:
        return Quality(predicted.num_rows, len(errors), None, None, worse=False)
    rmse, worse = compare_errors(errors, registered)
    return Quality(predicted.num_rows, len(errors), rmse, registered, worse)


def _find_errors(predicted: pa.RecordBatch, folder: Path, contract: Contract, champion: FeatureModel) -> Numbers:
    """Return the error of each prediction that has a label which the champion was not trained on.

    Where an employee has several rows, the first one counts, as it does in training.
    """
    identities = predicted[IDENTITY].to_numpy()  # in order: so `window` keeps them
    predictions, labels = predicted[PREDICTION].to_numpy(), np.full(len(identities), np.nan)
    for ids, values in _read_labels(folder, contract) if len(identities) else ():
        hashes = hash_texts(ids)
        positions = np.minimum(np.searchsorted(identities, hashes), len(identities) - 1)
        matched = np.flatnonzero(identities[positions] == hashes)
        keys = split_keys(ids.take(pa.array(matched)).to_pylist(), champion.split_seed)
        chosen = matched[~champion.thresholds.train(keys) & np.isnan(labels[positions[matched]])]
        labels[positions[chosen[::-1]]] = values[chosen[::-1]]  # of equal positions, the last to be set counts
    errors: Numbers = (labels - predictions)[~np.isnan(labels)]
    return errors


def _read_labels(folder: Path, contract: Contract) -> Iterator[tuple[pa.StringArray, Numbers]]:
    """Yield ids and labels of the rows that have both."""
    for name, path in list_files(folder).items():
        for batch in stream(name, path, contract.format):
            identifiers, label = check_columns(batch, contract.rules, _JOINED_BY).values()
            usable = pa.array(identifiers.valid & label.valid)
            yield identifiers.values.filter(usable), label.values.filter(usable).to_numpy()


def compare_errors(errors: Numbers, registered: Registered | None) -> tuple[Interval, bool]:
    """Return the root mean squared error of *errors*, and whether it is worse than the registered one.

    Worse is what exceeds it in 97.5 % of resamples, where the registered one varies by its own standard deviation.
    """
    generator = np.random.default_rng(0)
    squares = np.square(errors)
    resampled = np.array([generator.choice(squares, len(squares)).mean() for _ in range(RESAMPLES)]) ** 0.5
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(resampled, [tail, 1 - tail]).tolist()
    rmse = Interval(float(squares.mean() ** 0.5), low, high)
    if registered is None:
        return rmse, False
    others = generator.normal(registered.value, registered.standard_deviation, RESAMPLES)
    return rmse, bool(np.quantile(resampled - others, tail) > 0)


def read_registered(folder: Path) -> Registered | None:
    """Return what the champion was registered with; None where *folder* has no evaluation that says so."""
    path = folder / FILE_NAME
    try:
        rmse = json.loads(path.read_text(encoding="utf-8"))["regression_metrics"]["rmse"]
        figures = float(rmse["value"]), float(rmse["standard_deviation"])
    except (OSError, KeyError, TypeError, ValueError):
        figures = math.nan, math.nan
    if not all(0 <= figure < math.inf for figure in figures):
        log.warning("the champion's %s cannot be read: its error is compared with nothing", path.name)
        return None
    return Registered(*figures)
