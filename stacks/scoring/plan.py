"""What scores records with the approved model."""

from dataclasses import replace
from functools import partial

from aws_cdk import aws_events as events
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from pipeline_definition import names
from settings import MODELS_PREFIX, MONITORING_PREFIX, PREDICTIONS_PREFIX, SCORING_PREFIX, ScoringStart, Stage
from stacks.champion_use.plan import BASELINES, FINDINGS, PipelinePlan
from stacks.operations.notifications import list_scoring_notifications
from stacks.training.pipeline_start import PipelineStart, new_file


def plan_scoring(stage: Stage, definition: str, data_bucket: s3.IBucket) -> PipelinePlan:
    """Return the plan of the scoring pipeline; predictions are in *data_bucket*."""
    watched = stage.monitoring is not None
    return PipelinePlan(
        use="scoring",
        stack_name=stage.scoring_stack,
        pipeline_name=stage.scoring_pipeline_name,
        description="Predicts bonuses for records with the approved model",
        definition=definition,
        jobs=[names.SCORE_JOB, *([names.MONITOR_JOB] if watched else [])],
        reads=[
            f"{SCORING_PREFIX}*",
            f"{MODELS_PREFIX}*/{names.SERVING}/{names.SERVING_FILE}",
            *([BASELINES] if watched else []),
        ],
        writes=[f"{PREDICTIONS_PREFIX}*", *([f"{MONITORING_PREFIX}*"] if watched else [])],
        figures=[FINDINGS] if watched else [],
        add_starts=partial(_add_start, stage, data_bucket),
        told=partial(list_scoring_notifications, watched=watched),
    )


def _add_start(
    stage: Stage, data_bucket: s3.IBucket, scope: Construct, pipeline_arn: str, failed_starts: sqs.IQueue
) -> dict[str, events.CfnRule]:
    """Add the rule that starts the pipeline; return it by its name."""
    options = stage.scoring.new_data_start if stage.scoring else ScoringStart()
    # The event has the object's key alone.
    parameters = {**options.parameters, names.INPUT_DATA: f"s3://{data_bucket.bucket_name}/"}
    start = PipelineStart(
        scope,
        "NewRecordsStart",
        start=replace(options, parameters=parameters),
        event_pattern=new_file(data_bucket, SCORING_PREFIX),
        pipeline_arn=pipeline_arn,
        failed_starts=failed_starts,
    )
    return {start.node.id: start.rule}
