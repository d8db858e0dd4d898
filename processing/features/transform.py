"""Applies a feature model to rows: the readable table, and the numbers the algorithm takes."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from processing.features.feature_model import AGE_GROUPS, NUMBERS, SALARY_CATEGORIES, UNKNOWN_DEPARTMENT, FeatureModel

DAYS_PER_YEAR = 365.25

CLEANED = pa.schema(
    [
        ("employee_id", pa.string()),
        ("age", pa.float64()),
        ("age_missing", pa.uint8()),
        ("salary", pa.float64()),
        ("salary_missing", pa.uint8()),
        ("department", pa.string()),
        ("hire_date", pa.date32()),
        ("tenure_years", pa.float64()),
        ("address_length", pa.int32()),
        ("salary_category", pa.string()),
        ("age_group", pa.string()),
        ("bonus", pa.float64()),
        ("split_key", pa.uint64()),
    ]
)
"""A row of cleaned_data.csv: nothing is missing, and nothing tells a name, an address, a phone number or an e-mail.

Where an age or salary was missing, `age_missing` or `salary_missing` is 1; otherwise it is 0.
"""


def clean(rows: pa.RecordBatch, model: FeatureModel) -> pa.RecordBatch:
    """Return *rows* (columns of `EMPLOYEES`, and `split_key`) as `CLEANED`."""
    age = pc.fill_null(rows["age"], model.age_median)
    salary = pc.fill_null(rows["salary"], model.salary_median)
    return pa.RecordBatch.from_pydict(
        {
            "employee_id": rows["employee_id"],
            "age": age,
            "age_missing": pc.is_null(rows["age"]).cast(pa.uint8()),
            "salary": salary,
            "salary_missing": pc.is_null(rows["salary"]).cast(pa.uint8()),
            "department": pc.if_else(pc.equal(rows["department"], ""), UNKNOWN_DEPARTMENT, rows["department"]),
            "hire_date": rows["hire_date"],
            "tenure_years": _tenure_years(rows["hire_date"], model),
            "address_length": rows["address_length"],
            "salary_category": _category(salary, model.salary_bounds, SALARY_CATEGORIES),
            "age_group": _category(age, model.age_bounds, AGE_GROUPS),
            "bonus": rows["bonus"],
            "split_key": rows["split_key"],
        },
        schema=CLEANED,
    )


def undo_cleaning(cleaned: pa.RecordBatch) -> pa.RecordBatch:
    """Return the rows that `clean` made *cleaned* from, for another feature model to clean them anew."""
    department = cleaned["department"]
    return pa.RecordBatch.from_pydict(
        {
            "employee_id": cleaned["employee_id"],
            "age": _without_filled(cleaned["age"], cleaned["age_missing"]),
            "salary": _without_filled(cleaned["salary"], cleaned["salary_missing"]),
            "department": pc.if_else(pc.equal(department, UNKNOWN_DEPARTMENT), "", department),
            "hire_date": cleaned["hire_date"],
            "address_length": cleaned["address_length"],
            "bonus": cleaned["bonus"],
            "split_key": cleaned["split_key"],
        }
    )


def transform(cleaned: pa.RecordBatch, model: FeatureModel) -> pa.RecordBatch:
    """Return the label, the features of *model* in order and the split key, all numbers, of cleaned rows."""
    categories = {
        "salary_category": cleaned["salary_category"],
        "age_group": cleaned["age_group"],
        "department": _known_departments(cleaned["department"], model.departments),
    }
    dummies = {
        name: pc.equal(categories[column], value).cast(pa.uint8()) for name, (column, value) in model.dummies.items()
    }
    numbers = {name: cleaned[name] for name in NUMBERS}
    return pa.RecordBatch.from_pydict(
        {"bonus": cleaned["bonus"], **numbers, **dummies, "split_key": cleaned["split_key"]}
    )


def _known_departments(departments: pa.StringArray, known: Sequence[str]) -> pa.StringArray:
    return pc.if_else(pc.is_in(departments, pa.array(known)), departments, UNKNOWN_DEPARTMENT)


def _without_filled(values: pa.DoubleArray, missing: pa.UInt8Array) -> pa.DoubleArray:
    return pc.if_else(pc.equal(missing, 1), pa.scalar(None, pa.float64()), values)


def _tenure_years(hire_dates: pa.Date32Array, model: FeatureModel) -> pa.DoubleArray:
    """Years from hire to the reference date, to a tenth of a day; 0 for someone hired later."""
    reference = pa.scalar(model.reference_date, pa.date32()).cast(pa.int32())
    days = pc.max_element_wise(pc.subtract(reference, hire_dates.cast(pa.int32())), 0)
    return pc.round(pc.divide(days.cast(pa.float64()), DAYS_PER_YEAR), 4)


def _category(values: pa.DoubleArray, bounds: Sequence[float], names: Sequence[str]) -> pa.StringArray:
    """Name the interval that each value lies in; a bound belongs to the interval above it."""
    intervals: npt.NDArray[np.intp] = np.digitize(values.to_numpy(), bounds)
    return pa.array(names).take(pa.array(intervals))
