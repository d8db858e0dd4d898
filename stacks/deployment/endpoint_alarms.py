"""The alarms that end an update of the endpoint, and that people hear of at any time."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from settings import EndpointAlarms as Limits
from stacks.deployment.plan import VARIANT
from stacks.names import ALARM_LENGTH, name_of
from stacks.operations.runbooks import what_to_do

RUNBOOK = "failed-deployment.md"


class EndpointAlarms(Construct):
    """Errors and latency of the endpoint: a request that the model refuses, 4xx, is no fault of its."""

    def __init__(self, scope: Construct, id_: str, *, endpoint: str, limits: Limits, topic: sns.ITopic) -> None:
        super().__init__(scope, id_)
        self._topic, self._endpoint = topic, endpoint
        errors = self._alarm(
            "EndpointErrors",
            "The endpoint answered with 5xx",
            self._metric("Invocation5XXErrors", "Sum"),
            threshold=limits.errors_per_minute,
            periods=1,
        )
        latency = self._alarm(
            "EndpointLatency",
            "The endpoint is slow",
            self._metric("ModelLatency", "p99"),
            threshold=limits.latency_ms * 1_000,  # the metric is in microseconds
            periods=3,
        )
        self.alarms = (errors, latency)

    def _metric(self, name: str, statistic: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/SageMaker",
            metric_name=name,
            dimensions_map={"EndpointName": self._endpoint, "VariantName": VARIANT},
            statistic=statistic,
            period=Duration.minutes(1),
        )

    def _alarm(
        self, id_: str, what: str, metric: cloudwatch.IMetric, *, threshold: int, periods: int
    ) -> cloudwatch.Alarm:
        alarm = cloudwatch.Alarm(
            self,
            id_,
            alarm_name=name_of(self, id_, longest=ALARM_LENGTH),
            alarm_description=f"{what}. {what_to_do(RUNBOOK)}",
            metric=metric,
            threshold=threshold,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            evaluation_periods=periods,
            # Without requests there are no figures.
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self._topic))
        return alarm
