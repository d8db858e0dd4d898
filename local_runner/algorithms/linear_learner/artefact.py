"""Writes the model file of Linear Learner: a stored ZIP of an MXNet graph, its parameters and two JSON files.

Source: three artefacts of managed jobs, read byte by byte; the parameters' layout is `NDArray::Save` of Apache MXNet.
"""

import io
import json
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from local_runner.algorithms.linear_learner.hyperparameters import Hyperparameters

Array = npt.NDArray[np.float32]

MODEL_FILE = "model_algo-1"

_LIST_MAGIC = 0x112
_ARRAY_MAGIC = 0xF993FAC9
_DENSE, _CPU, _DEVICE_0, _FLOAT32 = 0, 1, 0, 0
_MXNET_VERSION = 10301


def write_model(folder: Path, coef: Array, intercept: np.float32, hyperparameters: Hyperparameters) -> None:
    """Write the model into *folder*: *coef* has one weight per feature, in the units of the raw data."""
    additional = {
        "threshold": None,
        "loss_type": hyperparameters.loss,
        "predictor_type": hyperparameters.predictor_type,
    }
    arrays = {
        "arg:fc0_weight": coef.reshape(-1, 1),
        "arg:fc0_bias": np.array([[intercept]], np.float32),
    }
    members = {
        "additional-params.json": _json(additional),
        "manifest.json": _json({"model": ["mx-mod-symbol.json", "mx-mod-0000.params", "additional-params.json"]}),
        "mx-mod-symbol.json": _json(_graph(len(coef), hyperparameters.bias_lr_mult)),
        "mx-mod-0000.params": _parameters(arrays),
    }
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / MODEL_FILE, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document).encode()


def _parameters(arrays: Mapping[str, Array]) -> bytes:
    out = io.BytesIO()
    out.write(struct.pack("<QQQ", _LIST_MAGIC, 0, len(arrays)))
    for array in arrays.values():
        out.write(struct.pack("<IiI", _ARRAY_MAGIC, _DENSE, array.ndim))
        out.write(struct.pack(f"<{array.ndim}q", *array.shape))
        out.write(struct.pack("<iii", _CPU, _DEVICE_0, _FLOAT32))
        out.write(np.ascontiguousarray(array, "<f4").tobytes())
    out.write(struct.pack("<Q", len(arrays)))
    for name in arrays:
        out.write(struct.pack("<Q", len(name)) + name.encode())
    return out.getvalue()


def _graph(features: int, bias_lr_mult: float) -> dict[str, Any]:
    """Return the MXNet symbol: data . weight + bias, then a regression output. There is no scaling in it."""
    nodes = [
        {"op": "null", "name": "data", "inputs": []},
        {"op": "null", "name": "fc0_weight", "attrs": {"__shape__": f"({features}, 1)"}, "inputs": []},
        {"op": "dot", "name": "dot0", "inputs": [[0, 0, 0], [1, 0, 0]]},
        {
            "op": "null",
            "name": "fc0_bias",
            "attrs": {"__lr_mult__": str(bias_lr_mult), "__shape__": "(1, 1)"},
            "inputs": [],
        },
        {"op": "broadcast_add", "name": "broadcast_add0", "inputs": [[2, 0, 0], [3, 0, 0]]},
        {"op": "null", "name": "out_label", "inputs": []},
        {"op": "LinearRegressionOutput", "name": "out", "inputs": [[4, 0, 0], [5, 0, 0]]},
    ]
    return {
        "nodes": nodes,
        "arg_nodes": [0, 1, 3, 5],
        "node_row_ptr": list(range(len(nodes) + 1)),
        "heads": [[6, 0, 0]],
        "attrs": {"mxnet_version": ["int", _MXNET_VERSION]},
    }
