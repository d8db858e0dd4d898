"""What a synthesis refuses is shown in a line or two, without a traceback."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import pytest

import pipeline_definition
import settings
import stacks
import synthesis
from artefacts.definition import checker
from pipeline_definition.offline_session import offline
from synthesis import build, command


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


@pytest.mark.parametrize(
    ("package", "refusals"),
    [
        (settings, command.REFUSALS),
        (stacks, command.REFUSALS),
        (synthesis, command.REFUSALS),
        (pipeline_definition, build.REFUSALS),
        (checker, build.REFUSALS),
    ],
    ids=["settings", "stacks", "synthesis", "pipeline_definition", "checker"],
)
def test_errors_that_a_synthesis_may_raise_are_refusals(
    package: ModuleType, refusals: tuple[type[Exception], ...]
) -> None:
    found = list(errors(package))
    assert found
    assert [each for each in found if not issubclass(each, refusals)] == []
