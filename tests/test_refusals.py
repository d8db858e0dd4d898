"""What a synthesis refuses is shown in a line or two, without a traceback."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import pytest

import app
import pipeline_definition
import settings
import stacks
from artefacts.definition import checker
from pipeline_definition.offline_session import offline


def errors(package: ModuleType) -> Iterator[type[Exception]]:
    """Yield the errors that the modules of *package* define."""
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        with offline("eu-west-1"):  # the SageMaker SDK is not imported otherwise
            module = importlib.import_module(found.name)
        yield from (
            each
            for _, each in inspect.getmembers(module, inspect.isclass)
            if issubclass(each, Exception) and each.__module__ == found.name
        )


@pytest.mark.parametrize("package", [settings, stacks, pipeline_definition, checker], ids=lambda each: each.__name__)
def test_errors_that_a_synthesis_may_raise_are_refusals(package: ModuleType) -> None:
    found = list(errors(package))
    assert found
    assert [each for each in found if not issubclass(each, app.REFUSALS)] == []
