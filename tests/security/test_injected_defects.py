"""Whatever single thing is broken in what is deployed, a check of this project finds it."""

import copy

import pytest

from settings import find_stage
from tests.security.injected_defects import TABLE, Spoil
from tests.stacks.checks import CHECKS, Check
from tests.stacks.synthesis import Synthesis, synthesize

STAGE = find_stage("prod")


@pytest.fixture(scope="module")
def deployed(definitions: dict[str, str]) -> Synthesis:
    return synthesize(STAGE, definitions[STAGE.name])


@pytest.mark.parametrize(
    ("check", "spoil"),
    [pytest.param(check, spoil, id=name) for check, defects in TABLE.items() for name, spoil in defects.items()],
)
def test_single_defect_is_caught(deployed: Synthesis, check: Check, spoil: Spoil) -> None:
    spoilt = copy.deepcopy(deployed)
    spoil(spoilt)
    with pytest.raises((AssertionError, ValueError, KeyError)):
        check(spoilt, STAGE)


@pytest.mark.parametrize("check", TABLE, ids=lambda check: check.__name__)
def test_deployed_templates_pass_the_checks_that_catch_defects(deployed: Synthesis, check: Check) -> None:
    check(deployed, STAGE)


def test_every_check_of_the_stacks_catches_a_defect() -> None:
    assert set(CHECKS) <= TABLE.keys()
