"""The Lambda function that finds the champion."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from settings import Stage
from stacks.iam import model_package_arns
from stacks.training.pipeline_function import PipelineFunction


class ChampionFinder(PipelineFunction):
    """May look at the packages of one group."""

    def __init__(self, scope: Construct, id_: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(
            scope,
            id_,
            module="find_champion",
            description="Finds the approved model that a new one has to beat",
            role_description="Finds the approved model of the employee bonus pipeline",
            rights={"Registry": _look_at(Stack.of(scope), stage.model_package_group_name)},
            stage=stage,
            key=key,
        )


def _look_at(stack: Stack, group: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=["sagemaker:ListModelPackages", "sagemaker:DescribeModelPackage"],
        resources=model_package_arns(stack, group),
    )
