"""Predicts raw records: the rules and functions of training, and what each column of a record adds to its bonus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from inference.artefact import Artefact, Numbers
from inference.figures import list_figures
from processing.features.features import feature_sources
from processing.features.transform import features_of
from processing.records.columns import COLUMNS, IDENTIFIER, INPUTS, Column
from processing.records.raw_data import RawBatch, RowNumbers
from processing.records.validation import Rejection, validate

IDENTIFIED = tuple(column for column in COLUMNS if column.source == IDENTIFIER or column in INPUTS)
"""The columns of a record to predict: those of training without the label."""

ANONYMOUS = tuple(replace(column, required=column.required and column.source != IDENTIFIER) for column in IDENTIFIED)
"""The same where nobody has to say whose record it is."""


@dataclass(frozen=True)
class Scores:
    """What there is to say of a batch of records."""

    rows: RowNumbers
    """Which records have a prediction, by their row of the batch, in order."""
    employee_ids: pa.StringArray
    """Of those; empty where nobody said."""
    predictions: Numbers
    contributions: Mapping[str, Numbers]
    """By raw column, if asked for: with the artefact's baseline they add up to the predictions."""
    figures: Sequence[Mapping[str, Any]]
    """What was predicted from, if asked for."""
    rejections: list[Rejection]
    """What is wrong with the other records."""


def score(
    batch: RawBatch,
    artefact: Artefact,
    *,
    contributions: bool = False,
    figures: bool = False,
    columns: Sequence[Column] = IDENTIFIED,
) -> Scores:
    """Predict the records of *batch* that the data contract allows.

    for batch in stream(name, path, artefact.file_format):
        scores = score(batch, artefact)
    """
    rows, rejections = validate(batch, artefact.contract.rules, columns)
    features = [column.to_numpy() for column in features_of(rows, artefact.features).columns]
    return Scores(
        rows=rows["row"].to_numpy(),
        employee_ids=rows[IDENTIFIER],
        predictions=artefact.model.predict(features),
        contributions=_contributions(features, artefact) if contributions else {},
        figures=list_figures(batch, rows) if figures else (),
        rejections=rejections,
    )


def _contributions(features: Sequence[Numbers], artefact: Artefact) -> Mapping[str, Numbers]:
    """Return what each raw column adds to each prediction."""
    return artefact.model.contributions(features, artefact.means, feature_sources(artefact.features))
