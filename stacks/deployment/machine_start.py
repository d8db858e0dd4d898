"""A rule that wakes the state machine."""

from collections.abc import Mapping
from typing import Any

from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.names import RULE_LENGTH, name_of
from stacks.training.pipeline_start import rule_role, send_to

_EVENT_AGE_S = 3_600
_RETRIES = 3


class MachineStart(Construct):
    """A rule with its own role, which may start this one machine; a start that fails lands in a queue."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        what: str,
        machine_arn: str,
        given: str,
        failed_starts: sqs.IQueue,
        schedule_expression: str | None = None,
        event_pattern: Mapping[str, Any] | None = None,
    ) -> None:
        """Give either *schedule_expression* or *event_pattern*; *given* is the machine's input."""
        super().__init__(scope, id_)
        name = name_of(self, id_, longest=RULE_LENGTH)
        start = iam.PolicyStatement(actions=["states:StartExecution"], resources=[machine_arn])
        role = rule_role(self, name, description="Wakes the deployment of the employee bonus model", may=start)
        self.rule = events.CfnRule(
            self,
            "Resource",
            name=name,
            description=what,
            schedule_expression=schedule_expression,
            event_pattern=event_pattern,
            targets=[
                events.CfnRule.TargetProperty(
                    id="Machine",
                    arn=machine_arn,
                    role_arn=role.role_arn,
                    input=given,
                    retry_policy=events.CfnRule.RetryPolicyProperty(
                        maximum_event_age_in_seconds=_EVENT_AGE_S, maximum_retry_attempts=_RETRIES
                    ),
                    dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=failed_starts.queue_arn),
                )
            ],
        )
        send_to(failed_starts, self.rule)
