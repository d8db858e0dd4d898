"""Reads a side of a comparison: a git revision, a cloud assembly, a template or a pipeline definition."""

from operations.pipeline_diff.read.errors import UnreadableSideError
from operations.pipeline_diff.read.side import Side, WrittenPipeline
from operations.pipeline_diff.read.sources import read_side

__all__ = ["Side", "UnreadableSideError", "WrittenPipeline", "read_side"]
