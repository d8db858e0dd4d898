"""The tables of features: what is computed from cleaned columns, and what becomes dummy columns."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from processing.features.feature_model import FeatureModel
from processing.records.columns import INPUTS, MEDIAN

DAYS_PER_YEAR = 365.25

SALARY_CATEGORIES = ("low", "medium", "high")
AGE_GROUPS = ("under_30", "30_to_39", "40_to_49", "50_and_over")


@dataclass(frozen=True)
class Feature:
    """A number that is computed from cleaned columns, and stands behind the last of them."""

    name: str
    inputs: tuple[str, ...]
    compute: Callable[..., pa.Array]
    """Takes the feature model and the inputs."""


@dataclass(frozen=True)
class Category:
    """Text that becomes a dummy column for each level; what is no level counts as the last of them."""

    name: str
    levels: Callable[[FeatureModel], Sequence[str]]
    inputs: tuple[str, ...] = ()
    compute: Callable[..., pa.Array] | None = None
    """As that of a feature; None where the text is a column itself."""


def _tenure_years(model: FeatureModel, hire_dates: pa.Date32Array) -> pa.DoubleArray:
    """Years from hire to the reference date, to a tenth of a day; 0 for someone hired later."""
    reference = pa.scalar(model.reference_date, pa.date32()).cast(pa.int32())
    days = pc.max_element_wise(pc.subtract(reference, hire_dates.cast(pa.int32())), 0)
    return pc.round(pc.divide(days.cast(pa.float64()), DAYS_PER_YEAR), 4)


def _salary_category(model: FeatureModel, salaries: pa.DoubleArray) -> pa.StringArray:
    return _intervals(salaries, model.salary_bounds, SALARY_CATEGORIES)


def _age_group(model: FeatureModel, ages: pa.DoubleArray) -> pa.StringArray:
    return _intervals(ages, model.age_bounds, AGE_GROUPS)


def _intervals(values: pa.DoubleArray, bounds: Sequence[float], names: Sequence[str]) -> pa.StringArray:
    """Name the interval that each value lies in; a bound belongs to the interval above it."""
    intervals: npt.NDArray[np.intp] = np.digitize(values.to_numpy(), bounds)
    return pa.array(names).take(pa.array(intervals))


FEATURES = (Feature("tenure_years", ("hire_date",), _tenure_years),)
CATEGORIES = (
    Category("salary_category", lambda _: SALARY_CATEGORIES, ("salary",), _salary_category),
    Category("age_group", lambda _: AGE_GROUPS, ("age",), _age_group),
    Category("department", lambda model: model.departments),
)


def _cleaned() -> Iterator[pa.Field]:
    for column in INPUTS:
        yield column.field
        if column.fill == MEDIAN:
            yield pa.field(column.mark, pa.uint8())
        yield from (pa.field(each.name, pa.float64()) for each in FEATURES if each.inputs[-1] == column.name)
    yield from (pa.field(each.name, pa.string()) for each in CATEGORIES if each.compute)


CLEANED = pa.schema(list(_cleaned()))
"""A row in which nothing is missing, and nothing tells a name, an address, a phone number or an e-mail."""

NUMBERS = tuple(field.name for field in CLEANED if field.type in (pa.float64(), pa.int32()))


def _sources() -> dict[str, str]:
    sources = {column.name: column.source for column in INPUTS}
    for each in (*FEATURES, *CATEGORIES):
        (sources[each.name],) = {sources[name] for name in each.inputs or (each.name,)}
    return sources


SOURCES: Mapping[str, str] = _sources()
"""Cleaned column -> the column of the raw data that it comes from; each comes from one alone."""


def select_numbers(model: FeatureModel) -> tuple[str, ...]:
    """Return the cleaned numbers that are features of *model*, in order."""
    return tuple(name for name in NUMBERS if SOURCES[name] not in model.without)


def select_categories(model: FeatureModel) -> tuple[Category, ...]:
    """Return the categories whose dummy columns are features of *model*, in order."""
    return tuple(each for each in CATEGORIES if SOURCES[each.name] not in model.without)


def feature_names(model: FeatureModel) -> tuple[str, ...]:
    """Return the names of the features of *model*, in order."""
    dummies = (f"{each.name}_{level}" for each in select_categories(model) for level in each.levels(model))
    return (*select_numbers(model), *dummies)


def feature_sources(model: FeatureModel) -> tuple[str, ...]:
    """Return which column of the raw data each feature of *model* comes from."""
    dummies = (SOURCES[each.name] for each in select_categories(model) for _ in each.levels(model))
    return (*(SOURCES[name] for name in select_numbers(model)), *dummies)
