"""What can be replaced at any time: the pipeline, its roles and code, and the rules that start it."""

import json

from aws_cdk import CfnOutput, Duration, Environment, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from artefacts.definition.images import find_images
from pipeline_definition import placeholders
from settings import RAW_PREFIX, Stage
from stacks.iam import limit_roles
from stacks.operations.operations import Operations
from stacks.training.champion_finder import ChampionFinder
from stacks.training.code_archive import FUNCTIONS, ROOT, step_archive
from stacks.training.code_asset import CodeAsset
from stacks.training.job_role import JobRole
from stacks.training.pipeline_role import PipelineRole
from stacks.training.pipeline_start import PipelineStart
from stacks.training.s3_endpoint import S3Endpoint
from stacks.training.training_pipeline import TrainingPipeline


class PipelineStack(Stack):
    """Stateless; code and definition change, and roll back, together."""

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
            stage.pipeline_stack,
            env=env,
            description=f"The employee bonus training pipeline ({stage.name})",
            tags=stage.tags,
            # Deleting the pipeline deletes the history of its executions.
            termination_protection=not stage.may_be_torn_down,
        )
        limit_roles(self, stage.security.permissions_boundary_arn)
        pipeline = self._add_pipeline(stage, definition, data_bucket, key)
        network = stage.security.network
        if network and network.route_table_ids:
            S3Endpoint(self, "S3Endpoint", network=network)
        failed_starts = self._add_failed_starts(key)
        Operations(
            self,
            "Operations",
            stage=stage,
            pipeline_arn=pipeline.arn,
            rules=self._add_starts(stage, pipeline.arn, data_bucket, failed_starts),
            failed_starts=failed_starts,
            key=key,
        )
        CfnOutput(self, "PipelineName", value=pipeline.pipeline.ref)
        CfnOutput(self, "PipelineArn", value=pipeline.arn)

    def _add_pipeline(self, stage: Stage, definition: str, data_bucket: s3.IBucket, key: kms.IKey) -> TrainingPipeline:
        """Add the pipeline with its role, and what its steps need: their role, function and code."""
        no_champion = s3_assets.Asset(self, "NoChampion", path=str(FUNCTIONS / "no_champion.json"))
        job_role = JobRole(
            self,
            "JobRole",
            images=find_images(json.loads(definition)["Steps"]),
            data_bucket=data_bucket,
            key_arn=key.key_arn,
            no_champion=no_champion,
            has_network=stage.security.network is not None,
        ).role
        finder = ChampionFinder(self, "FindChampion", stage=stage, key=key).function
        return TrainingPipeline(
            self,
            "TrainingPipeline",
            name=stage.pipeline_name,
            definition=definition,
            values={
                placeholders.DATA_BUCKET: data_bucket.bucket_name,
                placeholders.CODE_BUCKET: no_champion.s3_bucket_name,
                placeholders.KEY_ARN: key.key_arn,
                placeholders.JOB_ROLE_ARN: job_role.role_arn,
                placeholders.FIND_CHAMPION_ARN: finder.function_arn,
                placeholders.NO_CHAMPION: no_champion.s3_object_key,
                **self._code(stage),
            },
            role=PipelineRole(
                self,
                "PipelineRole",
                stage=stage,
                job_role=job_role,
                champion_finder=finder,
                data_bucket=data_bucket,
                key_arn=key.key_arn,
            ).role,
        )

    def _code(self, stage: Stage) -> dict[str, str]:
        """Add the archive of each processing step; return the object keys by placeholder."""
        contract = ROOT / stage.data_contract
        assets = {
            token: CodeAsset(
                self, placeholders.name_of(token), file_name=f"{module}.zip", content=step_archive(module, contract)
            ).asset
            for module, token in placeholders.CODE.items()
        }
        return {token: asset.s3_object_key for token, asset in assets.items()}

    def _add_failed_starts(self, key: kms.IKey) -> sqs.Queue:
        """Add the queue of starts that could not be delivered."""
        return sqs.Queue(
            self,
            "FailedStarts",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=Duration.days(14),
        )

    def _add_starts(
        self, stage: Stage, pipeline_arn: str, data_bucket: s3.IBucket, failed_starts: sqs.IQueue
    ) -> dict[str, events.CfnRule]:
        """Add the rules that start the pipeline; return them by name."""
        new_data = {
            "source": ["aws.s3"],
            "detail-type": ["Object Created"],
            "detail": {"bucket": {"name": [data_bucket.bucket_name]}, "object": {"key": _raw_files()}},
        }
        scheduled = PipelineStart(
            self,
            "ScheduledStart",
            start=stage.schedule,
            schedule_expression=stage.schedule.expression,
            pipeline_arn=pipeline_arn,
            failed_starts=failed_starts,
        )
        with_new_data = PipelineStart(
            self,
            "NewDataStart",
            start=stage.new_data_start,
            event_pattern=new_data,
            pipeline_arn=pipeline_arn,
            failed_starts=failed_starts,
        )
        return {start.node.id: start.rule for start in (scheduled, with_new_data)}


def _raw_files() -> list[dict[str, str]]:
    """Return what the key of a raw file matches.

    Raw files are read however their endings are spelled, and not if their names begin with `._` or `~$`; a pattern
    can only say that a value matches one of several operators (EventBridge user guide, "Comparison operators").
    """
    return [{"wildcard": f"{RAW_PREFIX}*{ending}"} for ending in (".csv", ".CSV", ".csv.gz", ".CSV.gz")]
