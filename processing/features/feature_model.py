"""What preprocessing learns from the training rows, and all it takes to repeat it on one new record."""

import dataclasses
import datetime
import json
import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from processing.features.split_key import SplitThresholds
from processing.job import JobError
from processing.records.columns import LABEL, UNKNOWN, WITH_MEDIAN

Floats = npt.NDArray[np.float64]

SCHEMA_VERSION = 2

FILE_NAME = "feature_model.json"

EPOCH = datetime.date(1970, 1, 1)
"""Day 0 of Arrow's dates."""

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
            if version != SCHEMA_VERSION:
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
        **dict.fromkeys(("salary_bounds", "age_bounds", "departments"), tuple),
    }
    medians = {column.name: document.pop(f"{column.name}_median") for column in WITH_MEDIAN}
    fields = {name: types.get(name, lambda value: value)(document[name]) for name in document if name != "features"}
    return {**fields, "medians": medians}


def learn(
    training: Iterable[pa.RecordBatch],
    *,
    data_version: str,
    split_seed: str,
    thresholds: SplitThresholds,
    absent: Collection[str] = (),
) -> FeatureModel:
    """Learn from *training*, batches of training rows (`EMPLOYEES`); raise `JobError` where they do not allow it.

    Of the columns *absent* there is no value: 0 stands in for all of them.
    """
    values: dict[str, list[Floats]] = {column.name: [] for column in WITH_MEDIAN}
    labels, hires = Mean(), _DayCounts()
    departments: set[str] = set()
    for batch in training:
        for column, parts in values.items():
            parts.append(pc.drop_null(batch[column]).to_numpy(zero_copy_only=False))
        labels.add(batch[LABEL].to_numpy().tolist())
        hires.add(batch["hire_date"])
        departments.update(pc.unique(batch["department"]).to_pylist())
    known = {column: np.zeros(1) if column in absent else _known(parts, column) for column, parts in values.items()}
    return FeatureModel(
        data_version=data_version,
        split_seed=split_seed,
        train_below=thresholds.train_below,
        test_from=thresholds.test_from,
        reference_date=hires.latest,
        label_mean=labels.value,
        medians={column: float(np.median(each, overwrite_input=True)) for column, each in known.items()},
        salary_bounds=tuple(np.quantile(known["salary"], [1 / 3, 2 / 3]).round(2).tolist()),
        departments=(*sorted(departments - {"", UNKNOWN}), UNKNOWN),
    )


def _known(values: list[Floats], column: str) -> Floats:
    """Return *values* as one array, and forget its parts; raise `JobError` when there are none."""
    known = np.concatenate(values) if values else np.empty(0)
    values.clear()
    if not len(known):
        raise JobError(f"no training row of the input has a value of {column}: export the column again")
    return known


class _DayCounts:
    """Counts rows by day, of which there are few however many rows there are."""

    def __init__(self) -> None:
        self._rows: Counter[int] = Counter()

    def add(self, days: pa.Date32Array) -> None:
        """Add *days*, none of them missing."""
        values, counts = np.unique(days.cast(pa.int32()).to_numpy(), return_counts=True)
        for day, rows in zip(values.tolist(), counts.tolist(), strict=True):
            self._rows[day] += rows

    @property
    def latest(self) -> datetime.date:
        """The latest day that is no outlier, of at least one.

        An outlier lies beyond the upper fence: the third quartile and 1.5 times the range between the quartiles (Tukey,
        "Exploratory Data Analysis", 1977). Where few were hired lately, many hires lie there and are none: only the
        last row of all and the last hundredth of the rows may be.
        """
        days, rows = np.array(sorted(self._rows.items())).T
        total = int(rows.sum())
        ranks = [0.25 * total, 0.75 * total, min(0.99 * total, total - 1)]
        first, third, usual = days[np.searchsorted(rows.cumsum(), ranks)]
        latest = days[days <= max(third + 1.5 * (third - first), usual)][-1]
        return EPOCH + datetime.timedelta(days=int(latest))


class Mean:
    """A mean that does not depend on the order of its values: their sum is exact, and rounded once at the end."""

    def __init__(self) -> None:
        self._rows = 0
        self._parts: list[float] = []

    def add(self, values: list[float]) -> None:
        """Add *values*, all finite."""
        self._rows += len(values)
        terms = [*self._parts, *values]
        self._parts = []
        while part := math.fsum(terms):  # what rounding took from one part is in the next
            self._parts.append(part)
            terms.append(-part)

    @property
    def value(self) -> float:
        """The mean of the values added so far, at least one."""
        return math.fsum(self._parts) / self._rows
