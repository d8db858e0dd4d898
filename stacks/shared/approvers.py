"""What a person needs who decides about models."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from pipeline_definition import names
from settings import MODELS_PREFIX
from stacks.iam import model_package_arns


class Approvers(Construct):
    """A managed policy for people, who may look at models and approve them; no role of the application may."""

    def __init__(
        self, scope: Construct, id_: str, *, model_package_group: str, data_bucket: s3.IBucket, key_arn: str
    ) -> None:
        super().__init__(scope, id_)
        packages = model_package_arns(Stack.of(self), model_package_group)
        self.policy = iam.ManagedPolicy(
            self,
            "Resource",
            description=f"May approve and reject models of {model_package_group}",
            statements=[
                iam.PolicyStatement(
                    actions=[
                        "sagemaker:ListModelPackages",
                        "sagemaker:DescribeModelPackage",
                        "sagemaker:UpdateModelPackage",
                    ],
                    resources=packages,
                ),
                # The figures that the decision rests on.
                iam.PolicyStatement(
                    actions=["s3:GetObject"],
                    resources=[
                        data_bucket.arn_for_objects(f"{MODELS_PREFIX}*/{name}/*")
                        for name in (names.EVALUATION, names.DATA_QUALITY)
                    ],
                ),
                iam.PolicyStatement(actions=["kms:Decrypt"], resources=[key_arn]),
            ],
        )
