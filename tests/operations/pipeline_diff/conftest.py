"""What the tests of the diff share."""

import pytest

from operations.pipeline_diff.change import Diff
from operations.pipeline_diff.diff import compare_sides
from operations.pipeline_diff.read import Side
from tests.operations.pipeline_diff.pairs import pairs


@pytest.fixture(scope="session")
def sides(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Side, Side]]:
    """Each pair of sides by its name."""
    return pairs(tmp_path_factory.mktemp("sides"))


@pytest.fixture(scope="session")
def diffs(sides: dict[str, tuple[Side, Side]]) -> dict[str, Diff]:
    """The diff of each pair."""
    return {name: compare_sides(*pair) for name, pair in sides.items()}
