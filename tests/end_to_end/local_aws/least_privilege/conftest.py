"""The stage that was deployed, and what happens on it: once for all modules here."""

from pathlib import Path

import pytest

from tests.end_to_end.local_aws.aws import LocalAws
from tests.end_to_end.local_aws.least_privilege.application import deployed_application
from tests.security.deployment import Application


@pytest.fixture(scope="package")
def application(deployed: LocalAws, assembly: Path) -> Application:
    """What was deployed."""
    return deployed_application(deployed, assembly)
