"""The champion, the model to beat: scored on the challenger's test rows, with its own feature model."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from processing.evaluation.model import Model, Numbers, read_model
from processing.features.feature_model import FILE_NAME, FeatureModel
from processing.features.features import feature_names
from processing.features.split_key import split_keys
from processing.features.transform import SPLIT_KEY, features_of, undo_cleaning
from processing.job import JobError
from processing.records.columns import IDENTIFIER

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Champion:
    """A model in use, with all it takes to predict cleaned rows of another execution."""

    features: FeatureModel
    model: Model
    rows_seed: str
    """What the split keys of the rows it is given were made with."""

    def predict(self, cleaned: pa.RecordBatch) -> Numbers:
        """Return one prediction per row of *cleaned*, which another feature model may have cleaned."""
        features = features_of(undo_cleaning(cleaned), self.features)
        return self.model.predict(column.to_numpy() for column in features.columns)

    def trained_on(self, cleaned: pa.RecordBatch) -> Mask:
        """Return which rows of *cleaned* are training rows under the champion's own split.

        An employee whom the champion's data did not have yet is told by the key as well: better one row too few.
        """
        if self.rows_seed == self.features.split_seed:
            keys = cleaned[SPLIT_KEY.name].to_numpy()
        else:
            keys = split_keys(cleaned[IDENTIFIER].to_pylist(), self.features.split_seed)
        return self.features.thresholds.train(keys)


def read_champion(name: str, *, model: Path, features: Path, rows_seed: str) -> Champion | None:
    """Read the champion called *name*, for rows split with *rows_seed*; None where *features* has no feature model.

    Raises `JobError` for one that cannot be read.
    """
    path = features / FILE_NAME
    if not path.is_file():
        return None
    try:
        learnt = FeatureModel.from_json(path.read_text(encoding="utf-8"))
        artefact = read_model(model, features=len(feature_names(learnt)))
    except JobError as error:
        raise JobError(f"champion {name}: {error}, or reject its model package to do without it") from error
    return Champion(learnt, artefact, rows_seed)
