"""The Lambda function that finds the champion."""

from typing import cast

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from settings import Stage
from stacks.iam import for_this_account, model_package_arns
from stacks.training.code_archive import function_archive
from stacks.training.code_asset import as_file


class ChampionFinder(Construct):
    """A function that may look at the packages of one group, and nothing else."""

    def __init__(self, scope: Construct, id_: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, id_)
        stack = Stack.of(self)
        log_group = logs.LogGroup(self, "Logs", encryption_key=key, removal_policy=RemovalPolicy.DESTROY)
        # The construct takes names for numbers of days; a setting is a number.
        cast(logs.CfnLogGroup, log_group.node.default_child).retention_in_days = stage.operations.log_retention_days
        role = iam.Role(
            self,
            "Role",
            description="Finds the approved model of the employee bonus pipeline",
            assumed_by=for_this_account("lambda.amazonaws.com", stack),
            inline_policies={
                "Registry": iam.PolicyDocument(statements=[_look_at(stack, stage.model_package_group_name)]),
                "Logs": iam.PolicyDocument(statements=[_write_to(log_group)]),
            },
        )
        with as_file("find_champion.zip", function_archive("find_champion")) as code:
            self.function = lambda_.Function(
                self,
                "Resource",
                description="Finds the approved model that a new one has to beat",
                runtime=lambda_.Runtime.PYTHON_3_14,
                architecture=lambda_.Architecture.ARM_64,
                handler="find_champion.handler",
                code=lambda_.Code.from_asset(code),
                role=role,
                log_group=log_group,
                memory_size=256,
                timeout=Duration.minutes(2),
            )
        # The CDK names the role once more than the reference to it does already.
        cast(lambda_.CfnFunction, self.function.node.default_child).add_deletion_override("DependsOn")


def _look_at(stack: Stack, group: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=["sagemaker:ListModelPackages", "sagemaker:DescribeModelPackage"],
        resources=model_package_arns(stack, group),
    )


def _write_to(log_group: logs.ILogGroup) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group.log_group_arn]
    )
