"""What can be replaced at any time: the pipeline, its roles and code, and the rules that start it."""

from aws_cdk import CfnOutput, Environment
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from pipeline_definition import names
from pipeline_definition.placeholders import PUBLISH_QUALITY_ARN
from settings import INTERMEDIATES_PREFIX, MODELS_PREFIX, RAW_PREFIX, Stage
from stacks.operations.operations import Operations
from stacks.stage_stack import StageStack
from stacks.training.defined_pipeline import DefinedPipeline
from stacks.training.pipeline_role import PipelineRole
from stacks.training.pipeline_start import PipelineStart, add_failed_starts, new_file
from stacks.training.quality_publisher import QualityPublisher
from stacks.training.s3_endpoint import S3Endpoint
from stacks.training.step_needs import add_step_needs


class PipelineStack(StageStack):
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
            scope, stage.pipeline_stack, stage=stage, description="The employee bonus training pipeline", env=env
        )
        pipeline = self._add_pipeline(stage, definition, data_bucket, key)
        network = stage.security.network
        if network and network.route_table_ids:
            S3Endpoint(self, "S3Endpoint", network=network)
        failed_starts = add_failed_starts(self, key)
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

    def _add_pipeline(self, stage: Stage, definition: str, data_bucket: s3.IBucket, key: kms.IKey) -> DefinedPipeline:
        """Add the pipeline with its role, and what its steps need: their role, function and code."""
        needs = add_step_needs(
            self,
            stage=stage,
            definition=definition,
            programs=names.JOBS,
            functions=self._add_functions(stage, key),
            data_bucket=data_bucket,
            reads=[f"{prefix}*" for prefix in (RAW_PREFIX, INTERMEDIATES_PREFIX, MODELS_PREFIX)],
            writes=[f"{prefix}*" for prefix in (INTERMEDIATES_PREFIX, MODELS_PREFIX)],
            key=key,
        )
        role = PipelineRole(
            self,
            "PipelineRole",
            stage=stage,
            job_role=needs.job_role,
            functions=needs.functions,
            data_bucket=data_bucket,
            key_arn=key.key_arn,
        ).role
        return DefinedPipeline(
            self,
            "TrainingPipeline",
            name=stage.pipeline_name,
            description="Predicts employee bonuses: prepares data, trains, registers for approval",
            definition=definition,
            values=needs.values,
            role=role,
        )

    def _add_functions(self, stage: Stage, key: kms.IKey) -> dict[str, lambda_.IFunction]:
        """Add what steps of a watched stage call but the champion finder; return it by placeholder."""
        if stage.monitoring is None:
            return {}
        return {PUBLISH_QUALITY_ARN: QualityPublisher(self, "PublishQuality", stage=stage, key=key).function}

    def _add_starts(
        self, stage: Stage, pipeline_arn: str, data_bucket: s3.IBucket, failed_starts: sqs.IQueue
    ) -> dict[str, events.CfnRule]:
        """Add the rules that start the pipeline; return them by name."""
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
            event_pattern=new_file(data_bucket, RAW_PREFIX),
            pipeline_arn=pipeline_arn,
            failed_starts=failed_starts,
        )
        return {start.node.id: start.rule for start in (scheduled, with_new_data)}
