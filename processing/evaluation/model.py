"""A model as evaluation needs it, whatever algorithm trained it; Linear Learner's is the one that can be read."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from processing.linear_learner import model_artefact

Numbers = npt.NDArray[np.float64]


class Model(Protocol):
    """Predicts a bonus from the features of a row."""

    @property
    def features(self) -> int:
        """How many it takes."""
        ...

    def predict(self, features: Iterable[Numbers]) -> Numbers:
        """Return one prediction per row of *features*, which are columns in the feature model's order."""
        ...

    def contributions(
        self, features: Iterable[Numbers], means: Iterable[float], sources: Iterable[str], /
    ) -> dict[str, Numbers]:
        """Return what each source of features adds to each prediction, beside the prediction of *means*."""
        ...

    def to_document(self) -> dict[str, Any]:
        """Return what `inference` needs to predict the same, as a JSON document."""
        ...


def read_model(folder: Path, *, features: int) -> Model:
    """Read the model that a training job left in *folder*; raise `JobError` unless it takes so many *features*."""
    return model_artefact.read_model(folder / model_artefact.ARTEFACT, features=features)
