"""The alarm of failed executions."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from pipeline_definition.names import REJECTION_STEP
from stacks.names import ALARM_LENGTH, name_of
from stacks.operations.pipeline_metrics import PipelineMetrics
from stacks.operations.runbooks import what_to_do

_PERIOD_MINUTES = 5
_PERIODS = 12
_PATIENCE_S = 600
"""How long to wait for word of a rejection; shorter than the periods, or the alarm would be over before it was sent."""


class FaultAlarm(Construct):
    """Tells of a failed execution unless the quality gate rejected a model, which ends an execution as Failed, too.

    It rests on metrics alone, so it also sees what no event reports: an execution that failed before its first step.
    """

    def __init__(self, scope: Construct, id_: str, *, metrics: PipelineMetrics, topic: sns.ITopic) -> None:
        super().__init__(scope, id_)
        period = Duration.minutes(_PERIOD_MINUTES)
        failed = self._in_the_last_hour(
            "Failed", "An execution failed", metrics.executions("ExecutionFailed", period=period)
        )
        rejected = self._in_the_last_hour(
            "Rejected", "The quality gate rejected a model", metrics.failures_of(REJECTION_STEP, period=period)
        )
        # A suppressor, not one rule for both: they go off a moment apart, and a moment is enough to send.
        self.alarm = cloudwatch.CfnCompositeAlarm(
            self,
            "Resource",
            alarm_name=name_of(self, id_, longest=ALARM_LENGTH),
            alarm_description=f"An execution failed, and not by a rejected model. {what_to_do('failed-execution.md')}",
            alarm_rule=f'ALARM("{failed.alarm_arn}")',
            alarm_actions=[topic.topic_arn],
            actions_suppressor=rejected.alarm_arn,
            actions_suppressor_wait_period=_PATIENCE_S,
            actions_suppressor_extension_period=_PATIENCE_S,
        )

    def _in_the_last_hour(self, id_: str, what: str, metric: cloudwatch.IMetric) -> cloudwatch.Alarm:
        return cloudwatch.Alarm(
            self,
            id_,
            alarm_name=name_of(self, f"{self.node.id}{id_}", longest=ALARM_LENGTH),
            alarm_description=f"{what}; sends nothing by itself. {what_to_do('failed-execution.md')}",
            metric=metric,
            threshold=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            evaluation_periods=_PERIODS,
            datapoints_to_alarm=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
