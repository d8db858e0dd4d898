"""What a user of the stand-in has: the CDK CLI and AWS clients, and with them the stage dev of the application."""

import json
import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from local_aws.clients import connect

ROOT = Path(__file__).parents[2]
POLL_S = 0.2
_RUNNING = ("Executing", "Stopping")


class DemoError(RuntimeError):
    """A command or an execution ended in another way than it should; the text is what it said."""


@dataclass(frozen=True)
class DemoSession:
    """Deploys to the account that *environment* leads to, and asks it."""

    environment: Mapping[str, str]
    assembly: Path

    @cached_property
    def stacks(self) -> list[str]:
        """The names of the stage's stacks, in the order of their deployment."""
        manifest = json.loads((self.assembly / "manifest.json").read_text(encoding="utf-8"))
        return [name for name, each in manifest["artifacts"].items() if each["type"] == "aws:cloudformation:stack"]

    @property
    def pipeline_stack(self) -> str:
        """The name of the stack of the pipeline that trains."""
        (name,) = (each for each in self.stacks if each.endswith("-pipeline"))
        return name

    @cached_property
    def outputs(self) -> dict[str, str]:
        """The outputs of the stacks, but for those that are exports to each other."""
        return {
            each["OutputKey"]: each["OutputValue"]
            for stack in self.stacks
            for each in self.describe_stack(stack)["Outputs"]
            if "ExportName" not in each
        }

    def cdk(self, *arguments: str | Path) -> str:
        """Run the CDK CLI and return what it says; raise `DemoError` with that when it fails."""
        run = subprocess.run(
            [ROOT / "node_modules/.bin/cdk", *arguments, "--no-notices"],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            raise DemoError(f"cdk {' '.join(map(str, arguments))}\n{run.stdout}{run.stderr}")
        return run.stdout + run.stderr

    def client(self, service: str) -> Any:
        """Return a client of *service*."""
        return connect(self.environment, service)

    def describe_stack(self, stack: str) -> dict[str, Any]:
        """Return what DescribeStacks says of one."""
        (described,) = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        return dict(described)

    def resource(self, kind: str, logical_name: str = "") -> str:
        """Return the physical id of the pipeline stack's resource of type *kind* whose logical id begins so."""
        found = self.client("cloudformation").describe_stack_resources(StackName=self.pipeline_stack)["StackResources"]
        return next(
            str(each["PhysicalResourceId"])
            for each in found
            if each["ResourceType"] == kind and each["LogicalResourceId"].startswith(logical_name)
        )

    def start(self, **parameters: str) -> str:
        """Start the pipeline with *parameters*, and return the execution's ARN."""
        given = [{"Name": name, "Value": value} for name, value in parameters.items()]
        started = self.client("sagemaker").start_pipeline_execution(
            PipelineName=self.outputs["PipelineName"], PipelineParameters=given
        )
        return str(started["PipelineExecutionArn"])

    def wait(self, execution: str) -> str:
        """Wait until the *execution* (an ARN) has ended, and return its status."""
        sagemaker = self.client("sagemaker")
        while True:
            described = sagemaker.describe_pipeline_execution(PipelineExecutionArn=execution)
            if described["PipelineExecutionStatus"] not in _RUNNING:
                return str(described["PipelineExecutionStatus"])
            time.sleep(POLL_S)

    def steps(self, execution: str) -> list[dict[str, Any]]:
        """Return the steps of the *execution* (an ARN), in the order of their starts."""
        found = self.client("sagemaker").list_pipeline_execution_steps(
            PipelineExecutionArn=execution, SortOrder="Ascending"
        )
        return list(found["PipelineExecutionSteps"])
