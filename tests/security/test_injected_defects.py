"""Whatever single thing is broken in what is deployed, a check of this project finds it."""

import copy

import pytest

from tests.security.catchers import STAGE, Catch
from tests.security.injected_defects import TABLE
from tests.stacks.synthesis import Synthesis, synthesize


@pytest.fixture(scope="module")
def deployed(definitions: dict[str, str]) -> Synthesis:
    return synthesize(STAGE, definitions[STAGE])


@pytest.fixture
def spoilt(deployed: Synthesis) -> Synthesis:
    return copy.deepcopy(deployed)


@pytest.mark.parametrize("defect", TABLE)
def test_single_defect_is_caught(spoilt: Synthesis, defect: str) -> None:
    row = TABLE[defect]
    row.spoil(spoilt)
    with pytest.raises((AssertionError, ValueError, KeyError)):
        row.catch(spoilt)


@pytest.mark.parametrize(
    "catch", {row.catch.__name__: row.catch for row in TABLE.values()}.values(), ids=lambda c: c.__name__
)
def test_deployed_templates_pass_the_checks_that_catch_defects(deployed: Synthesis, catch: Catch) -> None:
    catch(deployed)


def test_injected_defects_are_many() -> None:
    assert len(TABLE) >= 30
