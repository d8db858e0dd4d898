"""Packs the serving artefact, and has that very file answer a request before anybody is asked to approve the model."""

import gzip
import io
import json
import math
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import pyarrow as pa

from processing.contract import data_contract
from processing.evaluation.model import Model
from processing.features import feature_model
from processing.features.feature_model import FeatureModel
from processing.features.features import feature_names
from processing.features.transform import features_of
from processing.job import JobError
from processing.records.columns import INPUTS, UNKNOWN, Column, Kind
from processing.serving_files import ARCHIVE, CODE, SAMPLE, SAMPLE_ARCHIVE, SMOKE_TEST, WEIGHTS

_PACKAGES = ("inference", "processing")
_NOT_SERVED = tuple(f"processing/{each}" for each in ("engines", "evaluation", "jobs", "monitoring", "proposal"))
"""What `inference` must not import; import-linter knows them, too."""

_CONTENT_TYPE = "application/json"
_ADDRESS = "1 Example Street, Dublin"
_TOLERANCE = 1e-9
"""Relative: both sides compute with doubles."""


def write_serving(folder: Path, learnt: FeatureModel, model: Model, means: Sequence[float]) -> None:
    """Write the artefact and its sample into *folder*; raise `JobError` unless it answers the sample as *model* does.

    The same model, contract and code give the same bytes.
    """
    sample, typed = _make_sample(learnt)
    body = json.dumps(sample, ensure_ascii=False).encode()
    prediction = float(model.predict(column.to_numpy() for column in features_of(typed, learnt).columns)[0])
    members = {
        feature_model.FILE_NAME: learnt.to_json(feature_names(learnt)).encode(),
        data_contract.FILE_NAME: data_contract.read_text().encode(),
        WEIGHTS: _encode({**model.to_document(), "means": means}),
        **{f"{CODE}/{name}": content for package in _PACKAGES for name, content in _find_code(package)},
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ARCHIVE).write_bytes(_pack(members))
    (folder / SAMPLE_ARCHIVE).write_bytes(_pack({SAMPLE: body}))
    smoke_test = {"content_type": _CONTENT_TYPE, "body": body.decode(), "prediction": prediction}
    (folder / SMOKE_TEST).write_bytes(_encode(smoke_test))
    _check(folder / ARCHIVE, body, prediction)


def _encode(document: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)}\n".encode()


def _find_code(package: str) -> Iterator[tuple[str, bytes]]:
    """Yield the modules of *package* that serve, by their paths; from a folder as from the job's own archive."""

    def walk(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
        for each in folder.iterdir():
            name = f"{path}/{each.name}"
            if each.is_dir() and name not in _NOT_SERVED:
                yield from walk(each, name)
            elif each.name.endswith(".py"):
                yield name, each.read_bytes()

    yield from walk(resources.files(package), package)


def _pack(members: Mapping[str, bytes]) -> bytes:
    """Return a gzip-compressed tar archive of *members*, without times and owners."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        for name in sorted(members):
            info = tarfile.TarInfo(name)
            info.size = len(members[name])
            archive.addfile(info, io.BytesIO(members[name]))
    return gzip.compress(content.getvalue(), mtime=0)


def _make_sample(learnt: FeatureModel) -> tuple[dict[str, Any], pa.RecordBatch]:
    """Return a made-up record, a usual one and nobody's, as it is sent, and as it is to be read."""
    absent = data_contract.read_contract().format.absent
    usual = {column: _usual(column, learnt, absent) for column in INPUTS}
    typed = {column.name: pa.array([read], column.read.value) for column, (_, read) in usual.items()}
    sent = {column.source: value for column, (value, _) in usual.items() if value is not None}
    return sent, pa.RecordBatch.from_pydict(typed)


def _usual(column: Column, learnt: FeatureModel, absent: Collection[str]) -> tuple[Any, Any]:
    """Return a usual value of *column*, None where there is none, and how it is read."""
    match column.read:
        case Kind.NUMBER:
            median = None if column.source in absent else learnt.medians[column.name]
            return median, median
        case Kind.DATE:
            return learnt.reference_date.isoformat(), learnt.reference_date
        case Kind.ADDRESS_LENGTH:
            return (None, 0) if column.source in absent else ({"address": _ADDRESS}, len(_ADDRESS))
        case Kind.TEXT:
            department = learnt.departments[0]
            return (None, "") if department == UNKNOWN else (department, department)


def _check(archive: Path, body: bytes, expected: float) -> None:
    """Raise `JobError` unless the code in *archive* predicts what is *expected* for *body*."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as file:
            file.extractall(folder, filter="data")
        command = [sys.executable, "-m", "inference", folder]
        # Where it starts is where it finds its modules first, and not in this job's archive.
        run = subprocess.run(command, input=body, cwd=Path(folder) / CODE, capture_output=True, check=False)
    if run.returncode:
        raise JobError(f"{archive.name} does not answer ({_last_line(run.stderr)}): correct the code of inference")
    (answer,) = json.loads(run.stdout)["predictions"]
    predicted = answer.get("prediction", math.nan)
    if not math.isclose(predicted, expected, rel_tol=_TOLERANCE):
        found = f"{archive.name} predicts {predicted:.17g} where evaluation does {expected:.17g}"
        raise JobError(f"{found} ({answer.get('error')}): correct the code of inference")


def _last_line(output: bytes) -> str:
    return "".join(output.decode(errors="replace").splitlines()[-1:])[:200]
