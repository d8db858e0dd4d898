"""The bucket of raw data, intermediates and models."""

from typing import cast

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from settings import CAPTURE_PREFIX, INTERMEDIATES_PREFIX, MONITORING_PREFIX, PREDICTIONS_PREFIX, Retention
from stacks.shared.kept_bucket import kept_bucket


class DataBucket(Construct):
    """A private, encrypted, versioned bucket that outlives its stack, and whose every access is logged."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        retention: Retention,
        key: kms.IKey,
        access_logs: s3.IBucket,
        sends_events: bool,
    ) -> None:
        super().__init__(scope, id_)
        self.bucket = kept_bucket(
            self,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            server_access_logs_bucket=access_logs,
            server_access_logs_prefix="data/",
            lifecycle_rules=_lifecycle(retention),
        )
        if sends_events:
            # `event_bridge_enabled=True` would bring a custom resource with a Lambda; the property itself needs none.
            resource = cast(s3.CfnBucket, self.bucket.node.default_child)
            resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
                event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(event_bridge_enabled=True)
            )


def _lifecycle(retention: Retention) -> list[s3.LifecycleRule]:
    return [
        _expire("ExpireIntermediates", INTERMEDIATES_PREFIX, retention.intermediates_days),
        _expire("ExpirePredictions", PREDICTIONS_PREFIX, retention.predictions_days),
        # Also where nothing is captured or watched: what was, before that was switched off, must not stay for good.
        _expire("ExpireAnswers", CAPTURE_PREFIX, retention.intermediates_days),
        _expire("ExpireFindings", MONITORING_PREFIX, retention.monitoring_days),
        s3.LifecycleRule(
            id="ForgetOldVersions",
            noncurrent_version_expiration=Duration.days(retention.noncurrent_versions_days),
            abort_incomplete_multipart_upload_after=Duration.days(7),
        ),
    ]


def _expire(id_: str, prefix: str, days: int) -> s3.LifecycleRule:
    return s3.LifecycleRule(
        id=id_, prefix=prefix, expiration=Duration.days(days), noncurrent_version_expiration=Duration.days(1)
    )
