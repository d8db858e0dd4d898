"""An independent reader of Linear Learner's model file, written from MXNet's format and not from our writer.

It follows `mx.nd.load`: a list magic, arrays in the second dense version of the format, then their names.
"""

import io
import json
import struct
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Model:
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    symbol: dict[str, Any]
    additional: dict[str, Any]

    def predict(self, features: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        scores: npt.NDArray[np.float64] = (features.astype(np.float64) @ self.weights + self.bias)[:, 0]
        return scores


def read_model(archive: Path) -> Model:
    """Read a model.tar.gz."""
    with tarfile.open(archive, "r:gz") as tar:
        (member,) = tar.getmembers()
        assert member.name == "model_algo-1"
        content = tar.extractfile(member)
        assert content is not None
        packed = zipfile.ZipFile(io.BytesIO(content.read()))
    assert {info.compress_type for info in packed.infolist()} == {zipfile.ZIP_STORED}
    arrays = load_arrays(packed.read("mx-mod-0000.params"))
    return Model(
        arrays["arg:fc0_weight"],
        arrays["arg:fc0_bias"],
        json.loads(packed.read("mx-mod-symbol.json")),
        json.loads(packed.read("additional-params.json")),
    )


def load_arrays(content: bytes) -> dict[str, npt.NDArray[np.float32]]:
    stream = io.BytesIO(content)

    def take(form: str) -> Any:
        values = struct.unpack(f"<{form}", stream.read(struct.calcsize(f"<{form}")))
        return values[0] if len(values) == 1 else values

    assert take("Q") == 0x112, "kMXAPINDArrayListMagic"
    assert take("Q") == 0, "reserved"
    arrays = []
    for _ in range(take("Q")):
        assert take("I") == 0xF993FAC9, "NDARRAY_V2_MAGIC"
        assert take("i") == 0, "kDefaultStorage"
        shape = [take("q") for _ in range(take("I"))]
        assert take("ii") == (1, 0), "cpu(0)"
        assert take("i") == 0, "float32"
        count = int(np.prod(shape))
        arrays.append(np.frombuffer(stream.read(4 * count), "<f4").reshape(shape))
    names = [stream.read(take("Q")).decode() for _ in range(take("Q"))]
    assert not stream.read(), "nothing follows"
    return dict(zip(names, arrays, strict=True))
