"""The registry of a stage's account."""

from dataclasses import dataclass, field
from functools import cached_property

from botocore.exceptions import ClientError

from operations.aws import Aws
from operations.aws_errors import read_error
from operations.registry.registry import UnreadableError
from operations.registry.version import Version, read_version


@dataclass(frozen=True)
class AwsRegistry:
    """The model package group called *group*."""

    group: str
    aws: Aws = field(repr=False)

    @cached_property
    def _arns(self) -> dict[int, str]:
        pages = self.aws.sagemaker.get_paginator("list_model_packages").paginate(
            ModelPackageGroupName=self.group, SortBy="CreationTime", SortOrder="Descending"
        )
        return {
            each["ModelPackageVersion"]: each["ModelPackageArn"]
            for page in pages
            for each in page["ModelPackageSummaryList"]
        }

    def numbers(self) -> list[int]:
        """Return the numbers of all versions, the newest first."""
        return sorted(self._arns, reverse=True)

    def describe(self, number: int) -> Version:
        """Return the version *number*."""
        return read_version(self.aws.sagemaker.describe_model_package(ModelPackageName=self._arns[number]))

    def decide(self, version: Version, status: str, reason: str) -> None:
        """Give *version* the approval *status*, and keep the *reason* with it."""
        self.aws.client("sagemaker").update_model_package(
            ModelPackageArn=version.arn, ModelApprovalStatus=status, ApprovalDescription=reason
        )

    def read(self, uri: str) -> bytes | None:
        """Return the content of the object *uri*."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        try:
            return self.aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as error:
            code, message = read_error(error)
            if code in {"NoSuchKey", "NoSuchBucket"}:
                return None
            # Also of an object that is not there, for whoever may not list the bucket, as approvers may not.
            raise UnreadableError(f"{uri}: {code}: {message}") from error
