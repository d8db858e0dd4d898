"""A Lambda function that a step of a pipeline calls."""

from collections.abc import Mapping
from typing import cast

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from settings import Stage
from stacks.iam import for_this_account
from stacks.training.code_archive import function_archive
from stacks.training.code_asset import as_file


class PipelineFunction(Construct):
    """A function with a log group and a role of its own, which may log, and do what it is told and nothing else."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        module: str,
        description: str,
        role_description: str,
        rights: Mapping[str, iam.PolicyStatement],
        stage: Stage,
        key: kms.IKey,
    ) -> None:
        """Take *module* of the functions package, and *rights* by the names of their policies."""
        super().__init__(scope, id_)
        log_group = self._add_log_group(stage, key)
        role = self._add_role(role_description, {**rights, "Logs": _write_to(log_group)})
        with as_file(f"{module}.zip", function_archive(module)) as code:
            self.function = lambda_.Function(
                self,
                "Resource",
                description=description,
                runtime=lambda_.Runtime.PYTHON_3_14,
                architecture=lambda_.Architecture.ARM_64,
                handler=f"{module}.handler",
                code=lambda_.Code.from_asset(code),
                role=role,
                log_group=log_group,
                memory_size=256,
                timeout=Duration.minutes(2),
            )
        # The CDK names the role once more than the reference to it does already.
        cast(lambda_.CfnFunction, self.function.node.default_child).add_deletion_override("DependsOn")

    def _add_log_group(self, stage: Stage, key: kms.IKey) -> logs.LogGroup:
        log_group = logs.LogGroup(self, "Logs", encryption_key=key, removal_policy=RemovalPolicy.DESTROY)
        # The construct takes names for numbers of days; a setting is a number.
        cast(logs.CfnLogGroup, log_group.node.default_child).retention_in_days = stage.operations.log_retention_days
        return log_group

    def _add_role(self, description: str, rights: Mapping[str, iam.PolicyStatement]) -> iam.Role:
        policies = {name: iam.PolicyDocument(statements=[statement]) for name, statement in rights.items()}
        return iam.Role(
            self,
            "Role",
            description=description,
            assumed_by=for_this_account("lambda.amazonaws.com", Stack.of(self)),
            inline_policies=policies,
        )


def _write_to(log_group: logs.ILogGroup) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group.log_group_arn]
    )
