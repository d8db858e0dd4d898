"""The bucket of raw data, intermediates and models."""

from typing import cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from settings import INTERMEDIATES_PREFIX, Retention

MARGIN_DAYS = 7
"""How much longer than the step cache intermediates are kept: a job that begins with a hit still reads them."""


class RetentionError(ValueError):
    """Retention settings that would delete what is still needed."""


class DataBucket(Construct):
    """A private, encrypted, versioned bucket that outlives its stack."""

    def __init__(self, scope: Construct, id_: str, *, retention: Retention, sends_events: bool) -> None:
        super().__init__(scope, id_)
        needed = retention.step_cache_days + MARGIN_DAYS
        if retention.intermediates_days < needed:
            raise RetentionError(
                f"intermediates_days {retention.intermediates_days}: a cached step could point at deleted files;"
                f" keep them at least {needed} days, {MARGIN_DAYS} longer than step_cache_days"
            )
        self.bucket = s3.Bucket(
            self,
            "Resource",
            versioned=True,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            # A first deployment that fails takes the empty bucket along; after that nothing does.
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="ExpireIntermediates",
                    prefix=INTERMEDIATES_PREFIX,
                    expiration=Duration.days(retention.intermediates_days),
                    noncurrent_version_expiration=Duration.days(1),
                ),
                s3.LifecycleRule(
                    id="ForgetOldVersions",
                    noncurrent_version_expiration=Duration.days(retention.noncurrent_versions_days),
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                ),
            ],
        )
        # The bucket that is kept goes on refusing plain connections.
        cast(s3.BucketPolicy, self.bucket.policy).apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
        if sends_events:
            # `event_bridge_enabled=True` would bring a custom resource with a Lambda; the property itself needs none.
            resource = cast(s3.CfnBucket, self.bucket.node.default_child)
            resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
                event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(event_bridge_enabled=True)
            )
