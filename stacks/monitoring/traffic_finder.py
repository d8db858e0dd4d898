"""The Lambda function that finds the window's traffic, and what else there is to compare it with."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from settings import CAPTURE_PREFIX, MONITORING_PREFIX, RAW_PREFIX, Stage
from stacks.champion_use.plan import BASELINES
from stacks.training.pipeline_function import PipelineFunction

_LISTED = (*(f"{prefix}*" for prefix in (CAPTURE_PREFIX, RAW_PREFIX, MONITORING_PREFIX)), BASELINES)


class TrafficFinder(PipelineFunction):
    """May look for objects below some prefixes of the data bucket, and read none."""

    def __init__(self, scope: Construct, id_: str, *, stage: Stage, data_bucket: s3.IBucket, key: kms.IKey) -> None:
        super().__init__(
            scope,
            id_,
            module="find_traffic",
            description="Finds the captured traffic of a window, and whether there is newer data to train on",
            role_description="Finds the traffic that the employee bonus monitoring pipeline judges",
            rights={"Objects": _list_objects(data_bucket)},
            stage=stage,
            key=key,
        )


def _list_objects(data_bucket: s3.IBucket) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=["s3:ListBucket"],
        resources=[data_bucket.bucket_arn],
        conditions={"StringLike": {"s3:prefix": [*_LISTED]}},
    )
