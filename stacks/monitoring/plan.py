"""What watches the approved model's traffic."""

from functools import partial

from aws_cdk import Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from pipeline_definition import names
from pipeline_definition.placeholders import FIND_TRAFFIC_ARN
from settings import (
    CAPTURE_PREFIX,
    MODELS_PREFIX,
    MONITORING_PREFIX,
    RAW_PREFIX,
    Monitoring,
    Stage,
    StartRule,
)
from stacks.champion_use.plan import BASELINES, FINDINGS, PipelinePlan
from stacks.monitoring.traffic_finder import TrafficFinder
from stacks.operations.event_patterns import training_wanted
from stacks.operations.notifications import list_monitoring_notifications
from stacks.training.pipeline_start import PipelineStart

DRIFT_START = StartRule(enabled=True, parameters={names.DATA_VERSION: "$.time"})
"""Of a training: the time of the event stands for the data that is there by then."""


def plan_monitoring(stage: Stage, definition: str, data_bucket: s3.IBucket, key: kms.IKey) -> PipelinePlan:
    """Return the plan of the monitoring pipeline; what it finds is in *data_bucket*."""
    options = stage.monitoring or Monitoring()
    return PipelinePlan(
        use="monitoring",
        stack_name=stage.monitoring_stack,
        pipeline_name=stage.monitoring_pipeline_name,
        description="Compares requests with what the approved model was trained on",
        definition=definition,
        jobs=[names.MONITOR_JOB],
        reads=[
            *(f"{prefix}*" for prefix in (CAPTURE_PREFIX, RAW_PREFIX, MONITORING_PREFIX)),
            BASELINES,
            *(
                f"{MODELS_PREFIX}*/{name}"
                for name in (f"{names.FEATURE_MODEL}/*", f"{names.EVALUATION}/{names.EVALUATION_FILE}")
            ),
        ],
        writes=[f"{MONITORING_PREFIX}*"],
        figures=[FINDINGS],
        add_functions=lambda scope: {
            FIND_TRAFFIC_ARN: TrafficFinder(
                scope, "FindTraffic", stage=stage, data_bucket=data_bucket, key=key
            ).function
        },
        add_starts=partial(_add_starts, stage, options),
        told=list_monitoring_notifications,
    )


def _add_starts(
    stage: Stage, options: Monitoring, scope: Construct, pipeline_arn: str, failed_starts: sqs.IQueue
) -> dict[str, events.CfnRule]:
    """Add the schedule and, if asked for, the rule that starts the training pipeline; return them by name."""
    scheduled = PipelineStart(
        scope,
        "MonitoringStart",
        start=options.schedule,
        schedule_expression=options.schedule.expression,
        pipeline_arn=pipeline_arn,
        failed_starts=failed_starts,
    )
    if not options.retrain:
        return {scheduled.node.id: scheduled.rule}
    training = Stack.of(scope).format_arn(service="sagemaker", resource="pipeline", resource_name=stage.pipeline_name)
    drifted = PipelineStart(
        scope,
        "DriftStart",
        start=DRIFT_START,
        event_pattern=training_wanted(pipeline_arn),
        pipeline_arn=training,
        failed_starts=failed_starts,
    )
    return {start.node.id: start.rule for start in (scheduled, drifted)}
