"""The stacks of each stage, synthesized in this process."""

import dataclasses

import pytest

from pipeline_definition import build_definition, build_monitoring_definition, build_scoring_definition
from settings import STAGES, Autoscaling, Deployment, Monitoring
from settings.monitoring import DAILY
from tests.stacks.synthesis import Synthesis, synthesize

DEPLOYING = dataclasses.replace(
    STAGES["prod"],
    deployment=Deployment(autoscaling=Autoscaling(), capture_percent=10),
    monitoring=Monitoring(schedule=dataclasses.replace(DAILY, enabled=True), retrain=True),
)
"""prod with an endpoint that is watched, and every option of both."""


@pytest.fixture(scope="session")
def deploying_definitions() -> tuple[str, str, str]:
    """The definitions of `DEPLOYING`: of what trains, what scores and what watches."""
    return build_definition(DEPLOYING), build_scoring_definition(DEPLOYING), build_monitoring_definition(DEPLOYING)


@pytest.fixture(scope="session")
def deploying(deploying_definitions: tuple[str, str, str]) -> Synthesis:
    """What is deployed for `DEPLOYING`."""
    return synthesize(DEPLOYING, *deploying_definitions)


@pytest.fixture(scope="session")
def stages(definitions: dict[str, str], scoring_definitions: dict[str, str]) -> dict[str, Synthesis]:
    return {name: synthesize(name, definitions[name], scoring_definitions[name]) for name in STAGES}
