"""The stacks of each stage, synthesized in this process."""

import dataclasses

import pytest

from settings import STAGES, Autoscaling, Deployment
from tests.stacks.synthesis import Synthesis, synthesize

DEPLOYING = dataclasses.replace(STAGES["prod"], deployment=Deployment(autoscaling=Autoscaling(), capture_percent=10))
"""prod with an endpoint, and every option of it."""


@pytest.fixture(scope="session")
def deploying(definitions: dict[str, str]) -> Synthesis:
    """What is deployed for `DEPLOYING`; its definition is that of prod."""
    return synthesize(DEPLOYING, definitions["prod"])


@pytest.fixture(scope="session")
def stages(definitions: dict[str, str], scoring_definitions: dict[str, str]) -> dict[str, Synthesis]:
    return {name: synthesize(name, definitions[name], scoring_definitions[name]) for name in STAGES}
