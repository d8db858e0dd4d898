"""Finds and deletes what `cdk destroy` leaves of a stage: endpoint, buckets, model registry, key.

A stage whose settings do not allow it is refused, and one that is still deployed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from operations.aws import Aws, find_tagged, group_exists, stack_status
from operations.endpoint import Served, delete_served, find_served
from operations.refusal import RefusedError
from settings import Stage

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

KEY_WAITS_DAYS = 7
"""The least that KMS waits before it deletes a key; until then `aws kms cancel-key-deletion` brings it back."""


class TeardownRefusedError(RefusedError):
    """Something may not, or could not, be deleted: why, then the remedy."""


@dataclass(frozen=True)
class Remains:
    """What is left of a stage."""

    served: Served
    buckets: list[str]
    packages: list[str]
    """ARNs of the registered model versions."""
    group: str
    """Name of the package group; empty when there is none."""
    keys: list[str]
    """ARNs of the keys that encrypted all this."""

    def __str__(self) -> str:
        served = str(self.served)
        lines = [f"bucket {name} with every version of every object" for name in self.buckets]
        if self.group:
            lines.append(f"model package group {self.group} with {len(self.packages)} versions")
        lines += [f"key {arn}, {KEY_WAITS_DAYS} days from now" for arn in self.keys]
        return "\n".join([*([served] if served else []), *(f"  {line}" for line in lines)])


def find_remains(stage: Stage, aws: Aws) -> Remains:
    """Return what is left of *stage*; raise `TeardownRefusedError` when it may not be deleted, or is in use."""
    if not stage.may_be_torn_down:
        raise TeardownRefusedError(f"stage {stage.name} may not be torn down: delete its data by hand if you must")
    using = (stage.deployment_stack, stage.monitoring_stack, stage.scoring_stack)
    for name in (*using, stage.pipeline_stack, stage.storage_stack):
        if stack_status(name, aws):
            raise TeardownRefusedError(f"stack {name} still exists: run make destroy STAGE={stage.name} first")
    group = stage.model_package_group_name if group_exists(stage.model_package_group_name, aws) else ""
    packages = _packages(group, aws) if group else []
    return Remains(find_served(stage, aws), _buckets(stage, aws), packages, group, _keys(stage, aws))


def delete(remains: Remains, aws: Aws) -> None:
    """Delete *remains*: what costs first, objects before their bucket, versions before their group, the key last."""
    delete_served(remains.served, aws)
    for bucket in remains.buckets:
        _empty(bucket, aws)
        _delete_bucket(bucket, aws)
    for arn in remains.packages:
        aws.sagemaker.delete_model_package(ModelPackageName=arn)
    if remains.group:
        aws.sagemaker.delete_model_package_group(ModelPackageGroupName=remains.group)
    for key in remains.keys:
        aws.kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=KEY_WAITS_DAYS)


def _buckets(stage: Stage, aws: Aws) -> list[str]:
    return [arn.rpartition(":")[2] for arn in find_tagged("s3", stage, aws)]


def _keys(stage: Stage, aws: Aws) -> list[str]:
    keys = find_tagged("kms:key", stage, aws)
    return [arn for arn in keys if aws.kms.describe_key(KeyId=arn)["KeyMetadata"]["KeyState"] != "PendingDeletion"]


def _packages(group: str, aws: Aws) -> list[str]:
    pages = aws.sagemaker.get_paginator("list_model_packages").paginate(ModelPackageGroupName=group)
    return [package["ModelPackageArn"] for page in pages for package in page["ModelPackageSummaryList"]]


def _empty(bucket: str, aws: Aws) -> None:
    """Delete every version of every object; a page of them, at most 1,000, is one call."""
    for page in aws.s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        versions = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        if not versions:
            continue
        objects: list[ObjectIdentifierTypeDef] = [
            {"Key": each["Key"], "VersionId": each["VersionId"]} for each in versions
        ]
        answer = aws.s3.delete_objects(Bucket=bucket, Delete={"Quiet": True, "Objects": objects})
        if answer.get("Errors"):
            first = answer["Errors"][0]
            raise TeardownRefusedError(f"{bucket}/{first['Key']} stays ({first['Message']}): see to it and repeat")


def _delete_bucket(bucket: str, aws: Aws) -> None:
    try:
        aws.s3.delete_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] != "BucketNotEmpty":
            raise
        # S3 delivers access logs late, also those of what was just deleted.
        raise TeardownRefusedError(f"bucket {bucket} was written to meanwhile: repeat in an hour") from error
