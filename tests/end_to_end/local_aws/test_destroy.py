"""What must never be lost outlives the stacks of prod, and the next stacks adopt it.

One sequence on a server of its own: each fixture takes it a step further, so the tests stand in its order.
"""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from local_aws.server_control import ACCOUNT
from settings import find_stage
from tests.end_to_end.local_aws.aws import LocalAws, running, said, succeeded
from tests.end_to_end.local_aws.inventory import inventory, what_is_left
from tests.test_documents import RUNBOOKS, commands

PROD = find_stage("prod")
RUNBOOK = RUNBOOKS / "re-adopt-what-was-kept.md"
CODE_BUCKET = f"cdk-hnb659fds-assets-{ACCOUNT}-{PROD.region}"
DATA = {"Key": "raw/employees.csv", "Body": b"employee_id\n"}
CONTENTS = {"data": DATA["Body"], "models": [1], "key": "Enabled"}
KEPT = {"AWS::KMS::Key": 1, "AWS::S3::Bucket": 2, "AWS::S3::BucketPolicy": 2, "AWS::SageMaker::ModelPackageGroup": 1}
IDENTIFIERS = {
    "AWS::KMS::Key": "KeyId",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SageMaker::ModelPackageGroup": "ModelPackageGroupArn",
}


@dataclass(frozen=True)
class Prod:
    """The stage as it was deployed first, with data and a model."""

    aws: LocalAws
    assembly: Path
    kept: dict[str, dict[str, str]]
    """What outlives the storage stack, as the runbook's file names it: logical id -> identifier."""
    bucket: str

    def identifiers(self, name: str) -> set[str]:
        """Return the identifiers called *name* of what outlives the stack."""
        return {each[name] for each in self.kept.values() if name in each}

    def contents(self) -> dict[str, object]:
        """Return what of data, models and key there is now."""
        (key,) = self.identifiers("KeyId")
        models = self.aws.client("sagemaker").list_model_packages(ModelPackageGroupName=PROD.model_package_group_name)
        return {
            "data": self.aws.client("s3").get_object(Bucket=self.bucket, Key=DATA["Key"])["Body"].read(),
            "models": [each["ModelPackageVersion"] for each in models["ModelPackageSummaryList"]],
            "key": self.aws.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"],
        }

    def kept_beside(self, *stacks: str) -> dict[str, set[str]]:
        """Return what is left when of stacks there are only these."""
        return {
            "stacks": set(stacks),
            "buckets": {CODE_BUCKET} | self.identifiers("BucketName"),
            "keys": self.identifiers("KeyId"),
            "groups": self.identifiers("ModelPackageGroupArn"),
        }

    def unprotect(self, stack: str) -> None:
        """Take a stack's protection off, as an operator has to."""
        cloudformation = self.aws.client("cloudformation")
        cloudformation.update_termination_protection(StackName=stack, EnableTerminationProtection=False)


@pytest.fixture(scope="module")
def prod(assemblies: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prod]:
    """Prod is deployed, and in use."""
    with running(tmp_path_factory.mktemp("prod"), PROD) as aws:
        assembly = aws.folder / "cdk.out"
        assembly.symlink_to(assemblies["prod"])
        aws.set_up(assembly)
        bucket = aws.outputs(PROD.storage_stack)["DataBucketName"]
        aws.client("s3").put_object(Bucket=bucket, **DATA)
        aws.client("sagemaker").create_model_package(ModelPackageGroupName=PROD.model_package_group_name)
        yield Prod(aws, assembly, kept_resources(aws), bucket)


@pytest.fixture(scope="module")
def destroyed(prod: Prod) -> Prod:
    """Both stacks are destroyed, as docs/runbooks/tear-down.md says: no more starts, then no more protection."""
    events = prod.aws.client("events")
    for rule in events.list_rules()["Rules"]:
        events.disable_rule(Name=rule["Name"])
    for stack in prod.aws.stacks:
        prod.unprotect(stack)
    succeeded(prod.aws.destroy(prod.assembly))
    return prod


@pytest.fixture(scope="module")
def refusal(destroyed: Prod) -> str:
    """Somebody deploys without adopting what was kept; what the CDK CLI says."""
    run = destroyed.aws.deploy(destroyed.assembly)
    assert run.returncode == 1
    return said(run)


@pytest.fixture(scope="module")
def adopted(destroyed: Prod, refusal: str, tmp_path_factory: pytest.TempPathFactory) -> Prod:  # noqa: ARG001  it comes before
    """What docs/runbooks/re-adopt-what-was-kept.md says is done, but for the import of the buckets' policies.

    MiniStack cannot import these: there the deployment writes them anew.
    """
    aws, stack = destroyed.aws, PROD.storage_stack
    destroyed.unprotect(stack)
    aws.client("cloudformation").delete_stack(StackName=stack)
    aws.client("cloudformation").get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    mapping = tmp_path_factory.mktemp("mapping") / "kept.json"
    mapping.write_text(json.dumps(destroyed.kept), encoding="utf-8")
    succeeded(aws.cdk("import", stack, "--app", destroyed.assembly, "--resource-mapping", mapping))
    succeeded(aws.deploy(destroyed.assembly))
    return destroyed


@pytest.mark.parametrize("stack", [PROD.pipeline_stack, PROD.storage_stack])
def test_stack_of_prod_is_not_destroyed_while_it_is_protected(prod: Prod, stack: str) -> None:
    before = inventory(prod.aws)
    assert all(before.values()), "there is none of a kind, so that a loss would not be seen"
    run = prod.aws.destroy(prod.assembly, stack, "--exclusively")
    assert run.returncode == 1
    assert re.search(f"{stack}.* cannot be deleted while TerminationProtection is enabled", said(run))
    assert prod.aws.status(stack) == "CREATE_COMPLETE"
    assert inventory(prod.aws) == before
    assert prod.contents() == CONTENTS


def test_runbook_finds_what_the_storage_stack_keeps(prod: Prod) -> None:
    (search,) = (command for command in commands(RUNBOOK) if command[0] == "grep")
    found = subprocess.run(search, cwd=prod.assembly.parent, capture_output=True, text=True, check=True).stdout
    types = dict(re.findall(r'"(\w+)": {\n +"Type": "([\w:]+)"', found))
    assert Counter(types.values()) == KEPT
    assert {name for name, kind in types.items() if kind != "AWS::S3::BucketPolicy"} == prod.kept.keys()


def test_data_models_and_key_outlive_the_stacks_and_nothing_else_does(destroyed: Prod) -> None:
    assert destroyed.contents() == CONTENTS
    assert what_is_left(destroyed.aws) == destroyed.kept_beside("CDKToolkit")


def test_deployment_beside_what_was_kept_is_refused_and_taken_back(destroyed: Prod, refusal: str) -> None:
    assert f"Model Package Group already exists: {destroyed.identifiers('ModelPackageGroupArn').pop()}" in refusal
    assert destroyed.aws.status(PROD.storage_stack) == "ROLLBACK_COMPLETE"
    assert what_is_left(destroyed.aws) == destroyed.kept_beside("CDKToolkit", PROD.storage_stack)
    assert destroyed.contents() == CONTENTS


@pytest.mark.usefixtures("refusal")
def test_refused_deployment_leaves_protected_stacks(destroyed: Prod) -> None:
    again = destroyed.aws.deploy(destroyed.assembly)
    assert again.returncode == 1
    assert re.search(f"{PROD.storage_stack}.* cannot be deleted while TerminationProtection is enabled", said(again))


def test_next_stacks_adopt_what_was_kept(adopted: Prod) -> None:
    assert kept_resources(adopted.aws) == adopted.kept
    assert adopted.contents() == CONTENTS
    assert adopted.bucket in adopted.aws.definition()
    succeeded(adopted.aws.diff(adopted.assembly, "--fail"))
    stacks = adopted.aws.client("cloudformation").describe_stacks()["Stacks"]
    assert {each["StackName"] for each in stacks if each["EnableTerminationProtection"]} == set(adopted.aws.stacks)


def kept_resources(aws: LocalAws) -> dict[str, dict[str, str]]:
    """Return the storage stack's resources that outlive it, as the runbook's file names them."""
    found = aws.client("cloudformation").describe_stack_resources(StackName=aws.stage.storage_stack)["StackResources"]
    return {
        each["LogicalResourceId"]: {IDENTIFIERS[each["ResourceType"]]: each["PhysicalResourceId"]}
        for each in found
        if each["ResourceType"] in IDENTIFIERS
    }
