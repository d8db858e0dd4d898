"""The alarm of executions that should have been and were not."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from pipeline_definition.names import REJECTION_STEP
from settings import Schedule, SettingsError
from stacks.names import ALARM_LENGTH, name_of
from stacks.operations.pipeline_metrics import PipelineMetrics
from stacks.operations.runbooks import what_to_do

LONGEST_LOOK_BACK_HOURS = 168
"""PutMetricAlarm, "Period": an alarm's periods together are 604,800 seconds at most."""
MARGIN_HOURS = 24
"""Added to the periods: what an execution takes, tried again and all."""


class AlarmError(SettingsError):
    """Settings of which no alarm can be made."""


class OverdueAlarm(Construct):
    """Tells that for too long no execution came to judge a model, be it to register or to reject it."""

    def __init__(
        self, scope: Construct, id_: str, *, look_back_hours: int, metrics: PipelineMetrics, topic: sns.ITopic
    ) -> None:
        super().__init__(scope, id_)
        hour = Duration.hours(1)
        # Neither metric has data where nothing happened, and of real data CloudWatch looks further back than the
        # periods that it is given, by how much nobody knows. Filled, no hour is missing, and it looks at so many
        # hours and no more.
        judged = cloudwatch.MathExpression(
            expression="FILL(succeeded, 0) + FILL(rejected, 0)",
            using_metrics={
                "succeeded": metrics.executions("ExecutionSucceeded", period=hour),
                "rejected": metrics.failures_of(REJECTION_STEP, period=hour),
            },
            label="Models judged",
            period=hour,
        )
        self.alarm = cloudwatch.Alarm(
            self,
            "Resource",
            alarm_name=name_of(self, id_, longest=ALARM_LENGTH),
            alarm_description=f"No execution judged a model in {look_back_hours} hours."
            f" {what_to_do('overdue-execution.md')}",
            metric=judged,
            threshold=1,
            comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            evaluation_periods=look_back_hours,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
        )
        self.alarm.add_alarm_action(actions.SnsAction(topic))


def look_back_hours(schedule: Schedule, missed_periods: int) -> int:
    """Return how long ago the last judgement may be; raise `AlarmError` where no alarm can look back so far."""
    hours = missed_periods * schedule.period_hours + MARGIN_HOURS
    if hours > LONGEST_LOOK_BACK_HOURS:
        raise AlarmError(
            f"operations.missed_periods is {missed_periods}, of {schedule.period_hours} hours: with {MARGIN_HOURS} more"
            f" as a margin the alarm would look back {hours} hours, and {LONGEST_LOOK_BACK_HOURS} is the most that"
            " CloudWatch does; start more often, or set missed_periods=None and watch by yourself"
        )
    return hours
