"""The key that encrypts everything: objects, volumes, messages, logs."""

from collections.abc import Sequence

from aws_cdk import ArnFormat, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.iam import alarm_arns

USE = ["kms:Decrypt", "kms:GenerateDataKey*"]


class EncryptionKey(Construct):
    """A customer-managed key, rotated every year, that outlives its stack as what it encrypted does."""

    def __init__(
        self, scope: Construct, id_: str, *, description: str, users: Sequence[str], log_groups: Sequence[str]
    ) -> None:
        """Let CloudWatch use the key for alarms of the stacks called *users* and for *log_groups*, patterns, alone."""
        super().__init__(scope, id_)
        stack = Stack.of(self)
        self.key = kms.Key(
            self,
            "Resource",
            description=description,
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        # Roles of this account have their rights in their own policies; services that act in nobody's role, here.
        for statement in (
            _send_events(),
            _send_alarms(stack, users),
            _encrypt_logs(stack, log_groups),
        ):
            self.key.add_to_resource_policy(statement)


def encrypt_volumes(key_arn: str) -> list[iam.PolicyStatement]:
    """Let a role's jobs have volumes with the key, which takes a grant to an AWS service; no other grant is allowed."""
    return [
        iam.PolicyStatement(actions=["kms:DescribeKey"], resources=[key_arn]),
        iam.PolicyStatement(
            actions=["kms:CreateGrant"],
            resources=[key_arn],
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    ]


def _send_events() -> iam.PolicyStatement:
    """Let EventBridge encrypt what it puts into a dead-letter queue or publishes.

    Without a condition: on whose behalf is "not supported for EventBridge-to-encrypted topics" ("Key management" in the
    SNS developer guide), nor asked in the SQS guide's "Configure KMS permissions for AWS services". Which rules may
    send is in the policies of queue and topic.
    """
    return iam.PolicyStatement(
        sid="SendEvents",
        principals=[iam.ServicePrincipal("events.amazonaws.com")],
        actions=USE,
        resources=["*"],  # of a key's own policy: this key
    )


def _send_alarms(stack: Stack, users: Sequence[str]) -> iam.PolicyStatement:
    alarms = [alarm_arns(stack, user) for user in users]
    return iam.PolicyStatement(
        sid="SendAlarms",
        principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
        actions=USE,
        resources=["*"],  # of a key's own policy: this key
        conditions={"StringEquals": {"aws:SourceAccount": stack.account}, "ArnLike": {"aws:SourceArn": alarms}},
    )


def _encrypt_logs(stack: Stack, names: Sequence[str]) -> iam.PolicyStatement:
    log_groups = [
        stack.format_arn(
            service="logs",
            resource="log-group",
            resource_name=name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        for name in names
    ]
    return iam.PolicyStatement(
        sid="EncryptLogs",
        principals=[iam.ServicePrincipal(f"logs.{stack.region}.amazonaws.com")],
        # Not kms:DescribeKey, as AWS's example has it: it comes without the context that the condition asks for.
        actions=[*USE, "kms:Encrypt", "kms:ReEncrypt*"],
        resources=["*"],  # of a key's own policy: this key
        conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": log_groups}},
    )
