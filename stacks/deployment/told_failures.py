"""The rule that tells of a deployment that did not succeed."""

from aws_cdk import aws_events as events
from aws_cdk import aws_sns as sns
from constructs import Construct

from settings import Stage
from stacks.deployment.endpoint_alarms import RUNBOOK
from stacks.names import RULE_LENGTH, name_of
from stacks.operations.notifications import quoted, rules_publish
from stacks.operations.runbooks import what_to_do


class ToldFailures(Construct):
    """A rule from the machine's own events to the topic: it also tells of an execution that ran out of time."""

    def __init__(self, scope: Construct, id_: str, *, stage: Stage, machine_arn: str, topic: sns.Topic) -> None:
        super().__init__(scope, id_)
        lines = [
            f"[{stage.name}] DEPLOYMENT <status>: <error>",
            "Reason: <cause>",
            what_to_do(RUNBOOK),
            "Execution: <execution>",
        ]
        self.rule = events.CfnRule(
            self,
            "Resource",
            name=name_of(self, id_, longest=RULE_LENGTH),
            description="A deployment did not succeed",
            event_pattern={
                "source": ["aws.states"],
                "detail-type": ["Step Functions Execution Status Change"],
                "detail": {"stateMachineArn": [machine_arn], "status": ["FAILED", "TIMED_OUT", "ABORTED"]},
            },
            targets=[
                events.CfnRule.TargetProperty(
                    id="Topic",
                    arn=topic.topic_arn,
                    input_transformer=events.CfnRule.InputTransformerProperty(
                        input_paths_map={
                            "status": "$.detail.status",
                            "error": "$.detail.error",
                            "cause": "$.detail.cause",
                            "execution": "$.detail.executionArn",
                        },
                        input_template=quoted(lines),
                    ),
                )
            ],
        )
        topic.add_to_resource_policy(rules_publish(topic, [self.rule]))
