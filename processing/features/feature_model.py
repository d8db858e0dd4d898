"""What preprocessing learns from the training rows, and all it takes to repeat it on one new record."""

import dataclasses
import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from processing.features.split_key import SplitThresholds
from processing.job import JobError
from processing.records.columns import WITH_MEDIAN

SCHEMA_VERSION = 3
_WITH_ALL_COLUMNS = 2
"""In which no column is left out; versions that were registered before have it."""

FILE_NAME = "feature_model.json"

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
    """The latest training hire date that is no outlier, from which tenure is counted."""
    label_mean: float
    """The mean training bonus: what to expect of an employee of whom nothing is known."""
    medians: Mapping[str, float]
    """Of the training values of each column whose missing values they fill."""
    salary_bounds: tuple[float, ...]
    """Smallest salary of each category but the first; they part the training rows in three equal shares."""
    age_bounds: tuple[float, ...] = AGE_BOUNDS
    """Smallest age of each group but the first."""
    departments: tuple[str, ...]
    """The last stands for a missing department, and for one that no training row has."""
    without: tuple[str, ...]
    """Raw columns that no feature is made from; rows are cleaned and sliced by them all the same."""

    @property
    def thresholds(self) -> SplitThresholds:
        """Where the data is cut into training, validation and test rows."""
        return SplitThresholds(self.train_below, self.test_from)

    def to_json(self, features: Sequence[str]) -> str:
        """Return the model as JSON text, with the names of its *features*, in order, for whoever reads it.

        Split keys are written in hex: a JSON number would lose their last digits.
        """
        document: dict[str, Any] = {"schema_version": SCHEMA_VERSION}
        for name, value in dataclasses.asdict(self).items():
            document |= {f"{each}_median": value[each] for each in value} if name == "medians" else {name: value}
        document["features"] = features
        document["train_below"] = f"{self.train_below:#018x}"
        document["test_from"] = f"{self.test_from:#018x}"
        document["reference_date"] = self.reference_date.isoformat()
        return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote; raise `JobError` for anything else, and for another schema version."""
        try:
            document = json.loads(text)
            version = document.pop("schema_version", None)
            if version == _WITH_ALL_COLUMNS:
                document["without"] = []
            elif version != SCHEMA_VERSION:
                raise JobError(
                    f"feature model has schema version {version}: run preprocessing again to write {SCHEMA_VERSION}"
                )
            return cls(**_typed(document))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise JobError("feature model is not what preprocessing wrote: run preprocessing again") from error


def _typed(document: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a JSON document as the types they have in `FeatureModel`."""
    types: dict[str, Callable[[Any], Any]] = {
        "train_below": lambda text: int(text, 16),
        "test_from": lambda text: int(text, 16),
        "reference_date": datetime.date.fromisoformat,
        **dict.fromkeys(("salary_bounds", "age_bounds", "departments", "without"), tuple),
    }
    medians = {column.name: document.pop(f"{column.name}_median") for column in WITH_MEDIAN}
    fields = {name: types.get(name, lambda value: value)(document[name]) for name in document if name != "features"}
    return {**fields, "medians": medians}
