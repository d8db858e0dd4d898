"""Positions are counted the same with numpy 2, of the scikit-learn image, and numpy 1, of the Spark image."""

import numpy as np
import pytest

from processing.records.bitmap import Bitmap


@pytest.mark.parametrize("version", [1, 2])
def test_positions_are_counted_with_either_numpy(monkeypatch: pytest.MonkeyPatch, version: int) -> None:
    if version == 1:
        monkeypatch.delattr(np, "bitwise_count", raising=False)
    text = np.frombuffer(b'"a""b"' * 50, np.uint8)
    asked = np.array([0, 1, 3, 63, 64, 65, 200, 299], np.int64)
    expected = [int(np.count_nonzero(text[:position] == ord('"'))) for position in asked]
    assert Bitmap.find(text, ord('"')).count_below(asked).tolist() == expected
