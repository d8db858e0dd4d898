"""Writes model.tar.gz as Linear Learner does, layer by layer, so that each layer can be spoilt by itself."""

import gzip
import io
import json
import struct
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

LIST_MAGIC = 0x112
ARRAY_MAGIC = 0xF993FAC9


def write_artefact(folder: Path, weights: npt.ArrayLike, bias: float) -> Path:
    """Write a whole artefact into *folder*; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.tar.gz"
    path.write_bytes(gzip.compress(tar({"model_algo-1": model_file(weights, bias)}.items()), mtime=0))
    return path


def tar(members: Iterable[tuple[str, bytes]], **attributes: Any) -> bytes:
    """Pack *members*; *attributes* are set on each one's header."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            for attribute, value in attributes.items():
                setattr(member, attribute, value)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def model_file(weights: npt.ArrayLike, bias: float) -> bytes:
    """Return the content of `model_algo-1`."""
    return packed(members(weights, bias))


def members(weights: npt.ArrayLike, bias: float) -> dict[str, bytes]:
    """Return what `model_algo-1` packs."""
    column = np.asarray(weights, "<f4").reshape(-1, 1)
    return {
        "additional-params.json": json.dumps({"predictor_type": "regressor", "loss_type": "squared_loss"}).encode(),
        "manifest.json": b"{}",
        "mx-mod-symbol.json": b"{}",
        "mx-mod-0000.params": parameters({"arg:fc0_weight": column, "arg:fc0_bias": np.array([[bias]], "<f4")}),
    }


def packed(content: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """Return a ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, each in content.items():
            archive.writestr(zipfile.ZipInfo(name), each, compression)
    return out.getvalue()


def parameters(arrays: Mapping[str, npt.NDArray[Any]], *, magic: int = LIST_MAGIC) -> bytes:
    """Return an MXNet list of named arrays."""
    content = struct.pack("<QQQ", magic, 0, len(arrays)) + b"".join(array(each) for each in arrays.values())
    content += struct.pack("<Q", len(arrays))
    return content + b"".join(struct.pack("<Q", len(name)) + name.encode() for name in arrays)


def array(
    values: npt.NDArray[Any], *, magic: int = ARRAY_MAGIC, storage: int = 0, kind: int = 0, shape: Any = None
) -> bytes:
    """Return one array, by default as it is, or with a header that tells something else."""
    shape = values.shape if shape is None else shape
    header = struct.pack("<IiI", magic, storage, len(shape)) + struct.pack(f"<{len(shape)}q", *shape)
    return header + struct.pack("<iii", 1, 0, kind) + values.tobytes()
