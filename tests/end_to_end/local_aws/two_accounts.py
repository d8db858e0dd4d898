"""An account with an approved version of dev, and one with the storage stack of prod, on a server that has both."""

import functools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from local_aws.clients import Credentials
from operations.aws import Aws
from operations.promotion.copying import split
from operations.promotion.rights import build_policy
from settings import STAGES
from tests.end_to_end.commands import ROOT
from tests.end_to_end.local_aws.aws import LocalAws
from tests.operations import promoted_version

ACCOUNTS = {"source": "444455556666", "target": "777788889999"}
STAGE_OF = {"source": STAGES["dev"], "target": STAGES["prod"]}
"""Side of a promotion -> what is deployed there."""
_USER = "promoter"
_POLICY = "Promotion"


@dataclass(frozen=True)
class Promoter:
    """A user of one account, who has the policy of its side and nothing else."""

    aws: LocalAws
    side: str
    credentials: Credentials = field(repr=False)

    def client(self, service: str) -> Any:
        """Return a client with the user's rights."""
        return self.aws.client(service, self.credentials)

    def connect(self) -> Aws:
        """Return all services with the user's rights."""
        return Aws(functools.cache(self.client))

    @contextmanager
    def without(self, action: str) -> Iterator[None]:
        """Take a right away until the end of the block."""
        whole = build_policy(self.side, STAGE_OF[self.side])
        _give(self.aws, self.side, {**whole, "Statement": [_reduced(each, action) for each in whole["Statement"]]})
        try:
            yield
        finally:
            _give(self.aws, self.side, whole)


def root(aws: LocalAws, side: str, service: str) -> Any:
    """Return a client that may do everything in the account of *side*."""
    return aws.client(service, Credentials(ACCOUNTS[side], "test"))


def set_up_source(aws: LocalAws) -> str:
    """Make an account with a version, its files and others; return the version's ARN."""
    key = root(aws, "source", "kms").create_key()["KeyMetadata"]["Arn"]
    s3 = root(aws, "source", "s3")
    s3.create_bucket(Bucket=promoted_version.BUCKET, CreateBucketConfiguration={"LocationConstraint": aws.stage.region})
    _encrypt(s3, promoted_version.BUCKET, key)
    for uri, content in {**promoted_version.FILES, **promoted_version.OTHERS}.items():
        bucket, name = split(uri)
        s3.put_object(Bucket=bucket, Key=name, Body=content)
    sagemaker = root(aws, "source", "sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName=promoted_version.GROUP)
    arn = str(sagemaker.create_model_package(**promoted_version.request(ACCOUNTS["source"]))["ModelPackageArn"])
    sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
    return arn


def set_up_target(aws: LocalAws) -> tuple[str, str]:
    """Deploy the storage stack of prod from the golden template; return its bucket, and the ARN of a version there."""
    template = json.loads((ROOT / "tests/golden/prod/storage.template.json").read_text(encoding="utf-8"))
    own = {name: part for name, part in template.items() if name not in ("Parameters", "Rules")}  # the bootstrap's
    cloudformation = root(aws, "target", "cloudformation")
    name = STAGE_OF["target"].storage_stack
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(own), Capabilities=["CAPABILITY_IAM"])
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    bucket = str(outputs["DataBucketName"])
    # MiniStack's CloudFormation passes over BucketEncryption.
    key = next(value for value in outputs.values() if ":key/" in value)
    _encrypt(root(aws, "target", "s3"), bucket, key)
    group = STAGE_OF["target"].model_package_group_name
    own = {**promoted_version.request(ACCOUNTS["target"]), "ModelPackageGroupName": group}
    return bucket, str(root(aws, "target", "sagemaker").create_model_package(**own)["ModelPackageArn"])


def make_promoter(aws: LocalAws, side: str) -> Promoter:
    """Make the user of *side*."""
    iam = root(aws, side, "iam")
    iam.create_user(UserName=_USER)
    key = iam.create_access_key(UserName=_USER)["AccessKey"]
    _give(aws, side, build_policy(side, STAGE_OF[side]))
    return Promoter(aws, side, Credentials(key["AccessKeyId"], key["SecretAccessKey"]))


def _give(aws: LocalAws, side: str, policy: dict[str, Any]) -> None:
    root(aws, side, "iam").put_user_policy(UserName=_USER, PolicyName=_POLICY, PolicyDocument=json.dumps(policy))


def _reduced(statement: dict[str, Any], action: str) -> dict[str, Any]:
    others = [each for each in statement["Action"] if each != action]
    return {**statement, "Action": others or ["none:Nothing"]}


def _encrypt(s3: Any, bucket: str, key: str) -> None:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    s3.put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": default}]},
    )
