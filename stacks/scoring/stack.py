"""What scores records with the approved model, and can be replaced at any time: pipeline, roles, start rule."""

from dataclasses import replace

from aws_cdk import CfnOutput, Environment, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from pipeline_definition import names
from settings import MODELS_PREFIX, PREDICTIONS_PREFIX, SCORING_PREFIX, ScoringStart, Stage
from stacks.iam import limit_roles
from stacks.operations.alarms import add_delivery_alarms
from stacks.operations.notifications import Notifications, list_scoring_notifications
from stacks.scoring.pipeline_role import ScoringPipelineRole
from stacks.training.defined_pipeline import DefinedPipeline
from stacks.training.pipeline_start import PipelineStart, add_failed_starts, new_file
from stacks.training.step_needs import add_step_needs


class ScoringStack(Stack):
    """Stateless; predictions are in the data bucket."""

    def __init__(
        self,
        scope: Construct,
        *,
        stage: Stage,
        definition: str,
        data_bucket: s3.IBucket,
        key: kms.IKey,
        env: Environment,
    ) -> None:
        super().__init__(
            scope,
            stage.scoring_stack,
            env=env,
            description=f"The employee bonus scoring pipeline ({stage.name})",
            tags=stage.tags,
            # Deleting the pipeline deletes the history of its executions.
            termination_protection=not stage.may_be_torn_down,
        )
        limit_roles(self, stage.security.permissions_boundary_arn)
        pipeline = self._add_pipeline(stage, definition, data_bucket, key)
        notifications = Notifications(
            self,
            "Notifications",
            stage=stage,
            display_name=f"Employee bonus scoring ({stage.name})",
            told=list_scoring_notifications(pipeline.arn),
            key=key,
        )
        failed_starts = add_failed_starts(self, key)
        rules = {**self._add_start(stage, pipeline.arn, data_bucket, failed_starts), **notifications.rules}
        add_delivery_alarms(
            self,
            rules,
            failed_starts,
            notifications.topic,
            queue_alarm="StuckStarts",
            what="A start of the scoring failed for good and waits in the queue",
        )
        CfnOutput(self, "ScoringPipelineName", value=pipeline.pipeline.ref)
        CfnOutput(self, "ScoringPipelineArn", value=pipeline.arn)

    def _add_pipeline(self, stage: Stage, definition: str, data_bucket: s3.IBucket, key: kms.IKey) -> DefinedPipeline:
        """Add the pipeline with its role, and what its steps need: their role, function and code."""
        needs = add_step_needs(
            self,
            stage=stage,
            definition=definition,
            programs=[names.SCORE_JOB],
            data_bucket=data_bucket,
            reads=[f"{SCORING_PREFIX}*", f"{MODELS_PREFIX}*/{names.SERVING}/{names.SERVING_FILE}"],
            writes=[f"{PREDICTIONS_PREFIX}*"],
            key=key,
        )
        role = ScoringPipelineRole(
            self,
            "PipelineRole",
            stage=stage,
            job_role=needs.job_role,
            champion_finder=needs.champion_finder,
            key_arn=key.key_arn,
        ).role
        return DefinedPipeline(
            self,
            "ScoringPipeline",
            name=stage.scoring_pipeline_name,
            description="Predicts bonuses for records with the approved model",
            definition=definition,
            values=needs.values,
            role=role,
        )

    def _add_start(
        self, stage: Stage, pipeline_arn: str, data_bucket: s3.IBucket, failed_starts: sqs.IQueue
    ) -> dict[str, events.CfnRule]:
        """Add the rule that starts the pipeline; return it by its name."""
        options = stage.scoring.new_data_start if stage.scoring else ScoringStart()
        # The event has the object's key alone.
        parameters = {**options.parameters, names.INPUT_DATA: f"s3://{data_bucket.bucket_name}/"}
        start = PipelineStart(
            self,
            "NewRecordsStart",
            start=replace(options, parameters=parameters),
            event_pattern=new_file(data_bucket, SCORING_PREFIX),
            pipeline_arn=pipeline_arn,
            failed_starts=failed_starts,
        )
        return {start.node.id: start.rule}
