"""What our buckets have in common."""

from typing import Any, cast

from aws_cdk import RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct


def kept_bucket(scope: Construct, **more: Any) -> s3.Bucket:
    """Return a private, versioned bucket that outlives its stack and refuses plain and old connections."""
    bucket = s3.Bucket(
        scope,
        "Resource",
        versioned=True,
        enforce_ssl=True,
        minimum_tls_version=1.2,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        # A first deployment that fails takes the empty bucket along; after that nothing does.
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        **more,
    )
    # The bucket that is kept goes on refusing plain connections.
    cast(s3.BucketPolicy, bucket.policy).apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
    return bucket
