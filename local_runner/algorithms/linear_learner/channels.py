"""Reads a training job's channels: CSV without a header, the label first, every value a number."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv

from local_runner.algorithms.linear_learner import CustomerError
from local_runner.algorithms.linear_learner.regressor import Data

_NOT_NUMERIC = re.compile(r"In CSV column #(\d+): CSV conversion error")
_CHUNK_BYTES = 1 << 20


def read_channels(root: Path) -> dict[str, Data]:
    """Return the data of each channel that inputdataconfig.json below *root* (`/opt/ml` of a host) declares."""
    config = json.loads((root / "input/config/inputdataconfig.json").read_text(encoding="utf-8"))
    for name, channel in config.items():
        if name not in ("train", "validation", "test"):
            raise CustomerError(f"channel {name} is unknown: use train, validation and test")
        if channel.get("ContentType") != "text/csv":
            raise CustomerError(f"channel {name} has content type {channel.get('ContentType')}: set text/csv")
    if "train" not in config:
        raise CustomerError("channel train is missing: add it")
    channels = {name: read_channel(root, name) for name in config}
    widths = {name: data.features.shape[1] for name, data in channels.items()}
    if len(set(widths.values())) > 1:
        raise CustomerError(f"channels have different numbers of features ({widths}): make them from the same columns")
    return channels


def read_channel(root: Path, name: str) -> Data:
    """Return the data of the channel *name* of the host whose `/opt/ml` is *root*."""
    folder = root / "input/data" / name
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    if not files:
        raise CustomerError(f"channel {name} is empty: give it at least one row")
    try:
        return _read_files(name, files)
    except pa.ArrowInvalid as error:
        # Its text may quote a row.
        if found := _NOT_NUMERIC.match(str(error)):
            number = int(found[1]) + 1
            raise CustomerError(
                f"column {number} of channel {name} is not numeric: leave out the header and all text"
            ) from error
        raise CustomerError(
            f"channel {name} is no CSV whose rows have one number of columns: write it again"
        ) from error


def _read_files(name: str, files: Sequence[Path]) -> Data:
    """Read *files* a piece at a time, so that there is no copy of all their rows but the one that is returned."""
    widths = [len(_open(path).schema) for path in files]
    if len(set(widths)) > 1:
        raise CustomerError(f"files of channel {name} have {min(widths)} to {max(widths)} columns: write them alike")
    if widths[0] < 2:
        raise CustomerError(f"channel {name} has {widths[0]} column: put the label first, then the features")
    rows = np.empty((sum(map(_count_lines, files)), widths[0]), np.float32)
    read = 0
    for path in files:
        for batch in _open(path, dict.fromkeys((f"f{index}" for index in range(widths[0])), pa.float32())):
            piece = rows[read : read + batch.num_rows]
            for number, column in enumerate(batch.columns):
                piece[:, number - 1] = column.to_numpy(zero_copy_only=False)  # and so the label is the last
            _check(name, piece)
            read += batch.num_rows
    return Data(rows[:read])


def _open(path: Path, types: Mapping[str, pa.DataType] = MappingProxyType({})) -> pacsv.CSVStreamingReader:
    return pacsv.open_csv(
        path,
        pacsv.ReadOptions(autogenerate_column_names=True),
        convert_options=pacsv.ConvertOptions(column_types=dict(types)),
    )


def _count_lines(path: Path) -> int:
    """Return at least how many lines the file *path* has."""
    lines = 1
    with pa.input_stream(path) as file:
        while chunk := file.read(_CHUNK_BYTES):
            lines += chunk.count(b"\n") + chunk.count(b"\r")
    return lines


def _check(name: str, rows: npt.NDArray[np.float32]) -> None:
    if np.isfinite(rows).all():
        return
    for number, values in enumerate(np.roll(rows, 1, axis=1).T, start=1):
        if np.isnan(values).any():
            raise CustomerError(f"column {number} of channel {name} has a missing value: fill it")
        if np.isinf(values).any():
            raise CustomerError(f"column {number} of channel {name} has a value that no 32-bit float holds: scale it")
