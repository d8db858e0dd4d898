"""The stacks of each stage, synthesized in this process."""

import pytest

from settings import STAGES
from tests.stacks.synthesis import Synthesis, synthesize


@pytest.fixture(scope="session")
def stages(definitions: dict[str, str], scoring_definitions: dict[str, str]) -> dict[str, Synthesis]:
    return {name: synthesize(name, definitions[name], scoring_definitions[name]) for name in STAGES}
