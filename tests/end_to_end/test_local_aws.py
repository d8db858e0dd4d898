"""The real CDK CLI deploys, updates, rolls back and destroys the stacks, on a stand-in for AWS on this machine."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local_aws.server import ACCOUNT
from settings import find_stage
from tests.end_to_end.commands import ROOT, cdk, copy_project, replace

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

STAGE = find_stage("dev")
STACKS = (STAGE.storage_stack, STAGE.pipeline_stack)


@dataclass(frozen=True)
class LocalAws:
    """A running server, as its clients see it."""

    environment: dict[str, str]
    folder: Path

    def client(self, service: Any, access_key: str = "", secret: str = "") -> Any:
        session = boto3.Session(
            aws_access_key_id=access_key or self.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=secret or self.environment["AWS_SECRET_ACCESS_KEY"],
            region_name=self.environment["AWS_REGION"],
        )
        url, bundle = self.environment["AWS_ENDPOINT_URL"], self.environment["AWS_CA_BUNDLE"]
        return session.client(service, endpoint_url=url, verify=bundle)

    def cdk(
        self, *arguments: str | Path, project: Path = ROOT, validation: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run the CDK CLI, as a shell that has evaluated what `make aws-up` prints would."""
        skipped = {} if validation else {"CDK_VALIDATION": "false"}
        return cdk(*arguments, project=project, environment={**self.environment, **skipped})

    def deploy(self, assembly: Path, *stacks: str) -> subprocess.CompletedProcess[str]:
        return self.cdk("deploy", *(stacks or STACKS), "--app", assembly, "--require-approval", "never")

    def synthesize(self, project: Path, output: str, *, validation: bool = True) -> Path:
        run = self.cdk("synth", "--quiet", "--output", self.folder / output, project=project, validation=validation)
        assert run.returncode == 0, run.stdout + run.stderr
        return self.folder / output

    def pipeline(self) -> dict[str, Any]:
        described: dict[str, Any] = self.client("sagemaker").describe_pipeline(PipelineName=STAGE.pipeline_name)
        return described

    def definition(self) -> str:
        return str(self.pipeline()["PipelineDefinition"])

    def status(self, stack: str) -> str:
        (described,) = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        return str(described["StackStatus"])


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A server of this module's own."""
    folder = tmp_path_factory.mktemp("aws")
    command = [sys.executable, "-m", "local_aws"]
    up = subprocess.run([*command, "up", "--folder", folder], cwd=ROOT, capture_output=True, text=True, check=False)
    assert up.returncode == 0, up.stderr
    exports = (shlex.split(line)[1].partition("=") for line in up.stdout.splitlines())
    yield LocalAws({name: value for name, _, value in exports}, folder)
    subprocess.run([*command, "down", "--folder", folder], cwd=ROOT, check=True, capture_output=True)


@pytest.fixture(scope="module")
def assembly(aws: LocalAws) -> Path:
    """The assembly of dev for the account that is known, as a deployment makes it."""
    return aws.synthesize(ROOT, "assembly")


@pytest.fixture(scope="module")
def deployed(aws: LocalAws, assembly: Path) -> LocalAws:
    """The server with both stacks."""
    bootstrap = aws.cdk("bootstrap", "--app", assembly)
    assert bootstrap.returncode == 0, bootstrap.stderr
    run = aws.deploy(assembly)
    assert run.returncode == 0, run.stdout + run.stderr
    return aws


def outputs(aws: LocalAws, stack: str) -> dict[str, str]:
    (described,) = aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in described["Outputs"]}


def archives(text: str) -> set[str]:
    """Return the keys of the code that a definition or a template refers to."""
    return set(re.findall(r"\b[0-9a-f]{64}\.zip", text))


def test_the_pipeline_that_is_deployed_is_the_one_of_the_template(deployed: LocalAws) -> None:
    given = outputs(deployed, STAGE.pipeline_stack)
    assert given["PipelineName"] == STAGE.pipeline_name
    assert "${" not in deployed.definition()
    assert outputs(deployed, STAGE.storage_stack)["DataBucketName"] in deployed.definition()
    tags = deployed.client("sagemaker").list_tags(ResourceArn=given["PipelineArn"])["Tags"]
    assert STAGE.tags.items() <= {tag["Key"]: tag["Value"] for tag in tags}.items()


def test_a_second_deployment_changes_nothing(deployed: LocalAws, assembly: Path) -> None:
    before = deployed.pipeline()
    run = deployed.deploy(assembly)
    assert run.returncode == 0
    assert run.stderr.count("(no changes)") == len(STACKS), run.stderr
    assert deployed.pipeline()["LastModifiedTime"] == before["LastModifiedTime"]


def test_there_is_no_difference_after_a_deployment(deployed: LocalAws, assembly: Path) -> None:
    run = deployed.cdk("diff", *STACKS, "--app", assembly, "--fail")
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_failed_update_brings_back_the_old_definition_and_its_code(deployed: LocalAws, tmp_path: Path) -> None:
    pipeline = deployed.pipeline()
    before = deployed.definition()
    project = copy_project(tmp_path / "project")
    script = project / "processing" / "split.py"
    script.write_text(script.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    replace(project / "stacks" / "pipeline_stack.py", "from aws_cdk import aws_iam as iam", BREAKING_IMPORTS)
    replace(
        project / "stacks" / "pipeline_stack.py",
        '        CfnOutput(self, "PipelineName", value=pipeline.pipeline.ref)\n',
        BREAKING_GROUP,
    )
    broken = deployed.synthesize(project, "broken", validation=False)  # what is deployed first was validated
    run = deployed.deploy(broken, STAGE.pipeline_stack)
    assert run.returncode == 1
    assert "already exists" in run.stdout + run.stderr
    assert deployed.status(STAGE.pipeline_stack) == "UPDATE_ROLLBACK_COMPLETE"
    assert deployed.definition() == before
    assert deployed.pipeline()["LastModifiedTime"] > pipeline["LastModifiedTime"], "it was not updated and put back"
    template = (broken / f"{STAGE.pipeline_stack}.template.json").read_text(encoding="utf-8")
    assert not archives(before) <= archives(template), "the update was to bring other code"
    for key in archives(before):
        assert deployed.client("s3").head_object(Bucket=CODE_BUCKET, Key=key)


CODE_BUCKET = f"cdk-hnb659fds-assets-{ACCOUNT}-{STAGE.region}"
BREAKING_IMPORTS = "from aws_cdk import aws_iam as iam\nfrom aws_cdk import aws_sagemaker as sagemaker"
BREAKING_GROUP = """\
        taken = sagemaker.CfnModelPackageGroup(
            self, "Taken", model_package_group_name=stage.model_package_group_name
        )
        taken.node.add_dependency(pipeline)  # it fails when the pipeline is updated already
        CfnOutput(self, "PipelineName", value=pipeline.pipeline.ref)
"""


def test_a_changed_description_of_the_group_is_refused_and_rolled_back(
    deployed: LocalAws, assembly: Path, tmp_path: Path
) -> None:
    group = deployed.client("sagemaker").describe_model_package_group(
        ModelPackageGroupName=STAGE.model_package_group_name
    )
    run = deployed.deploy(with_other_description(assembly, tmp_path / "assembly"), STAGE.storage_stack)
    assert run.returncode == 1
    assert "custom-named resource requires replacing" in run.stdout + run.stderr
    assert deployed.status(STAGE.storage_stack) == "UPDATE_ROLLBACK_COMPLETE"
    after = deployed.client("sagemaker").describe_model_package_group(
        ModelPackageGroupName=STAGE.model_package_group_name
    )
    assert {**after, "ResponseMetadata": None} == {**group, "ResponseMetadata": None}


def with_other_description(assembly: Path, copy: Path) -> Path:
    """Copy *assembly* with another description of the group, below another name for the template's asset."""
    shutil.copytree(assembly, copy)
    path = copy / f"{STAGE.storage_stack}.template.json"
    template = json.loads(path.read_text(encoding="utf-8"))
    (group,) = (each for each in template["Resources"].values() if each["Type"] == "AWS::SageMaker::ModelPackageGroup")
    group["Properties"]["ModelPackageGroupDescription"] = "other"
    path.write_text(json.dumps(template), encoding="utf-8")
    for name in (f"{STAGE.storage_stack}.assets.json", "manifest.json"):
        text = (copy / name).read_text(encoding="utf-8")
        assets = json.loads((assembly / f"{STAGE.storage_stack}.assets.json").read_text(encoding="utf-8"))
        (old,) = (key for key, each in assets["files"].items() if each["source"]["path"] == path.name)
        (copy / name).write_text(text.replace(old, old[::-1]), encoding="utf-8")
    return copy


def test_a_user_may_do_what_the_policy_says_of_the_resource_and_no_more(deployed: LocalAws) -> None:
    iam = deployed.client("iam")
    iam.create_user(UserName="reader")
    arn = outputs(deployed, STAGE.pipeline_stack)["PipelineArn"]
    statement = {"Effect": "Allow", "Action": "sagemaker:DescribePipeline", "Resource": arn}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName="reader", PolicyName="Read", PolicyDocument=document)
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    reader = deployed.client("sagemaker", key["AccessKeyId"], key["SecretAccessKey"])
    assert reader.describe_pipeline(PipelineName=STAGE.pipeline_name)["PipelineArn"] == arn
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.describe_pipeline(PipelineName="another")
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.delete_pipeline(PipelineName=STAGE.pipeline_name, ClientRequestToken="x" * 32)
    iam.delete_access_key(UserName="reader", AccessKeyId=key["AccessKeyId"])
    iam.delete_user_policy(UserName="reader", PolicyName="Read")
    iam.delete_user(UserName="reader")


# The last one, as it takes away what the others need: a module's tests run in their order on each worker.
def test_data_and_models_survive_the_stacks_and_are_adopted_by_the_next_ones(
    deployed: LocalAws, assembly: Path, tmp_path: Path
) -> None:
    kept = kept_resources(deployed)
    assert len(kept) == 4  # two buckets, the key, the group
    bucket = outputs(deployed, STAGE.storage_stack)["DataBucketName"]
    deployed.client("s3").put_object(Bucket=bucket, Key="raw/employees.csv", Body=b"employee_id\n")
    sagemaker = deployed.client("sagemaker")
    sagemaker.create_model_package(ModelPackageGroupName=STAGE.model_package_group_name)

    run = deployed.cdk("destroy", *STACKS, "--app", assembly, "--force")
    assert run.returncode == 0, run.stdout + run.stderr

    assert deployed.client("s3").get_object(Bucket=bucket, Key="raw/employees.csv")["Body"].read() == b"employee_id\n"
    (key,) = deployed.client("kms").list_keys()["Keys"]
    assert deployed.client("kms").describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "Enabled"
    (version,) = sagemaker.list_model_packages(ModelPackageGroupName=STAGE.model_package_group_name)[
        "ModelPackageSummaryList"
    ]
    assert version["ModelPackageVersion"] == 1
    assert left(deployed) == {
        "stacks": {"CDKToolkit"},
        "pipelines": set(),
        "roles": set(),
        "policies": set(),
        "functions": set(),
        "queues": set(),
        "topics": set(),
        "rules": set(),
        "alarms": set(),
        "dashboards": set(),
        "log groups": set(),
    }

    # As docs/runbooks/re-adopt-what-was-kept.md says, but for the buckets' policies, which MiniStack cannot adopt.
    mapping = tmp_path / "kept.json"
    mapping.write_text(json.dumps({kept[name]["logical"]: kept[name]["identifier"] for name in kept}), encoding="utf-8")
    run = deployed.cdk("import", STAGE.storage_stack, "--app", assembly, "--resource-mapping", mapping)
    assert run.returncode == 0, run.stdout + run.stderr
    run = deployed.deploy(assembly)
    assert run.returncode == 0, run.stdout + run.stderr
    assert kept_resources(deployed) == kept
    assert outputs(deployed, STAGE.storage_stack)["DataBucketName"] == bucket


IDENTIFIERS = {
    "AWS::S3::Bucket": "BucketName",
    "AWS::KMS::Key": "KeyId",
    "AWS::SageMaker::ModelPackageGroup": "ModelPackageGroupArn",
}


def kept_resources(aws: LocalAws) -> dict[str, dict[str, Any]]:
    """Return, by physical id, the storage stack's resources that outlive it, as a mapping file names them."""
    found = aws.client("cloudformation").describe_stack_resources(StackName=STAGE.storage_stack)["StackResources"]
    return {
        each["PhysicalResourceId"]: {
            "logical": each["LogicalResourceId"],
            "identifier": {IDENTIFIERS[each["ResourceType"]]: each["PhysicalResourceId"]},
        }
        for each in found
        if each["ResourceType"] in IDENTIFIERS
    }


def left(aws: LocalAws) -> dict[str, set[str]]:
    """Return the names of what there is, but for what the bootstrap made."""
    alarms = aws.client("cloudwatch").describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    dashboards = aws.client("cloudwatch").list_dashboards().get("DashboardEntries", [])
    stacks = aws.client("cloudformation").describe_stacks()["Stacks"]
    roles = aws.client("iam").list_roles()["Roles"]
    return {
        "stacks": {each["StackName"] for each in stacks},
        "pipelines": {e["PipelineName"] for e in aws.client("sagemaker").list_pipelines()["PipelineSummaries"]},
        "roles": {each["RoleName"] for each in roles if each["RoleName"].startswith("emp-bonus")},
        "policies": {each["PolicyName"] for each in aws.client("iam").list_policies(Scope="Local")["Policies"]},
        "functions": {each["FunctionName"] for each in aws.client("lambda").list_functions()["Functions"]},
        "queues": set(aws.client("sqs").list_queues().get("QueueUrls", [])),
        "topics": {each["TopicArn"] for each in aws.client("sns").list_topics()["Topics"]},
        "rules": {each["Name"] for each in aws.client("events").list_rules()["Rules"]},
        "alarms": {each["AlarmName"] for each in alarms["MetricAlarms"] + alarms["CompositeAlarms"]},
        "dashboards": {each["DashboardName"] for each in dashboards},
        "log groups": {each["logGroupName"] for each in aws.client("logs").describe_log_groups()["logGroups"]},
    }
