"""The alarms of the pipeline."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events as events
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from settings import Stage
from stacks.names import ALARM_LENGTH, name_of
from stacks.operations.fault_alarm import FaultAlarm
from stacks.operations.overdue_alarm import OverdueAlarm, look_back_hours
from stacks.operations.pipeline_metrics import PipelineMetrics
from stacks.operations.runbooks import what_to_do

_PERIOD_MINUTES = 5


class Alarms(Construct):
    """Executions that failed or did not come, starts that failed, rules that could not deliver, a worse champion."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        rules: Mapping[str, events.CfnRule],
        failed_starts: sqs.IQueue,
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, id_)
        metrics = PipelineMetrics(stage.pipeline_name)
        FaultAlarm(self, "Fault", metrics=metrics, topic=topic)
        what = "A start of the pipeline failed for good and waits in the queue"
        add_delivery_alarms(self, rules, failed_starts, topic, queue_alarm="FailedStarts", what=what)
        if stage.monitoring:
            _add_worse_champion(self, metrics, topic)
        if stage.schedule.enabled and stage.operations.missed_periods is not None:
            hours = look_back_hours(stage.schedule, stage.operations.missed_periods)
            OverdueAlarm(self, "Overdue", look_back_hours=hours, metrics=metrics, topic=topic)


def add_delivery_alarms(
    scope: Construct,
    rules: Mapping[str, events.CfnRule],
    failed_starts: sqs.IQueue,
    topic: sns.ITopic,
    *,
    queue_alarm: str,
    what: str,
) -> None:
    """Tell *topic* of starts in the queue, as *queue_alarm*, and of events that one of *rules* could not deliver."""
    period = Duration.minutes(_PERIOD_MINUTES)
    visible = failed_starts.metric_approximate_number_of_messages_visible(period=period)
    _alarm_of_any(scope, queue_alarm, what, visible, topic)
    for name, rule in rules.items():
        metric = failed_deliveries(rule, period=period)
        _alarm_of_any(scope, f"{name}Delivery", f"The rule {name} could not deliver an event", metric, topic)


def _add_worse_champion(scope: Construct, metrics: PipelineMetrics, topic: sns.ITopic) -> None:
    """Tell *topic* of an execution that found the champion worse than it was when it was registered."""
    what = "The champion predicts newly labelled rows significantly worse than those that it was registered with"
    # An hour: CloudWatch may come to know minutes later what a log says.
    metric = metrics.quality("ChampionWorse", period=Duration.hours(1))
    _alarm_of_any(scope, "ChampionWorse", what, metric, topic, runbook="worse-champion.md")


def _alarm_of_any(
    scope: Construct,
    id_: str,
    what: str,
    metric: cloudwatch.IMetric,
    topic: sns.ITopic,
    *,
    runbook: str = "undelivered-event.md",
) -> None:
    """Add an alarm that tells *topic* of the first event or message that *metric* counts."""
    alarm = cloudwatch.Alarm(
        scope,
        id_,
        alarm_name=name_of(scope, id_, longest=ALARM_LENGTH),
        alarm_description=f"{what}. {what_to_do(runbook)}",
        metric=metric,
        threshold=1,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluation_periods=1,
        # Nobody sends a figure where there is nothing to count.
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    alarm.add_alarm_action(actions.SnsAction(topic))


def failed_deliveries(rule: events.CfnRule, *, period: Duration) -> cloudwatch.Metric:
    """Return how often *rule* gave up on an event."""
    return cloudwatch.Metric(
        namespace="AWS/Events",
        metric_name="FailedInvocations",
        dimensions_map={"RuleName": rule.ref},
        statistic="Sum",
        period=period,
    )
