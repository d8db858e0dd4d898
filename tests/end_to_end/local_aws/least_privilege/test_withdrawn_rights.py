"""What is taken from a role for a test is really gone, and nothing else is; in the end it comes back."""

import pytest

from artefacts.iam.policies import read_statements
from tests.end_to_end.local_aws.aws import LocalAws
from tests.end_to_end.local_aws.least_privilege.application import named
from tests.end_to_end.local_aws.least_privilege.withdrawn_rights import policies_of, withdrawn
from tests.security.deployed_stage import DeployedStage

Rights = set[tuple[str, str]]


def rights(aws: LocalAws, role: str) -> Rights:
    """Return what a role may do: actions, each with a resource."""
    statements = [each for name, document in policies_of(aws, role).items() for each in read_statements(document, name)]
    return {(action, resource) for each in statements for action in each.actions for resource in each.resources}


@pytest.mark.parametrize(
    ("construct", "action", "below"),
    [
        ("NewDataStart/Role", "sagemaker:StartPipelineExecution", ""),
        ("PipelineRole/Resource", "sagemaker:CreateTrainingJob", ""),
        ("JobRole/Resource", "s3:PutObject", "/models/*"),
    ],
)
def test_only_what_is_named_is_gone_for_a_while(
    deployed: LocalAws, application: DeployedStage, construct: str, action: str, below: str
) -> None:
    role = named(application, f"{construct}/Resource").arn
    before, found = policies_of(deployed, role), rights(deployed, role)
    with withdrawn(deployed, role, action, below=below):
        gone = found - rights(deployed, role)
        assert gone == {(each, resource) for each, resource in found if each == action and resource.endswith(below)}
    assert policies_of(deployed, role) == before
    assert gone
