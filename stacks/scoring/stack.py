"""What scores records with the approved model, and can be replaced at any time: pipeline, roles, start rule."""

import json
from dataclasses import replace

from aws_cdk import CfnOutput, Duration, Environment, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from artefacts.definition.images import find_images
from pipeline_definition import names, placeholders
from settings import MODELS_PREFIX, PREDICTIONS_PREFIX, SCORING_PREFIX, ScoringStart, Stage
from stacks.iam import limit_roles
from stacks.operations.alarms import alarm_of_any, failed_deliveries
from stacks.operations.notifications import Notifications, list_scoring_notifications
from stacks.scoring.pipeline_role import ScoringPipelineRole
from stacks.training.champion_finder import ChampionFinder
from stacks.training.code_archive import FUNCTIONS
from stacks.training.code_asset import add_code
from stacks.training.defined_pipeline import DefinedPipeline
from stacks.training.job_role import JobRole
from stacks.training.pipeline_start import PipelineStart, add_failed_starts, new_file


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
        self._add_alarms(rules, failed_starts, notifications.topic)
        CfnOutput(self, "ScoringPipelineName", value=pipeline.pipeline.ref)
        CfnOutput(self, "ScoringPipelineArn", value=pipeline.arn)

    def _add_pipeline(self, stage: Stage, definition: str, data_bucket: s3.IBucket, key: kms.IKey) -> DefinedPipeline:
        """Add the pipeline with its role, and what its steps need: their role, function and code."""
        no_champion = s3_assets.Asset(self, "NoChampion", path=str(FUNCTIONS / "no_champion.json"))
        job_role = JobRole(
            self,
            "JobRole",
            images=find_images(json.loads(definition)["Steps"]),
            data_bucket=data_bucket,
            reads=[f"{SCORING_PREFIX}*", f"{MODELS_PREFIX}*/{names.SERVING}/{names.SERVING_FILE}"],
            writes=[f"{PREDICTIONS_PREFIX}*"],
            key_arn=key.key_arn,
            no_champion=no_champion,
            has_network=stage.security.network is not None,
        ).role
        finder = ChampionFinder(self, "FindChampion", stage=stage, key=key).function
        return DefinedPipeline(
            self,
            "ScoringPipeline",
            name=stage.scoring_pipeline_name,
            description="Predicts bonuses for records with the approved model",
            definition=definition,
            values={
                placeholders.DATA_BUCKET: data_bucket.bucket_name,
                placeholders.CODE_BUCKET: no_champion.s3_bucket_name,
                placeholders.KEY_ARN: key.key_arn,
                placeholders.JOB_ROLE_ARN: job_role.role_arn,
                placeholders.FIND_CHAMPION_ARN: finder.function_arn,
                placeholders.NO_CHAMPION: no_champion.s3_object_key,
                **add_code(self, [names.SCORE_JOB], stage),
            },
            role=ScoringPipelineRole(
                self,
                "PipelineRole",
                stage=stage,
                job_role=job_role,
                champion_finder=finder,
                key_arn=key.key_arn,
            ).role,
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

    def _add_alarms(self, rules: dict[str, events.CfnRule], failed_starts: sqs.IQueue, topic: sns.ITopic) -> None:
        """Add alarms of starts that failed, and of rules that could not deliver."""
        period = Duration.minutes(5)
        visible = failed_starts.metric_approximate_number_of_messages_visible(period=period)
        alarm_of_any(
            self, "StuckStarts", "A start of the scoring failed for good and waits in the queue", visible, topic
        )
        for name, rule in rules.items():
            metric = failed_deliveries(rule, period=period)
            alarm_of_any(self, f"{name}Delivery", f"The rule {name} could not deliver an event", metric, topic)
