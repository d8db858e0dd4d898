"""The stage that was deployed, as the proof over the templates sees one, under the names that CloudFormation gave."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from artefacts.assembly import Account
from artefacts.iam import Deployment, Resource
from tests.end_to_end.local_aws.aws import LocalAws
from tests.security.deployed_stage import ACCOUNT, DeployedStage


@dataclass(frozen=True)
class NamedDeployment(Deployment):
    """Templates whose resources have the names that they were given."""

    names: Mapping[tuple[str, str], str] = field(default_factory=dict, repr=False)
    """Stack and logical id -> name."""

    def ref(self, name: str, stack: str) -> str:
        kind = self.stacks[stack]["Resources"].get(name, {}).get("Type")
        return self.names[stack, name] if kind == "AWS::S3::Bucket" else super().ref(name, stack)

    def attribute(self, name: str, attribute: str, stack: str) -> str:
        form = _ARNS.get(self.stacks[stack]["Resources"][name]["Type"])
        if form and attribute == "Arn":
            return self._fill(form, name, stack)
        return super().attribute(name, attribute, stack)

    def _fill(self, form: str, name: str, stack: str) -> str:
        return form.format(name=self.names[stack, name], account=self.account.id, region=self.account.region)


_ARNS = {
    "AWS::IAM::Role": "arn:aws:iam::{account}:role/{name}",
    "AWS::Lambda::Function": "arn:aws:lambda:{region}:{account}:function:{name}",
}


def deployed_application(aws: LocalAws, assembly: Path) -> DeployedStage:
    """Return what was deployed of *assembly*."""
    templates = {stack: json.loads((assembly / f"{stack}.template.json").read_text()) for stack in aws.stacks}
    cloudformation = aws.client("cloudformation")
    names = {
        (stack, each["LogicalResourceId"]): _name(each["PhysicalResourceId"])
        for stack in aws.stacks
        for each in cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    }
    return DeployedStage(NamedDeployment(templates, Account(ACCOUNT, aws.stage.region), names), aws.stage)


def _name(physical_id: str) -> str:
    """Return the name in a physical id, which may be an ARN or a queue's URL."""
    is_name = not re.match("arn:|https://", physical_id)
    return physical_id if is_name else re.split("[:/]", physical_id)[-1]


def named(application: DeployedStage, path: str) -> Resource:
    """Return the resource at *path* in the pipeline's stack, such as `JobRole/Resource/Resource`."""
    whole = f"{application.stage.pipeline_stack}/{path}"
    (found,) = (each for each in application.everything if each.path == whole)
    return found


def rule_name(application: DeployedStage, construct: str) -> str:
    """Return the name of the rule of *construct*, such as `NewDataStart`."""
    return named(application, f"{construct}/Resource").arn.rpartition("/")[2]
