"""What SageMaker measures of a pipeline."""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

NAMESPACE = "AWS/Sagemaker/ModelBuildingPipeline"
"""In this spelling, which SageMaker uses nowhere else."""

QUALITY_NAMESPACE = "EmpBonus"
"""Of what `functions/publish_quality.py` publishes."""


@dataclass(frozen=True)
class PipelineMetrics:
    """The metrics of one pipeline; where nothing happened they have no data, not even zero."""

    pipeline_name: str

    def executions(self, end: str, *, period: Duration) -> cloudwatch.Metric:
        """Return the count of ExecutionStarted, ExecutionSucceeded, ExecutionFailed or ExecutionStopped."""
        return self._metric(end, statistic="Sum", period=period)

    def longest_execution(self, *, period: Duration) -> cloudwatch.MathExpression:
        """Return the minutes that the longest execution took."""
        milliseconds = self._metric("ExecutionDuration", statistic="Maximum", period=period)
        return cloudwatch.MathExpression(
            expression="duration / 60000", using_metrics={"duration": milliseconds}, label="minutes", period=period
        )

    def failures_of(self, step: str, *, period: Duration) -> cloudwatch.Metric:
        """Return how often *step* failed."""
        return self._metric("StepFailed", statistic="Sum", period=period, StepName=step)

    def failures_by_step(self, *, period: Duration) -> cloudwatch.MathExpression:
        """Return how often each step failed: for a graph, an alarm may not search."""
        schema = f"{{{NAMESPACE},PipelineName,StepName}}"
        wanted = f'{schema} MetricName="StepFailed" PipelineName="{self.pipeline_name}"'
        return cloudwatch.MathExpression(
            expression=f"SEARCH('{wanted}', 'Sum', {period.to_seconds():.0f})",
            using_metrics={},
            label="",
            period=period,
        )

    def quality(self, name: str, *, period: Duration) -> cloudwatch.Metric:
        """Return ChampionRmse, ChallengerRmse, or ChampionWorse, which is 0 or 1: on rows that are newly labelled."""
        return cloudwatch.Metric(
            namespace=QUALITY_NAMESPACE,
            metric_name=name,
            dimensions_map={"Pipeline": self.pipeline_name},
            statistic="Maximum",
            period=period,
        )

    def _metric(self, name: str, *, statistic: str, period: Duration, **dimensions: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=name,
            dimensions_map={"PipelineName": self.pipeline_name, **dimensions},
            statistic=statistic,
            period=period,
        )
