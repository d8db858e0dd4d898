"""What can be replaced at any time: the pipeline, its roles and code, and the rules that start it."""

from aws_cdk import CfnOutput, Duration, Environment, Stack
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from pipeline_definition import placeholders
from settings import RAW_PREFIX, Stage
from stacks.code_archive import FUNCTIONS, step_archive
from stacks.constructs.champion_finder import ChampionFinder
from stacks.constructs.code_asset import CodeAsset
from stacks.constructs.job_role import JobRole
from stacks.constructs.pipeline_role import PipelineRole
from stacks.constructs.pipeline_start import PipelineStart
from stacks.constructs.training_pipeline import TrainingPipeline


class PipelineStack(Stack):
    """Stateless; code and definition change, and roll back, together."""

    def __init__(
        self, scope: Construct, *, stage: Stage, definition: str, data_bucket: s3.IBucket, env: Environment
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
        no_champion = s3_assets.Asset(self, "NoChampion", path=str(FUNCTIONS / "no_champion.json"))
        job_role = JobRole(
            self, "JobRole", definition=definition, data_bucket=data_bucket, no_champion=no_champion
        ).role
        finder = ChampionFinder(self, "FindChampion", model_package_group=stage.model_package_group_name).function
        pipeline = TrainingPipeline(
            self,
            "TrainingPipeline",
            name=stage.pipeline_name,
            definition=definition,
            values={
                placeholders.DATA_BUCKET: data_bucket.bucket_name,
                placeholders.CODE_BUCKET: no_champion.s3_bucket_name,
                placeholders.JOB_ROLE_ARN: job_role.role_arn,
                placeholders.FIND_CHAMPION_ARN: finder.function_arn,
                placeholders.NO_CHAMPION: no_champion.s3_object_key,
                **self._code(),
            },
            role=PipelineRole(
                self, "PipelineRole", stage=stage, job_role=job_role, champion_finder=finder, data_bucket=data_bucket
            ).role,
        )
        self._add_starts(stage, pipeline.arn, data_bucket)
        CfnOutput(self, "PipelineName", value=pipeline.pipeline.ref)
        CfnOutput(self, "PipelineArn", value=pipeline.arn)

    def _code(self) -> dict[str, str]:
        """Add the archive of each processing step; return the object keys by placeholder."""
        assets = {
            token: CodeAsset(
                self, placeholders.name_of(token), file_name=f"{module}.zip", content=step_archive(module)
            ).asset
            for module, token in placeholders.CODE.items()
        }
        return {token: asset.s3_object_key for token, asset in assets.items()}

    def _add_starts(self, stage: Stage, pipeline_arn: str, data_bucket: s3.IBucket) -> None:
        failed_starts = sqs.Queue(
            self,
            "FailedStarts",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
        )
        new_data = {
            "source": ["aws.s3"],
            "detail-type": ["Object Created"],
            "detail": {"bucket": {"name": [data_bucket.bucket_name]}, "object": {"key": [{"prefix": RAW_PREFIX}]}},
        }
        PipelineStart(
            self,
            "ScheduledStart",
            start=stage.schedule,
            schedule_expression=stage.schedule.expression,
            pipeline_arn=pipeline_arn,
            failed_starts=failed_starts,
        )
        PipelineStart(
            self,
            "NewDataStart",
            start=stage.new_data_start,
            event_pattern=new_data,
            pipeline_arn=pipeline_arn,
            failed_starts=failed_starts,
        )
