"""The stage that was deployed, and what happens on it: once for all modules here."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from artefacts.iam.policies import Policies
from tests.end_to_end.local_aws.aws import LocalAws
from tests.end_to_end.local_aws.least_privilege import starts, whole_run
from tests.end_to_end.local_aws.least_privilege.application import deployed_application
from tests.end_to_end.local_aws.least_privilege.holder import Holder, holder
from tests.end_to_end.local_aws.least_privilege.starts import Delivered, Undelivered
from tests.end_to_end.local_aws.least_privilege.whole_run import WholeRun
from tests.security.deployed_stage import DeployedStage
from tests.security.world import World


@pytest.fixture(scope="package")
def application(deployed: LocalAws, assembly: Path) -> DeployedStage:
    """What was deployed."""
    return deployed_application(deployed, assembly)


@pytest.fixture(scope="package")
def world(application: DeployedStage) -> World:
    """The account that it was deployed in."""
    return World((application,))


@pytest.fixture(scope="package")
def approver(deployed: LocalAws, application: DeployedStage) -> Iterator[Holder]:
    """Somebody who has the approvers' policy and nothing else."""
    with holder(deployed, application.output("ApproversPolicyArn")) as person:
        yield person


@pytest.fixture(scope="package")
def policies(world: World, application: DeployedStage, approver: Holder) -> Policies:
    """What was deployed; the approver may do what the policy says."""
    identities = world.policies.identities
    held = identities[application.output("ApproversPolicyArn")]
    return dataclasses.replace(world.policies, identities={**identities, approver.arn: held})


@pytest.fixture(scope="package")
def run(deployed: LocalAws, approver: Holder) -> WholeRun:
    """The whole run; it leaves no champion behind."""
    return whole_run.run(deployed, approver)


@pytest.fixture(scope="package")
def delivered(deployed: LocalAws, application: DeployedStage) -> Delivered:
    """Starts by rules."""
    return starts.deliver(deployed, application)


@pytest.fixture(scope="package")
def undelivered(deployed: LocalAws, application: DeployedStage) -> Undelivered:
    """Starts that the rules' roles may not make."""
    return starts.fail_to_deliver(deployed, application)
