"""What the proof over the templates takes for deployed is what IAM has."""

from tests.end_to_end.local_aws.aws import LocalAws
from tests.end_to_end.local_aws.least_privilege.withdrawn_rights import policies_of
from tests.security.deployed_stage import DeployedStage


def test_roles_have_the_policies_and_the_trust_of_the_templates(deployed: LocalAws, application: DeployedStage) -> None:
    roles = list(application.resources("AWS::IAM::Role"))
    assert roles
    for role in roles:
        written = {each["PolicyName"]: each["PolicyDocument"] for each in role.properties["Policies"]}
        assert policies_of(deployed, role.arn) == written
        found = deployed.client("iam").get_role(RoleName=role.arn.rpartition("/")[2])["Role"]
        assert found["Arn"] == role.arn
        assert found["AssumeRolePolicyDocument"] == role.properties["AssumeRolePolicyDocument"]


def test_managed_policies_say_what_the_templates_say(deployed: LocalAws, application: DeployedStage) -> None:
    iam, (policy,) = deployed.client("iam"), application.resources("AWS::IAM::ManagedPolicy")
    version = iam.get_policy(PolicyArn=policy.arn)["Policy"]["DefaultVersionId"]
    found = iam.get_policy_version(PolicyArn=policy.arn, VersionId=version)["PolicyVersion"]
    assert found["Document"] == policy.properties["PolicyDocument"]
