"""The notifications about an execution that did not end well, in words that say at once what it is."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from pipeline_definition.names import MONITORING_STEP
from settings import Stage
from stacks.names import RULE_LENGTH, name_of
from stacks.operations import event_patterns
from stacks.operations.runbooks import what_to_do
from stacks.shared.notification_topic import NotificationTopic

# EventBridge writes what these paths find in the event in the place of <execution>, <step>, <reason> and <status>.
_EXECUTION = {"execution": "$.detail.pipelineExecutionArn"}
_STEP = {"step": "$.detail.stepName", "reason": "$.detail.failureReason", **_EXECUTION}
_STATUS = {"status": "$.detail.currentPipelineExecutionStatus", **_EXECUTION}


@dataclass(frozen=True, kw_only=True)
class Notification:
    """What is sent when an event matches."""

    pattern: event_patterns.Pattern
    headline: str
    paths: Mapping[str, str] = field(default_factory=lambda: _STEP)
    facts: Sequence[str] = ("Step: <step>", "Reason: <reason>")
    runbook: str


class Notifications(Construct):
    """A topic, and a rule for each kind of end that people should know of."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        display_name: str,
        told: Mapping[str, Notification],
        key: kms.IKey,
    ) -> None:
        super().__init__(scope, id_)
        self.topic = NotificationTopic(
            self,
            "Topic",
            display_name=display_name,
            notified=stage.operations.notified,
            key=key,
        ).topic
        self.rules = {
            name: events.CfnRule(
                self,
                name,
                name=name_of(self, name, longest=RULE_LENGTH),
                description=notification.headline,
                event_pattern=notification.pattern,
                targets=[_target(notification, stage, self.topic)],
            )
            for name, notification in told.items()
        }
        self.topic.add_to_resource_policy(rules_publish(self.topic, self.rules.values()))


def list_training_notifications(pipeline_arn: str) -> dict[str, Notification]:
    """Return what there is to tell of the pipeline that trains."""
    return {
        "Fault": Notification(
            pattern=event_patterns.fault(pipeline_arn), headline="FAULT: a step failed", runbook="failed-execution.md"
        ),
        "RejectedModel": Notification(
            pattern=event_patterns.rejected_model(pipeline_arn),
            headline="MODEL REJECTED by the quality gate, not a fault",
            runbook="rejected-model.md",
        ),
        "RefusedData": Notification(
            pattern=event_patterns.refused_data(pipeline_arn),
            headline="DATA REFUSED by the contract, not a fault",
            runbook="refused-data.md",
        ),
        "Unfinished": _unfinished(pipeline_arn),
    }


def list_scoring_notifications(pipeline_arn: str, *, watched: bool) -> dict[str, Notification]:
    """Return what there is to tell of the pipeline that scores, and that looks for drift where it is *watched*."""
    failed = event_patterns.failed_otherwise if watched else event_patterns.failed_step
    unless = f", unless the step is {MONITORING_STEP}" if watched else ""
    drifted = _drifted(pipeline_arn, "the records are not like the training data; the predictions are written")
    return {
        "Failed": Notification(
            pattern=failed(pipeline_arn),
            headline=f"SCORING FAILED: there are no predictions{unless}",
            runbook="failed-execution.md",
        ),
        **({"Drifted": drifted} if watched else {}),
        "Unfinished": _unfinished(pipeline_arn),
    }


def list_monitoring_notifications(pipeline_arn: str) -> dict[str, Notification]:
    """Return what there is to tell of the pipeline that watches traffic."""
    return {
        "Drifted": _drifted(pipeline_arn, "requests are not like the training data, or the model is worse"),
        "Failed": Notification(
            pattern=event_patterns.failed_otherwise(pipeline_arn),
            headline="MONITORING FAILED: nobody has looked at this window of requests",
            runbook="failed-execution.md",
        ),
        "Unfinished": _unfinished(pipeline_arn),
    }


def _drifted(pipeline_arn: str, what: str) -> Notification:
    return Notification(
        pattern=event_patterns.drifted(pipeline_arn), headline=f"DRIFTED: {what}", runbook="drifted-traffic.md"
    )


def _unfinished(pipeline_arn: str) -> Notification:
    return Notification(
        pattern=event_patterns.unfinished(pipeline_arn),
        headline="UNFINISHED: an execution ended before its end",
        paths=_STATUS,
        facts=("Status: <status>",),
        runbook="failed-execution.md",
    )


def _target(notification: Notification, stage: Stage, topic: sns.ITopic) -> events.CfnRule.TargetProperty:
    return events.CfnRule.TargetProperty(
        id="Topic",
        arn=topic.topic_arn,
        input_transformer=events.CfnRule.InputTransformerProperty(
            input_paths_map=notification.paths, input_template=quoted(_lines(notification, stage))
        ),
    )


def _lines(notification: Notification, stage: Stage) -> list[str]:
    steps = "aws sagemaker list-pipeline-execution-steps"
    return [
        f"[{stage.name}] {notification.headline}",
        *notification.facts,
        what_to_do(notification.runbook),
        "Execution: <execution>",
        f"Steps: {steps} --region {stage.region} --pipeline-execution-arn <execution>",
        "Report: make report EXECUTION=<execution>",
    ]


def quoted(lines: Sequence[str]) -> str:
    """Return a template of several lines: EventBridge takes text in quotes only, and sends these with it."""
    return "\n".join(json.dumps(line) for line in lines)


def rules_publish(topic: sns.ITopic, rules: Iterable[events.CfnRule]) -> iam.PolicyStatement:
    """Let *rules* publish, and none of anybody else's that EventBridge says it acts for.

    AWS's documents differ on whether it says so at all; docs/decisions/0021. No message is lost either way.
    """
    return iam.PolicyStatement(
        sid="Rules",
        principals=[iam.ServicePrincipal("events.amazonaws.com")],
        actions=["sns:Publish"],
        resources=[topic.topic_arn],
        conditions={"ArnEqualsIfExists": {"aws:SourceArn": [rule.attr_arn for rule in rules]}},
    )
