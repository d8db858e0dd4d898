"""Servers on which the schedule of dev starts the pipeline each minute.

The minute passes while other modules run: whoever asks for one of these fixtures makes the servers begin with it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from settings import find_stage
from tests.end_to_end.commands import copy_project, replace
from tests.end_to_end.local_aws.aws import LocalAws, running, succeeded

WEEKLY = 'Schedule(expression="cron(0 5 ? * MON *)", period_hours=168, enabled=False)'
EACH_MINUTE = 'Schedule(expression="rate(1 minute)", period_hours=1, enabled=True)'


@pytest.fixture(scope="session")
def scheduled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A server with both stacks of dev, whose schedule is enabled and starts the pipeline each minute."""
    with running(tmp_path_factory.mktemp("scheduled"), find_stage("dev")) as server:
        project = copy_project(server.folder / "project")
        replace(project / "settings.py", WEEKLY, EACH_MINUTE)
        assembly = server.synthesize("assembly", project=project, validation=False)  # only the schedule is another
        server.bootstrap(assembly)
        succeeded(server.deploy(assembly))
        yield server


@pytest.fixture(scope="session")
def powerless(scheduled: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A server like `scheduled`, on which the rule's role has lost the right to start the pipeline."""
    with running(tmp_path_factory.mktemp("powerless"), find_stage("dev")) as server:
        assembly: Path = scheduled.folder / "assembly"
        server.bootstrap(assembly)
        succeeded(server.deploy(assembly))
        role = role_of_schedule(server)
        server.client("iam").delete_role_policy(RoleName=role, PolicyName="Start")
        yield server


def role_of_schedule(aws: LocalAws) -> str:
    """Return the name of the role in which the schedule starts the pipeline."""
    rules = aws.client("events").list_rules(NamePrefix=f"{aws.stage.pipeline_stack}-ScheduledStart")["Rules"]
    (target,) = aws.client("events").list_targets_by_rule(Rule=rules[0]["Name"])["Targets"]
    return str(target["RoleArn"].rpartition("/")[2])
