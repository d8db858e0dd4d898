"""The bucket that S3 writes to who read and wrote the data."""

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.shared.kept_bucket import kept_bucket


class AccessLogs(Construct):
    """A bucket for S3's server access logs, kept as long as the data that they are about."""

    def __init__(self, scope: Construct, id_: str, *, days: int) -> None:
        super().__init__(scope, id_)
        self.bucket = kept_bucket(
            self,
            # S3 writes its logs with its own keys only.
            encryption=s3.BucketEncryption.S3_MANAGED,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="ExpireLogs",
                    expiration=Duration.days(days),
                    noncurrent_version_expiration=Duration.days(1),
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                )
            ],
        )
