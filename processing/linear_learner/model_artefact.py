"""Reads the weights out of Linear Learner's model.tar.gz, from memory: nothing is ever extracted to disk.

The archive holds `model_algo-1`, a ZIP with the parameters of an MXNet graph in which normalisation is folded into
weights and bias: raw features in, a bonus out. Source: artefacts of managed jobs, read byte by byte; Amazon does not
document the form. That is why evaluation compares its figures with those of the training job.
"""

import gzip
import io
import json
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from processing.job import JobError
from processing.linear_learner.mxnet_arrays import read_arrays

ARTEFACT = "model.tar.gz"

Numbers = npt.NDArray[np.float64]

_MODEL = "model_algo-1"
_PARAMETERS = "mx-mod-0000.params"
_ADDITIONAL = "additional-params.json"
_MAXIMUM_BYTES = 16 << 20
"""A thousand times what a model of some hundred features takes; an archive that unpacks to more is none."""

_FOREIGN = "give the artefact of a Linear Learner job; where it is one, its form has changed"
_TAR_FAULTS = (tarfile.TarError, EOFError, OverflowError, RecursionError, ValueError)
_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, OverflowError, RuntimeError, ValueError)


@dataclass(frozen=True)
class LinearModel:
    """A prediction is the bias and the weighted sum of the features."""

    weights: Numbers
    bias: float

    @property
    def features(self) -> int:
        """How many features a row has."""
        return len(self.weights)

    def to_document(self) -> dict[str, Any]:
        """Return the model as a JSON document, which has all digits of its numbers."""
        return {"weights": self.weights.tolist(), "bias": self.bias}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Return the model that `to_document` returned; raise `KeyError`, `TypeError` or `ValueError` for others."""
        return cls(np.array(document["weights"], np.float64), float(document["bias"]))

    def predict(self, features: Iterable[Numbers]) -> Numbers:
        """Return one prediction per row of *features*, one column for each weight.

        Column by column: the digits do not depend on how rows are batched, as those of a matrix product may.
        """
        first, *others = (weight * column for weight, column in zip(self.weights, features, strict=True))
        predictions: Numbers = first + self.bias
        for term in others:
            predictions += term
        return predictions

    def contributions(
        self, features: Iterable[Numbers], means: Iterable[float], sources: Iterable[str]
    ) -> dict[str, Numbers]:
        """Return what each of *sources* adds to each prediction; several features may come from one of them.

        The weighted distance from the mean is the exact Shapley value of a linear model, with the rows that *means* are
        of as the background (Lundberg and Lee, "A Unified Approach to Interpreting Model Predictions", 2017).
        """
        added: dict[str, Numbers] = {}
        for source, weight, mean, values in zip(sources, self.weights, means, features, strict=True):
            added[source] = added.get(source, 0.0) + weight * (values - mean)
        return added


def read_model(archive: Path, *, features: int) -> LinearModel:
    """Read the regressor in *archive*; raise `JobError` unless it is whole and has one weight for each feature."""
    name = f"{archive.parent.name}/{archive.name}"
    try:
        members = _read_zip(_read_tar(_unpack(archive)))
        _check_regressor(members[_ADDITIONAL])
        return _linear_model(members[_PARAMETERS], features)
    except JobError as error:
        raise JobError(f"{name}: {error}") from error


def _unpack(archive: Path) -> bytes:
    if not archive.is_file():
        raise JobError("missing; give the artefact of the training job")
    try:
        with gzip.open(archive) as file:
            content = file.read(_MAXIMUM_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise JobError("damaged, no whole gzip file; copy it again or train the model again") from error
    if len(content) > _MAXIMUM_BYTES:
        raise JobError(f"unpacks to more than {_MAXIMUM_BYTES >> 20} MB; {_FOREIGN}")
    return content


def _read_tar(content: bytes) -> bytes:
    """Return the model file in a tar archive."""
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            members = [_checked(member, len(content)) for member in archive]
            member = members[_find(_MODEL, [member.name for member in members])]
            stream = archive.extractfile(member) if member.isreg() else None
            if stream is None:
                raise JobError(f"member {_MODEL} is no file; {_FOREIGN}")
            return stream.read()
    except _TAR_FAULTS as error:
        raise JobError(f"no tar archive inside; {_FOREIGN}") from error


def _checked(member: tarfile.TarInfo, limit: int) -> tarfile.TarInfo:
    """Return *member*; raise `JobError` for a size that sends a reader astray before it reads on."""
    if not 0 <= member.size <= limit:
        raise JobError(f"a member claims {member.size} of {limit} bytes; {_FOREIGN}")
    return member


def _read_zip(content: bytes) -> dict[str, bytes]:
    """Return the members of the model file that evaluation needs."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = [member.filename for member in members]
            return {
                wanted: _read_member(archive, members[_find(wanted, names)]) for wanted in (_PARAMETERS, _ADDITIONAL)
            }
    except _ZIP_FAULTS as error:
        raise JobError(f"member {_MODEL} is no whole ZIP file; {_FOREIGN}") from error


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or member.file_size > _MAXIMUM_BYTES:
        raise JobError(f"member {member.filename} is packed in a way that is not read here; {_FOREIGN}")
    with archive.open(member) as stream:
        return stream.read(member.file_size)  # a read without a limit would unpack more than the member claims


def _find(wanted: str, names: list[str]) -> int:
    """Return the index of *wanted* in *names*, once there; raise `JobError` if any leads out of its folder."""
    for name in names:
        path = PureWindowsPath(name)  # which knows the separators of every system
        if path.anchor or ".." in path.parts:
            raise JobError(f"member {name[:80]!r} leads out of its folder; {_FOREIGN}")
    found = [index for index, name in enumerate(names) if str(PurePosixPath(name)) == wanted]
    if len(found) != 1:
        raise JobError(f"member {wanted} is there {len(found)} times, not once; {_FOREIGN}")
    return found[0]


def _check_regressor(content: bytes) -> None:
    try:
        kind = json.loads(content)["predictor_type"]
    except (KeyError, RecursionError, TypeError, ValueError) as error:
        raise JobError(f"member {_ADDITIONAL} names no predictor_type; {_FOREIGN}") from error
    if kind != "regressor":
        raise JobError(f"predictor_type is {str(kind)[:40]!r}; train with predictor_type regressor")


def _linear_model(parameters: bytes, features: int) -> LinearModel:
    try:
        arrays = read_arrays(parameters)
    except JobError as error:
        raise JobError(f"{error}; {_FOREIGN}") from error
    shapes = {name: array.shape for name, array in arrays.items()}
    weights = shapes.get("arg:fc0_weight", ())
    if len(weights) != 2 or shapes != {"arg:fc0_weight": (weights[0], 1), "arg:fc0_bias": (1, 1)}:
        raise JobError(f"its parameters are {str(shapes)[:120]}; {_FOREIGN}")
    if weights[0] != features:
        raise JobError(f"{weights[0]} weights for {features} features; take model and feature model of one execution")
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise JobError("a weight is not a finite number; train again with a lower learning rate")
    return LinearModel(arrays["arg:fc0_weight"][:, 0].astype(np.float64), float(arrays["arg:fc0_bias"][0, 0]))
