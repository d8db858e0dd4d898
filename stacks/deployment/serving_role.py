"""The role that the endpoint's containers run as."""

from collections.abc import Sequence

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from pipeline_definition import names
from settings import CAPTURE_PREFIX, MODELS_PREFIX, Stage
from stacks.iam import for_this_account
from stacks.training.job_role import image_access, network_access


class ServingRole(Construct):
    """May read serving artefacts, pull the image and log, and keep answers if the stage wants them; nothing else."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        image: str,
        data_bucket: s3.IBucket,
        key_arn: str,
        alarm_arns: Sequence[str],
        keeps_answers: bool,
    ) -> None:
        super().__init__(scope, id_)
        stack = Stack.of(self)
        artefacts = data_bucket.arn_for_objects(f"{MODELS_PREFIX}*/{names.SERVING}/{names.SERVING_FILE}")
        answers = data_bucket.arn_for_objects(f"{CAPTURE_PREFIX}*")
        self.role = iam.Role(
            self,
            "Resource",
            description="Serves the approved employee bonus model",
            assumed_by=for_this_account("sagemaker.amazonaws.com", stack),
            inline_policies={
                "Artefact": _document(["s3:GetObject"], [artefacts]),
                "Key": _document(["kms:Decrypt", *(["kms:GenerateDataKey"] if keeps_answers else [])], [key_arn]),
                "Image": image_access(stack, [image]),
                "Telemetry": _telemetry(stack, stage.endpoint_log_group),
                "Alarms": _document(["cloudwatch:DescribeAlarms"], alarm_arns),
                **({"Answers": _document(["s3:PutObject"], [answers])} if keeps_answers else {}),
                **({"Network": network_access()} if stage.security.network else {}),
            },
        )


def _document(actions: Sequence[str], resources: Sequence[str]) -> iam.PolicyDocument:
    return iam.PolicyDocument(statements=[iam.PolicyStatement(actions=list(actions), resources=list(resources))])


def _telemetry(stack: Stack, group: str) -> iam.PolicyDocument:
    log_group = stack.format_arn(
        service="logs",
        resource="log-group",
        resource_name=f"{group}:*",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
    return iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group]),
            iam.PolicyStatement(
                actions=["cloudwatch:PutMetricData"],
                resources=["*"],  # has no resource
                conditions={"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}},
            ),
        ]
    )
