"""A stand-in for AWS that runs, as the CDK CLI and other clients meet it."""

import functools
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_aws.clients import Credentials, connect
from local_aws.server_control import ACCOUNT
from settings import Stage
from tests.end_to_end.assemblies import with_settings
from tests.end_to_end.commands import ROOT, cdk


@dataclass(frozen=True)
class LocalAws:
    """A running server with one stage of the application, or none of it yet."""

    environment: dict[str, str]
    folder: Path
    stage: Stage

    @property
    def stacks(self) -> tuple[str, str]:
        """The stage's stacks, in the order of their deployment."""
        return self.stage.storage_stack, self.stage.pipeline_stack

    def client(self, service: Any, credentials: Credentials | None = None) -> Any:
        """Return a client of *service*: root's, unless there are *credentials* of somebody else's."""
        key = service, credentials
        if key not in self._clients:
            self._clients[key] = connect(self.environment, service, credentials)
        return self._clients[key]

    @functools.cached_property
    def _clients(self) -> dict[tuple[Any, Credentials | None], Any]:
        """Those that were made: who waits asks ten times a second, and each would open a connection of its own."""
        return {}

    def cdk(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run the CDK CLI, as a shell that has evaluated what `make aws-up` prints would."""
        return cdk(*arguments, environment=self.environment)

    def synthesize(self) -> Path:
        """Return the stage's assembly for the account that is known, as a deployment makes it."""
        return with_settings(self.stage, self.folder / "assembly", ACCOUNT)

    def set_up(self, assembly: Path) -> None:
        """Make what the CDK deploys with, and deploy both stacks of *assembly*."""
        succeeded(self.cdk("bootstrap", "--app", assembly))
        succeeded(self.deploy(assembly))

    def deploy(self, assembly: Path, *stacks: str) -> subprocess.CompletedProcess[str]:
        """Deploy *stacks* of *assembly*, or else both."""
        return self.cdk("deploy", *(stacks or self.stacks), "--app", assembly, "--require-approval", "never")

    def destroy(self, assembly: Path, *stacks: str) -> subprocess.CompletedProcess[str]:
        """Destroy *stacks* of *assembly*, or else both."""
        return self.cdk("destroy", *(stacks or self.stacks), "--app", assembly, "--force")

    def diff(self, assembly: Path, *options: str) -> subprocess.CompletedProcess[str]:
        """Compare both stacks of *assembly* with what is deployed."""
        return self.cdk("diff", *self.stacks, "--app", assembly, *options)

    def outputs(self, stack: str) -> dict[str, str]:
        """Return the outputs of a stack by name."""
        return {each["OutputKey"]: each["OutputValue"] for each in self._described(stack)["Outputs"]}

    def status(self, stack: str) -> str:
        """Return the status of a stack."""
        return str(self._described(stack)["StackStatus"])

    def pipeline(self) -> dict[str, Any]:
        """Return what DescribePipeline says."""
        described: dict[str, Any] = self.client("sagemaker").describe_pipeline(PipelineName=self.stage.pipeline_name)
        return described

    def definition(self) -> str:
        """Return the definition of the pipeline."""
        return str(self.pipeline()["PipelineDefinition"])

    def _described(self, stack: str) -> dict[str, Any]:
        (described,) = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        return dict(described)


def succeeded(run: subprocess.CompletedProcess[str]) -> str:
    """Return what a command said, on whichever stream; fail with it unless the command succeeded."""
    assert run.returncode == 0, said(run)
    return said(run)


def said(run: subprocess.CompletedProcess[str]) -> str:
    """Return what a command said: the CDK CLI chooses the stream by where it runs."""
    return run.stdout + run.stderr


@contextmanager
def running(folder: Path, stage: Stage) -> Iterator[LocalAws]:
    """Run a server for *stage* whose files are below *folder*."""
    command = [sys.executable, "-m", "local_aws"]
    up = subprocess.run([*command, "up", "--folder", folder], cwd=ROOT, capture_output=True, text=True, check=False)
    assert up.returncode == 0, up.stderr
    exports = (shlex.split(line)[1].partition("=") for line in up.stdout.splitlines())
    try:
        yield LocalAws({name: value for name, _, value in exports}, folder, stage)
    finally:
        subprocess.run([*command, "down", "--folder", folder], cwd=ROOT, check=True, capture_output=True)
