"""What a reviewer reads of each kind of change: tests/golden/pipeline_diff has a comment of each."""

import pytest

from operations.pipeline_diff.change import Diff
from operations.pipeline_diff.render import markdown
from tests.conftest import Golden
from tests.golden_files import FOLDER, Reviewed
from tests.operations.pipeline_diff.pairs import CHANGES, UNCHANGED

NAMES = [*CHANGES, "definition_alone", "definition_with_stacks"]


@pytest.mark.parametrize("name", NAMES)
def test_comment_is_the_reviewed_one(name: str, golden: Golden, diffs: dict[str, Diff]) -> None:
    text = markdown.render(diffs[name])
    assert name not in UNCHANGED or text.startswith("### Pipeline diff: no change\n")
    golden.check(Reviewed(f"pipeline_diff/{name}.md", text))


def test_every_reviewed_comment_is_of_a_pair_that_is_tried() -> None:
    assert sorted(file.stem for file in (FOLDER / "pipeline_diff").iterdir()) == sorted(NAMES)
