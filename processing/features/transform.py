"""Applies a feature model to rows: readable columns, and the numbers the algorithm takes.

Neither needs an identifier, a label or a split key: the jobs that have them put them beside.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from processing.features.feature_model import FeatureModel
from processing.features.features import CATEGORIES, CLEANED, FEATURES, select_categories, select_numbers
from processing.records.columns import EMPLOYEES, IDENTIFIER, INPUTS, LABEL, MEDIAN

SPLIT_KEY = pa.field("split_key", pa.uint64())

READABLE = pa.schema([EMPLOYEES.field(IDENTIFIER), *CLEANED, EMPLOYEES.field(LABEL), SPLIT_KEY])
"""A row of cleaned_data.csv."""


def features_of(rows: pa.RecordBatch, model: FeatureModel) -> pa.RecordBatch:
    """Return the features of *model*, in order and all numbers, of *rows* with at least the columns of `INPUTS`."""
    return transform(clean(rows, model), model)


def clean(rows: pa.RecordBatch, model: FeatureModel) -> pa.RecordBatch:
    """Return *rows*, with at least the columns of `INPUTS`, as `CLEANED`."""
    columns = {column.name: rows[column.name] for column in INPUTS}
    for column in INPUTS:
        values = columns[column.name]
        if column.fill == MEDIAN:
            columns[column.name] = pc.fill_null(values, model.medians[column.name])
            columns[column.mark] = pc.is_null(values).cast(pa.uint8())
        elif column.fill:
            columns[column.name] = pc.if_else(pc.equal(values, ""), column.fill, values)
    for each in (*FEATURES, *CATEGORIES):
        if each.compute:
            columns[each.name] = each.compute(model, *(columns[name] for name in each.inputs))
    return pa.RecordBatch.from_pydict(columns, schema=CLEANED)


def undo_cleaning(cleaned: pa.RecordBatch) -> pa.RecordBatch:
    """Return the columns of `INPUTS` that *cleaned* was made from, for another feature model to clean them anew."""
    columns = {column.name: cleaned[column.name] for column in INPUTS}
    for column in INPUTS:
        values = columns[column.name]
        if column.fill == MEDIAN:
            missing = pc.equal(cleaned[column.mark], 1)
            columns[column.name] = pc.if_else(missing, pa.scalar(None, values.type), values)
        elif column.fill:
            columns[column.name] = pc.if_else(pc.equal(values, column.fill), "", values)
    return pa.RecordBatch.from_pydict(columns)


def transform(cleaned: pa.RecordBatch, model: FeatureModel) -> pa.RecordBatch:
    """Return the features of *model*, in order and all numbers, of cleaned rows."""
    columns = {name: cleaned[name] for name in select_numbers(model)}
    for category in select_categories(model):
        levels = category.levels(model)
        indices = pc.index_in(cleaned[category.name], pa.array(levels))
        codes = pc.fill_null(indices, len(levels) - 1).to_numpy()
        for code, level in enumerate(levels):
            columns[f"{category.name}_{level}"] = pa.array((codes == code).view(np.uint8))
    return pa.RecordBatch.from_pydict(columns)
