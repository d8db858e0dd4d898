"""Applying a feature model: what was cleaned with one can be taken back and cleaned with another."""

import dataclasses
import datetime

import pyarrow as pa
import pytest

from processing.features.feature_model import FeatureModel
from processing.features.features import CLEANED, feature_names, feature_sources
from processing.features.transform import clean, features_of, transform, undo_cleaning
from processing.records.columns import INPUTS, WITH_MEDIAN

DAY = datetime.date(2020, 2, 29)
LATER = datetime.date(2030, 1, 1)
MODEL = FeatureModel(
    data_version="1",
    split_seed="seed",
    train_below=1 << 62,
    test_from=1 << 63,
    reference_date=datetime.date(2026, 6, 30),
    label_mean=5_000.0,
    medians={column.name: 1.0 for column in WITH_MEDIAN} | {"age": 41.0, "salary": 50_000.0},
    salary_bounds=(40_000.0, 60_000.0),
    departments=("Sales", "unknown"),
    without=(),
)
OTHER = dataclasses.replace(
    MODEL,
    reference_date=datetime.date(2021, 2, 28),
    medians={**MODEL.medians, "age": 29.5, "salary": 70_000.0},
    salary_bounds=(45_000.0, 72_000.0),
    departments=("Finance", "Legal", "unknown"),
)
ROWS = pa.RecordBatch.from_pylist(
    [
        {"age": 35.5, "salary": 41_000.0, "department": "Sales", "hire_date": DAY, "address_length": 0},
        {"department": "", "hire_date": datetime.date(1, 1, 1), "address_length": 1},
        {"age": 41.0, "salary": 50_000.0, "department": "Legal", "hire_date": LATER, "address_length": 2},
        {"age": 0.0, "salary": 0.0, "department": 'R, "D"\n', "hire_date": DAY, "address_length": 3},
    ],
    schema=pa.schema([column.field for column in INPUTS]),
)
"""Neither identifier nor label nor split key: features need none of them."""


def test_restored_rows_are_the_rows_that_were_cleaned() -> None:
    assert undo_cleaning(clean(ROWS, MODEL)).equals(ROWS)
    assert undo_cleaning(clean(ROWS, MODEL)).schema == ROWS.schema


def test_rows_of_one_feature_model_can_be_cleaned_with_another() -> None:
    assert clean(undo_cleaning(clean(ROWS, MODEL)), OTHER).equals(clean(ROWS, OTHER))


def test_no_rows_are_no_rows() -> None:
    nothing = ROWS.slice(0, 0)
    assert clean(nothing, MODEL).schema == CLEANED
    assert undo_cleaning(clean(nothing, MODEL)).equals(nothing)


def test_features_of_one_new_record_are_those_it_has_among_others() -> None:
    features = features_of(ROWS, MODEL)
    assert features.schema.names == list(feature_names(MODEL))
    for row in range(len(ROWS)):
        assert features_of(ROWS.slice(row, 1), MODEL).equals(features.slice(row, 1))


@pytest.mark.parametrize(
    ("model", "dummies"),
    [(MODEL, [(1, 0), (0, 1), (0, 1), (0, 1)]), (OTHER, [(0, 0, 1), (0, 0, 1), (0, 1, 0), (0, 0, 1)])],
)
def test_department_that_the_feature_model_does_not_know_is_unknown(
    model: FeatureModel, dummies: list[tuple[int, ...]]
) -> None:
    transformed = transform(clean(ROWS, model), model)
    names = [f"department_{name}" for name in model.departments]
    assert list(zip(*(transformed[name].to_pylist() for name in names), strict=True)) == dummies


def test_what_is_missing_is_filled_and_marked() -> None:
    cleaned = clean(undo_cleaning(clean(ROWS, MODEL)), OTHER)
    assert cleaned["age"].to_pylist() == [35.5, 29.5, 41.0, 0.0]
    assert cleaned["salary"].to_pylist() == [41_000.0, 70_000.0, 50_000.0, 0.0]
    assert cleaned["age_missing"].to_pylist() == cleaned["salary_missing"].to_pylist() == [0, 1, 0, 0]
    assert cleaned["department"].to_pylist() == ["Sales", "unknown", "Legal", 'R, "D"\n']
    assert cleaned["tenure_years"].to_pylist() == [0.9993, round(737_848 / 365.25, 4), 0.0, 0.9993]


def test_feature_model_with_a_figure_that_is_no_json_is_not_written() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        dataclasses.replace(MODEL, label_mean=float("nan")).to_json(())


@pytest.mark.parametrize(
    ("column", "features"),
    [
        ("age", {"age", "age_group_under_30", "age_group_30_to_39", "age_group_40_to_49", "age_group_50_and_over"}),
        ("salary", {"salary", "salary_category_low", "salary_category_medium", "salary_category_high"}),
        ("department", {"department_Sales", "department_unknown"}),
        ("hire_date", {"tenure_years"}),
        ("profile", {"address_length"}),
    ],
)
def test_column_left_out_is_cleaned_and_no_feature_is_made_from_it(column: str, features: set[str]) -> None:
    model = dataclasses.replace(MODEL, without=(column,))
    assert clean(ROWS, model).equals(clean(ROWS, MODEL))
    left = features_of(ROWS, model)
    assert left.schema.names == [name for name in feature_names(MODEL) if name not in features]
    assert left.equals(features_of(ROWS, MODEL).select(left.schema.names))
    assert tuple(left.schema.names) == feature_names(model)
    sources = dict(zip(feature_names(MODEL), feature_sources(MODEL), strict=True))
    assert feature_sources(model) == tuple(sources[name] for name in left.schema.names)
    assert column not in feature_sources(model)
