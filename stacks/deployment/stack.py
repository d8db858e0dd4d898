"""Deployment on approval: the state machine, what wakes it, and what tells of it; the endpoint is the machine's."""

import json
from collections.abc import Sequence

from aws_cdk import CfnOutput, Environment, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from settings import CAPTURE_PREFIX, Deployment, Stage
from stacks.deployment.endpoint_alarms import EndpointAlarms
from stacks.deployment.machine import build_machine
from stacks.deployment.machine_role import MachineRole
from stacks.deployment.machine_start import MachineStart
from stacks.deployment.plan import EndpointPlan, digest
from stacks.deployment.serving_role import ServingRole
from stacks.deployment.told_failures import ToldFailures
from stacks.operations.alarms import add_delivery_alarms
from stacks.shared.notification_topic import NotificationTopic
from stacks.stage_stack import StageStack
from stacks.training.pipeline_start import add_failed_starts

RETRY, LOOK_ONLY = json.dumps({"retry": True}), json.dumps({"retry": False})
"""The machine's input: whether what failed before is tried again."""


class DeploymentStack(StageStack):
    """Stateless; without it the endpoint serves on, and nothing changes it."""

    def __init__(
        self,
        scope: Construct,
        *,
        stage: Stage,
        options: Deployment,
        image: str,
        data_bucket: s3.IBucket,
        key: kms.IKey,
        env: Environment,
    ) -> None:
        """Take *image*, of the container that serves."""
        super().__init__(
            scope, stage.deployment_stack, stage=stage, description="Deploys the approved employee bonus model", env=env
        )
        topic = self._add_topic(stage, key)
        self._add_log_group(stage, key)
        alarms = EndpointAlarms(self, "Alarms", endpoint=stage.endpoint_name, limits=options.alarms, topic=topic).alarms
        machine = self._add_machine(stage, options, image, data_bucket, key, alarms)
        self._add_starts(stage, machine.attr_arn, key, topic)
        CfnOutput(self, "MachineArn", value=machine.attr_arn)

    def _add_machine(
        self,
        stage: Stage,
        options: Deployment,
        image: str,
        data_bucket: s3.IBucket,
        key: kms.IKey,
        alarms: Sequence[cloudwatch.IAlarm],
    ) -> sfn.CfnStateMachine:
        """Add the machine with its role, and the role of the endpoint; *alarms* end an update."""
        serving_role = ServingRole(
            self,
            "ServingRole",
            stage=stage,
            image=image,
            data_bucket=data_bucket,
            key_arn=key.key_arn,
            alarm_arns=[alarm.alarm_arn for alarm in alarms],
            keeps_answers=options.capture_percent > 0,
        ).role
        plan = _plan_endpoint(stage, options, serving_role, data_bucket, key, alarms)
        role = MachineRole(
            self,
            "MachineRole",
            stage=stage,
            serving_role=serving_role,
            data_bucket=data_bucket,
            key_arn=key.key_arn,
            plan=plan,
        ).role
        return sfn.CfnStateMachine(
            self,
            "Machine",
            state_machine_name=stage.deployment_stack,
            definition=build_machine(plan, digest(self.resolve(plan.settings))),
            role_arn=role.role_arn,
        )

    def _add_topic(self, stage: Stage, key: kms.IKey) -> sns.Topic:
        return NotificationTopic(
            self,
            "Topic",
            display_name=f"Employee bonus deployment ({stage.name})",
            notified=stage.operations.notified,
            key=key,
        ).topic

    def _add_log_group(self, stage: Stage, key: kms.IKey) -> None:
        """Add what the endpoint logs to: its name is known, so unlike those of jobs it has the key and an end."""
        group = logs.CfnLogGroup(
            self,
            "EndpointLogs",
            log_group_name=stage.endpoint_log_group,
            kms_key_id=key.key_arn,
            retention_in_days=stage.operations.log_retention_days,
        )
        group.apply_removal_policy(RemovalPolicy.DESTROY)

    def _add_starts(self, stage: Stage, machine_arn: str, key: kms.IKey, topic: sns.Topic) -> None:
        """Add the rules that wake the machine and tell of it, and the alarms of those."""
        failed_starts = add_failed_starts(self, key)
        decided = MachineStart(
            self,
            "Decided",
            what="A model was approved or rejected",
            machine_arn=machine_arn,
            given=RETRY,
            failed_starts=failed_starts,
            event_pattern={
                "source": ["aws.sagemaker"],
                "detail-type": ["SageMaker Model Package State Change"],
                "detail": {
                    "ModelPackageGroupName": [stage.model_package_group_name],
                    "ModelApprovalStatus": ["Approved", "Rejected"],
                },
            },
        )
        hourly = MachineStart(
            self,
            "Hourly",
            what="Finds what an event was lost for",
            machine_arn=machine_arn,
            given=LOOK_ONLY,
            failed_starts=failed_starts,
            schedule_expression="rate(1 hour)",
        )
        told = ToldFailures(self, "ToldFailures", stage=stage, machine_arn=machine_arn, topic=topic)
        rules: dict[str, events.CfnRule] = {each.node.id: each.rule for each in (decided, hourly, told)}
        what = "A start of the deployment failed for good"
        add_delivery_alarms(self, rules, failed_starts, topic, queue_alarm="StuckStarts", what=what)


def _plan_endpoint(
    stage: Stage,
    options: Deployment,
    serving_role: iam.IRole,
    data_bucket: s3.IBucket,
    key: kms.IKey,
    alarms: Sequence[cloudwatch.IAlarm],
) -> EndpointPlan:
    return EndpointPlan(
        endpoint_name=stage.endpoint_name,
        model_package_group=stage.model_package_group_name,
        options=options,
        network=stage.security.network,
        serving_role_arn=serving_role.role_arn,
        key_arn=key.key_arn,
        # SageMaker adds a slash; what it makes of two of them, its guide does not say.
        capture_uri=f"s3://{data_bucket.bucket_name}/{CAPTURE_PREFIX}".removesuffix("/"),
        alarm_names=tuple(alarm.alarm_name for alarm in alarms),
    )
