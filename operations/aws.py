"""The services of one account and region, and what more than one command asks them."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from operations.aws_errors import is_missing
from settings import Stage

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_resourcegroupstaggingapi import ResourceGroupsTaggingAPIClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient


@dataclass(frozen=True)
class Aws:
    """Clients of the services of one account and region."""

    client: Callable[[str], Any]
    """Returns the client of a service, the same one each time."""

    @classmethod
    def connect(cls, region: str, profile: str | None = None) -> "Aws":
        """Return clients with the credentials of *profile*, or else of the environment."""
        # Its type knows services by their literal names only.
        session: Any = boto3.Session(region_name=region, profile_name=profile)
        config = Config(connect_timeout=10)  # not a minute, five times, for an address that nobody has
        return cls(functools.cache(lambda service: session.client(service, config=config)))

    @property
    def cloudformation(self) -> "CloudFormationClient":
        """CloudFormation."""
        client: CloudFormationClient = self.client("cloudformation")
        return client

    @property
    def s3(self) -> "S3Client":
        """S3."""
        client: S3Client = self.client("s3")
        return client

    @property
    def sagemaker(self) -> "SageMakerClient":
        """SageMaker."""
        client: SageMakerClient = self.client("sagemaker")
        return client

    @property
    def kms(self) -> "KMSClient":
        """The keys."""
        client: KMSClient = self.client("kms")
        return client

    @property
    def tagging(self) -> "ResourceGroupsTaggingAPIClient":
        """The tags of all services' resources."""
        client: ResourceGroupsTaggingAPIClient = self.client("resourcegroupstaggingapi")
        return client


def stack_status(name: str, aws: Aws) -> str | None:
    """Return the status of a stack, or None when there is none of that name."""
    try:
        return aws.cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return None
        raise


def group_exists(name: str, aws: Aws) -> bool:
    """Return whether there is a model package group of that name."""
    return _exists(lambda: aws.sagemaker.describe_model_package_group(ModelPackageGroupName=name))


def pipeline_exists(name: str, aws: Aws) -> bool:
    """Return whether there is a pipeline of that name."""
    return _exists(lambda: aws.sagemaker.describe_pipeline(PipelineName=name))


def _exists(describe: Callable[[], object]) -> bool:
    try:
        describe()
    except ClientError as error:
        if is_missing(error):
            return False
        raise
    return True


def find_tagged(kind: str, stage: Stage, aws: Aws) -> list[str]:
    """Return ARNs by the tags of the stack that made them: their names are CloudFormation's."""
    pages = aws.tagging.get_paginator("get_resources").paginate(
        TagFilters=[{"Key": key, "Values": [value]} for key, value in stage.tags.items()],
        ResourceTypeFilters=[kind],
    )
    return [found["ResourceARN"] for page in pages for found in page["ResourceTagMappingList"]]
