"""One server with the stacks of dev, for the modules here that stay in one process of pytest's.

No module needs another to have run: each finds both stacks as `assembly` has them, and leaves them so. What cannot be
left so, such as stacks that are destroyed, is on a server of its own.
"""

import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings import Deployment, find_stage
from tests.end_to_end.commands import ROOT
from tests.end_to_end.local_aws.aws import LocalAws, running
from tests.end_to_end.local_aws.variant import VARIANT
from tests.scheduling import group


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let the tests of this folder reach the server; pytest asks this of no other folder's."""
    item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A server for dev, which asks for an endpoint, too, and to keep what it answers."""
    stage = dataclasses.replace(find_stage("dev"), deployment=Deployment(capture_percent=100))
    with running(tmp_path_factory.mktemp("aws"), stage) as server:
        yield server


@pytest.fixture(scope="session")
def assembly(aws: LocalAws) -> Path:
    """The assembly of dev."""
    return aws.synthesize()


@pytest.fixture(scope="session")
def deployed(aws: LocalAws, assembly: Path) -> LocalAws:
    """The server with both stacks of dev."""
    aws.set_up(assembly)
    return aws


@pytest.fixture(scope="session")
def counting(deployed: LocalAws) -> LocalAws:
    """The server with both stacks, whose schedule can start at once a minute later, when it is turned to each minute.

    MiniStack counts from a rule's creation, which CloudFormation does not note there: the first PutRule does.
    """
    events = deployed.client("events")
    (rule,) = events.list_rules(NamePrefix=f"{deployed.stage.pipeline_stack}-ScheduledStart")["Rules"]
    events.put_rule(**{member: rule[member] for member in ("Name", "ScheduleExpression", "State")})
    return deployed


@pytest.fixture(scope="session")
def scheduled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A server with the variant of dev: its schedule starts the pipeline each minute, which searches."""
    with running(tmp_path_factory.mktemp("scheduled"), VARIANT) as server:
        server.set_up(server.synthesize())
        yield server


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator["subprocess.Popen[str]"]:
    """What `make aws-demo` runs, on a server of its own."""
    command = [sys.executable, "-m", "local_aws.demo", "--folder", str(tmp_path_factory.mktemp("demo"))]
    environment = {**os.environ, "PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        yield process


@pytest.fixture(scope="module", autouse=True)
def _let_a_minute_pass(request: pytest.FixtureRequest) -> None:
    """Start what has to wait for the clock before everything else, if any test of this process wants it."""
    own = group(request.node.nodeid)
    ours = (item for item in request.session.items if group(item.nodeid) == own)
    wanted = {name for item in ours for name in getattr(item, "fixturenames", ())}
    for fixture in ("demo", "counting", "scheduled"):
        if fixture in wanted:
            request.getfixturevalue(fixture)
