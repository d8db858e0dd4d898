"""The page in CloudWatch that shows how the pipeline fares."""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from pipeline_definition.names import REJECTION_STEP
from settings import Stage
from stacks.operations.alarms import failed_deliveries
from stacks.operations.pipeline_metrics import PipelineMetrics
from stacks.operations.runbooks import FOLDER

_WEEKS_SHOWN = 4
_HALF = 12
"""Of the page's width."""


class Dashboard(Construct):
    """Graphs, a day a point: how executions ended and how long they took, failures; if watched, errors of models."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        rules: Mapping[str, events.CfnRule],
        failed_starts: sqs.IQueue,
    ) -> None:
        super().__init__(scope, id_)
        day = Duration.days(1)
        metrics = PipelineMetrics(stage.pipeline_name)
        ends = ("ExecutionStarted", "ExecutionSucceeded", "ExecutionFailed", "ExecutionStopped")
        lost = [failed_deliveries(rule, period=day) for rule in rules.values()]
        cloudwatch.Dashboard(
            self,
            "Resource",
            # It has to have a name. It is deleted with its stack, so that the next deployment finds the name free.
            dashboard_name=f"emp-bonus-{stage.name}",
            default_interval=Duration.days(7 * _WEEKS_SHOWN),
            widgets=[
                [_heading(stage)],
                [
                    _graph("Executions", [metrics.executions(end, period=day) for end in ends]),
                    _graph("Longest execution (minutes)", [metrics.longest_execution(period=day)]),
                ],
                [
                    _graph("Failed steps", [metrics.failures_by_step(period=day)]),
                    _graph(
                        "Failed starts and deliveries",
                        [failed_starts.metric_approximate_number_of_messages_visible(period=day), *lost],
                    ),
                ],
                *([[_quality(metrics, day)]] if stage.monitoring else []),
            ],
        )


def _heading(stage: Stage) -> cloudwatch.TextWidget:
    text = (
        f"**{stage.pipeline_name}** An execution that rejects a model ends as failed, at {REJECTION_STEP}."
        f" What to do about anything here: `{FOLDER}/README.md`"
    )
    return cloudwatch.TextWidget(markdown=text, width=2 * _HALF, height=2)


def _quality(metrics: PipelineMetrics, day: Duration) -> cloudwatch.GraphWidget:
    of_both = [metrics.quality(name, period=day) for name in ("ChampionRmse", "ChallengerRmse")]
    return _graph("RMSE on newly labelled rows", of_both)


def _graph(title: str, metrics: Sequence[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=metrics, width=_HALF)
