"""The role that processing and training jobs run as."""

import re
from collections.abc import Iterable

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from settings import INTERMEDIATES_PREFIX, MODELS_PREFIX, RAW_PREFIX
from stacks.iam import for_this_account
from stacks.shared.encryption_key import encrypt_volumes


class JobRole(Construct):
    """May read raw data and code, write results, pull the jobs' images and log; nothing else."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        images: Iterable[str],
        data_bucket: s3.IBucket,
        key_arn: str,
        no_champion: s3_assets.Asset,
        has_network: bool,
    ) -> None:
        super().__init__(scope, id_)
        stack = Stack.of(self)
        self.role = iam.Role(
            self,
            "Resource",
            description="Runs the jobs of the employee bonus pipeline",
            assumed_by=for_this_account("sagemaker.amazonaws.com", stack),
            inline_policies={
                "Data": _data_access(data_bucket, no_champion),
                "Key": iam.PolicyDocument(
                    statements=[
                        iam.PolicyStatement(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[key_arn]),
                        *encrypt_volumes(key_arn),
                    ]
                ),
                "Images": image_access(stack, images),
                "Telemetry": _telemetry(stack),
                **({"Network": network_access()} if has_network else {}),
            },
        )


def _data_access(data_bucket: s3.IBucket, no_champion: s3_assets.Asset) -> iam.PolicyDocument:
    code_bucket = no_champion.bucket
    read = [data_bucket.arn_for_objects(f"{prefix}*") for prefix in (RAW_PREFIX, INTERMEDIATES_PREFIX, MODELS_PREFIX)]
    return iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(actions=["s3:ListBucket"], resources=[data_bucket.bucket_arn, code_bucket.bucket_arn]),
            # Every archive of the bucket, not just today's: a run that began before a deployment still needs its own.
            iam.PolicyStatement(
                actions=["s3:GetObject"],
                resources=[
                    *read,
                    code_bucket.arn_for_objects("*.zip"),
                    code_bucket.arn_for_objects(no_champion.s3_object_key),
                ],
            ),
            iam.PolicyStatement(actions=["s3:PutObject", "s3:AbortMultipartUpload"], resources=read[1:]),
        ]
    )


def image_access(stack: Stack, images: Iterable[str]) -> iam.PolicyDocument:
    """Let a role's containers be pulled."""
    return iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(actions=["ecr:GetAuthorizationToken"], resources=["*"]),  # has no resource
            iam.PolicyStatement(
                actions=["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
                resources=sorted({_repository_arn(stack, image) for image in images}),
            ),
        ]
    )


def _repository_arn(stack: Stack, image: str) -> str:
    """Return the ARN of the repository of *image*, `<account>.dkr.ecr.<region>.amazonaws.com/<name>`, tag or digest."""
    registry, _, name = image.partition("/")
    account, _, _, region, *_ = registry.split(".")
    return stack.format_arn(
        service="ecr", region=region, account=account, resource="repository", resource_name=re.split("[:@]", name)[0]
    )


def network_access() -> iam.PolicyDocument:
    """Let SageMaker put the jobs into the VPC; these actions take no resource, and no condition while it does so."""
    return iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(
                actions=[
                    "ec2:CreateNetworkInterface",
                    "ec2:CreateNetworkInterfacePermission",
                    "ec2:DeleteNetworkInterface",
                    "ec2:DeleteNetworkInterfacePermission",
                    "ec2:DescribeDhcpOptions",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSecurityGroups",
                    "ec2:DescribeSubnets",
                    "ec2:DescribeVpcs",
                ],
                resources=["*"],
            )
        ]
    )


def _telemetry(stack: Stack) -> iam.PolicyDocument:
    log_groups = stack.format_arn(
        service="logs", resource="log-group", resource_name="/aws/sagemaker/*", arn_format=ArnFormat.COLON_RESOURCE_NAME
    )
    return iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(
                actions=[
                    "logs:CreateLogGroup",
                    "logs:CreateLogStream",
                    "logs:DescribeLogStreams",
                    "logs:PutLogEvents",
                ],
                resources=[log_groups],
            ),
            iam.PolicyStatement(
                actions=["cloudwatch:PutMetricData"],
                resources=["*"],  # has no resource
                conditions={"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}},
            ),
        ]
    )
