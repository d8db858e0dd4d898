"""An EventBridge rule that starts the pipeline."""

from collections.abc import Mapping
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from settings import StartRule
from stacks.names import RULE_LENGTH, name_of


class PipelineStart(Construct):
    """A rule with its own role, which may start this one pipeline; a start that fails lands in a queue."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        start: StartRule,
        schedule_expression: str | None = None,
        event_pattern: Mapping[str, Any] | None = None,
        pipeline_arn: str,
        failed_starts: sqs.IQueue,
    ) -> None:
        """Give either *schedule_expression* or *event_pattern*."""
        super().__init__(scope, id_)
        name = name_of(self, id_, longest=RULE_LENGTH)
        starts = iam.PolicyStatement(actions=["sagemaker:StartPipelineExecution"], resources=[pipeline_arn])
        role = rule_role(self, name, description="Starts the employee bonus pipeline", may=starts)
        self.rule = events.CfnRule(
            self,
            "Resource",
            name=name,
            schedule_expression=schedule_expression,
            event_pattern=event_pattern,
            state="ENABLED" if start.enabled else "DISABLED",
            targets=[_target(start, role, pipeline_arn, failed_starts)],
        )
        send_to(failed_starts, self.rule)


def send_to(queue: sqs.IQueue, rule: events.CfnRule) -> None:
    """Let EventBridge put into *queue* what *rule* could not deliver."""
    queue.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("events.amazonaws.com")],
            actions=["sqs:SendMessage"],
            resources=[queue.queue_arn],
            conditions={"ArnEquals": {"aws:SourceArn": rule.attr_arn}},
        )
    )


def rule_role(scope: Construct, rule: str, *, description: str, may: iam.PolicyStatement) -> iam.Role:
    """Return the role of the rule called *rule*, which nobody else can use."""
    stack = Stack.of(scope)
    # Written out: with a reference, rule and role would need each other first.
    rule_arn = stack.format_arn(service="events", resource="rule", resource_name=rule)
    return iam.Role(
        scope,
        "Role",
        description=description,
        assumed_by=iam.ServicePrincipal(
            "events.amazonaws.com",
            conditions={
                "StringEquals": {"aws:SourceAccount": stack.account},
                "ArnEquals": {"aws:SourceArn": rule_arn},
            },
        ),
        inline_policies={"Start": iam.PolicyDocument(statements=[may])},
    )


def _target(
    start: StartRule, role: iam.IRole, pipeline_arn: str, failed_starts: sqs.IQueue
) -> events.CfnRule.TargetProperty:
    return events.CfnRule.TargetProperty(
        id="Pipeline",
        arn=pipeline_arn,
        role_arn=role.role_arn,
        sage_maker_pipeline_parameters=events.CfnRule.SageMakerPipelineParametersProperty(
            pipeline_parameter_list=[
                events.CfnRule.SageMakerPipelineParameterProperty(name=name, value=value)
                for name, value in start.parameters.items()
            ]
        ),
        retry_policy=events.CfnRule.RetryPolicyProperty(
            maximum_event_age_in_seconds=start.maximum_event_age_s, maximum_retry_attempts=start.maximum_retries
        ),
        dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=failed_starts.queue_arn),
    )
