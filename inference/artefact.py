"""Reads the serving artefact: all it takes to predict raw records, as evaluation has packed it."""

import hashlib
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from processing.contract import data_contract
from processing.contract.data_contract import Contract
from processing.features import feature_model
from processing.features.feature_model import FeatureModel
from processing.features.features import feature_names
from processing.job import JobError
from processing.linear_learner.model_artefact import LinearModel
from processing.records.columns import LABEL
from processing.records.format import Format
from processing.serving_files import ARCHIVE, WEIGHTS

DIGITS = 12
"""Of the digest by which an artefact is called that no version is given for."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Artefact:
    """A model with the transformation of its inputs and the rules of its records."""

    features: FeatureModel
    model: LinearModel
    means: Numbers
    """Of each feature over the training rows: contributions are counted from there."""
    contract: Contract
    digest: str
    """Tells models apart that differ in what they learnt, or in their contract."""

    @property
    def baseline(self) -> float:
        """The mean prediction of the training rows, which contributions are added to."""
        return float(self.model.predict(self.means[:, np.newaxis])[0])

    @property
    def file_format(self) -> Format:
        """How raw files to predict are written: as those of training, but that they need no label."""
        return self.contract.format_without(LABEL)


def read_artefact(folder: Path) -> Artefact:
    """Read the artefact that was unpacked into *folder*; raise `JobError` where it is none."""
    names = (feature_model.FILE_NAME, WEIGHTS, data_contract.FILE_NAME)
    try:
        learnt, weights, contract = texts = [(folder / name).read_text(encoding="utf-8") for name in names]
    except OSError as error:
        raise JobError(f"no serving artefact ({', '.join(names)}): unpack the {ARCHIVE} of a version") from error
    features = FeatureModel.from_json(learnt)
    model, means = _read_weights(weights, len(feature_names(features)))
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:DIGITS]
    return Artefact(features, model, means, data_contract.parse(contract), digest)


def unpack(archive: Path, folder: Path) -> Artefact:
    """Unpack *archive*, a model.tar.gz, into *folder* and read it; raise `JobError` where it is none."""
    try:
        with tarfile.open(archive, "r:gz") as file:
            file.extractall(folder, filter="data")
    except (OSError, EOFError, tarfile.TarError) as error:
        raise JobError(f"{archive.name} cannot be unpacked: copy the artefact of the version again") from error
    return read_artefact(folder)


def _read_weights(text: str, features: int) -> tuple[LinearModel, Numbers]:
    try:
        document: dict[str, Any] = json.loads(text)
        model, means = LinearModel.from_document(document), np.array(document["means"], np.float64)
    except (KeyError, TypeError, ValueError) as error:
        raise JobError(f"{WEIGHTS} is not what evaluation wrote: copy the artefact again") from error
    if not model.weights.shape == means.shape == (features,):
        raise JobError(f"{WEIGHTS} has not one weight and mean for each of {features} features: copy it again")
    return model, means
