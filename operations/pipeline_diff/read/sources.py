"""Tells what kind of side was given."""

from pathlib import Path

from operations.pipeline_diff.read.files import read_file, read_folder
from operations.pipeline_diff.read.revision import Checkout
from operations.pipeline_diff.read.side import Side

WORKING_TREE = "."


def read_side(given: str, checkout: Checkout, stage: str) -> Side:
    """Read *given*: a file, an assembly's folder, `.` or nothing for the working tree, or else a git revision.

    Raises `UnreadableSideError`.
    """
    path = Path(given)
    if given in ("", WORKING_TREE) or path.resolve() == checkout.root.resolve():
        return read_folder(checkout.synthesize_working_tree(stage), "working tree")
    if path.is_file():
        return read_file(path, given)
    if path.is_dir():
        return read_folder(path, given)
    return read_folder(checkout.synthesize_revision(given, stage), given)
