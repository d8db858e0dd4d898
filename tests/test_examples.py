"""Examples in docstrings give what they say."""

import doctest
import importlib

import pytest

WITH_EXAMPLES = (
    "artefacts.assembly.intrinsics",
    "artefacts.definition.checker.check",
    "artefacts.definition.references",
    "artefacts.iam.evaluator",
    "benchmarks.spark",
    "benchmarks.targets",
    "functions.find_traffic",
    "operations.pipeline_diff.compare.differences",
    "operations.pipeline_diff.compare.matching",
    "operations.pipeline_diff.judge.globs",
    "operations.pipeline_diff.read.placeholders",
    "operations.prices",
    "pipeline_definition.placeholders",
    "settings.checks.cron",
)


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_examples_give_what_they_say(module: str) -> None:
    found = doctest.testmod(importlib.import_module(module))
    assert found.attempted
    assert not found.failed
