"""Reads a training job's channels: CSV without a header, the label first, every value a number."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from local_runner.algorithms.linear_learner import CustomerError
from local_runner.algorithms.linear_learner.regressor import Data


def read_channels(root: Path) -> dict[str, Data]:
    """Return the data of each channel that inputdataconfig.json below *root* (`/opt/ml`) declares."""
    config = json.loads((root / "input/config/inputdataconfig.json").read_text(encoding="utf-8"))
    for name, channel in config.items():
        if name not in ("train", "validation", "test"):
            raise CustomerError(f"channel {name} is unknown: use train, validation and test")
        if channel.get("ContentType") != "text/csv":
            raise CustomerError(f"channel {name} has content type {channel.get('ContentType')}: set text/csv")
    if "train" not in config:
        raise CustomerError("channel train is missing: add it")
    channels = {name: _read(name, root / "input/data" / name) for name in config}
    widths = {name: data.features.shape[1] for name, data in channels.items()}
    if len(set(widths.values())) > 1:
        raise CustomerError(f"channels have different numbers of features ({widths}): make them from the same columns")
    return channels


def _read(name: str, folder: Path) -> Data:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    if not files:
        raise CustomerError(f"channel {name} is empty: give it at least one row")
    try:
        tables = [pacsv.read_csv(path, pacsv.ReadOptions(autogenerate_column_names=True)) for path in files]
        table = pa.concat_tables(tables, promote_options="none" if len(tables) == 1 else "permissive")
    except pa.ArrowInvalid as error:
        raise CustomerError(f"channel {name} is no CSV ({str(error).splitlines()[0]}): write it again") from error
    columns = []
    for number, column in enumerate(table.columns, start=1):
        if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
            raise CustomerError(f"column {number} of channel {name} is not numeric: leave out the header and all text")
        with np.errstate(over="ignore"):
            values = column.to_numpy().astype(np.float32)
        if np.isnan(values).any():
            raise CustomerError(f"column {number} of channel {name} has a missing value: fill it")
        if np.isinf(values).any():
            raise CustomerError(f"column {number} of channel {name} has a value that no 32-bit float holds: scale it")
        columns.append(values)
    if len(columns) < 2:
        raise CustomerError(f"channel {name} has {len(columns)} column: put the label first, then the features")
    return Data(np.column_stack(columns[1:]), columns[0])
