"""Approvers' policy lets `python -m operations approve` and `reject` make every call that they make."""

import pytest

from artefacts.iam import Request, decide
from tests.operations.command_line import run
from tests.operations.test_decision import account
from tests.security.deployed_stage import ChampionUseStage, DeployedStage
from tests.security.needs.locations import object_arn
from tests.security.needs.people import approvers
from tests.security.needs.registry import group_and_package_arns, package_arns
from tests.security.world import World

VERSIONS = {
    "DescribeModelPackage": "sagemaker:DescribeModelPackage",
    "UpdateModelPackage": "sagemaker:UpdateModelPackage",
}


def requests_of(command: str, application: DeployedStage) -> list[Request]:
    """Return what IAM is asked while an approver of *application* types *command*."""
    given, caller = account(), approvers(application)
    assert run(command, "4", "--yes", "--reason", "reviewed", connect=given.connect) == 0
    group = application.stage.model_package_group_name
    asked = [Request(caller, "sagemaker:ListModelPackages", arn) for arn in group_and_package_arns(application, group)]
    for operation in given.called.keys() & VERSIONS.keys():
        asked += [Request(caller, VERSIONS[operation], arn) for arn in package_arns(application, group)]
    bucket = application.output("DataBucketName")
    asked += [
        Request(caller, "s3:GetObject", object_arn(f"s3://{bucket}/{call['Key']}"))
        for call in given.called["GetObject"]
    ]
    assert given.called.keys() == {"ListModelPackages", "GetObject", *VERSIONS}
    return asked


@pytest.mark.parametrize("command", ["approve", "reject"])
def test_every_call_of_the_commands_is_allowed(world: World, command: str) -> None:
    stages = [each for each in world.applications if not isinstance(each, ChampionUseStage)]
    asked = [request for each in stages for request in requests_of(command, each)]
    assert asked
    assert [each for each in asked if not decide(each, world.policies).allowed] == []
