"""What preprocessing learns from the training rows, and all it takes to repeat it on one new record."""

import dataclasses
import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from processing.job import JobError
from processing.split_key import Cuts

SCHEMA_VERSION = 1

UNKNOWN_DEPARTMENT = "unknown"
"""Stands for a missing department, and for one that no training row has."""

MAXIMUM_DEPARTMENTS = 200
"""More than any organisation's list has; a free-text column would make one dummy column per spelling."""

FILE_NAME = "feature_model.json"

NUMBERS = ("age", "salary", "tenure_years", "address_length")
SALARY_CATEGORIES = ("low", "medium", "high")
AGE_GROUPS = ("under_30", "30_to_39", "40_to_49", "50_and_over")
AGE_BOUNDS = (30.0, 40.0, 50.0)


@dataclass(frozen=True, kw_only=True)
class FeatureModel:
    """The learnt figures, as plain values."""

    data_version: str
    """Which data they were learnt from."""
    split_seed: str
    train_below: int
    """Rows whose split key is smaller train."""
    test_from: int
    """Rows whose split key is at least this test; those between the two validate."""
    reference_date: datetime.date
    """The latest training hire date, from which tenure is counted."""
    age_median: float
    """In years."""
    salary_median: float
    salary_bounds: tuple[float, ...]
    """Smallest salary of each category but the first; they part the training rows in three equal shares."""
    age_bounds: tuple[float, ...] = AGE_BOUNDS
    """Smallest age of each group but the first."""
    departments: tuple[str, ...]

    @property
    def cuts(self) -> Cuts:
        """Where the data is cut into training, validation and test rows."""
        return Cuts(self.train_below, self.test_from)

    @property
    def dummies(self) -> dict[str, tuple[str, str]]:
        """The dummy columns, in order: name -> the categorical column it is made from, and the value it marks."""
        values = {"salary_category": SALARY_CATEGORIES, "age_group": AGE_GROUPS, "department": self.departments}
        return {f"{column}_{value}": (column, value) for column in values for value in values[column]}

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the model's inputs, in order."""
        return (*NUMBERS, *self.dummies)

    def to_json(self) -> str:
        """Return the model as JSON text. Split keys are written in hex: a JSON number would lose their last digits."""
        document = {"schema_version": SCHEMA_VERSION, **dataclasses.asdict(self), "features": self.features}
        document["train_below"] = f"{self.train_below:#018x}"
        document["test_from"] = f"{self.test_from:#018x}"
        document["reference_date"] = self.reference_date.isoformat()
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote; raise `JobError` for another schema version."""
        document = json.loads(text)
        version = document.pop("schema_version", None)
        if version != SCHEMA_VERSION:
            raise JobError(
                f"feature model has schema version {version}: run preprocessing again to write {SCHEMA_VERSION}"
            )
        document.pop("features")
        document["train_below"] = int(document["train_below"], 16)
        document["test_from"] = int(document["test_from"], 16)
        document["reference_date"] = datetime.date.fromisoformat(document["reference_date"])
        for name in ("salary_bounds", "age_bounds", "departments"):
            document[name] = tuple(document[name])
        return cls(**document)


def learn(training: Iterable[pa.RecordBatch], *, data_version: str, split_seed: str, cuts: Cuts) -> FeatureModel:
    """Learn from *training*, batches of training rows (`EMPLOYEES`); raise `JobError` where they do not allow it."""
    ages, salaries = [], []
    departments: set[str] = set()
    reference_date = datetime.date.min
    for batch in training:
        ages.append(pc.drop_null(batch["age"]).to_numpy(zero_copy_only=False))
        salaries.append(pc.drop_null(batch["salary"]).to_numpy(zero_copy_only=False))
        departments.update(pc.unique(batch["department"]).to_pylist())
        if len(departments) > MAXIMUM_DEPARTMENTS:
            raise JobError(
                f"column department has more than {MAXIMUM_DEPARTMENTS} values: give departments, not free text"
            )
        reference_date = max(reference_date, pc.max(batch["hire_date"]).as_py() or reference_date)
    age_median = float(np.median(_known(ages, "age"), overwrite_input=True))
    salary = _known(salaries, "salary")
    return FeatureModel(
        data_version=data_version,
        split_seed=split_seed,
        train_below=cuts.train_below,
        test_from=cuts.test_from,
        reference_date=reference_date,
        age_median=age_median,
        salary_median=float(np.median(salary)),
        salary_bounds=tuple(np.quantile(salary, [1 / 3, 2 / 3]).round(2).tolist()),
        departments=(*sorted(departments - {"", UNKNOWN_DEPARTMENT}), UNKNOWN_DEPARTMENT),
    )


def _known(
    values: list[np.ndarray[tuple[int], np.dtype[np.float64]]], column: str
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return *values* as one array, and forget its parts; raise `JobError` when there are none."""
    known = np.concatenate(values) if values else np.empty(0)
    values.clear()
    if not len(known):
        raise JobError(f"no training row of the input has a value of {column}: export the column again")
    return known
