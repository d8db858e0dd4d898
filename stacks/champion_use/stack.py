"""The stack of a pipeline that uses the champion, which can be replaced at any time: pipeline, roles, rules."""

from aws_cdk import CfnOutput, Environment
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from settings import Stage
from stacks.champion_use.pipeline_role import ChampionPipelineRole
from stacks.champion_use.plan import PipelinePlan
from stacks.operations.alarms import add_delivery_alarms
from stacks.operations.notifications import Notifications
from stacks.stage_stack import StageStack
from stacks.training.defined_pipeline import DefinedPipeline
from stacks.training.pipeline_start import add_failed_starts
from stacks.training.step_needs import add_step_needs


class ChampionUseStack(StageStack):
    """Stateless; what the pipeline makes is in the data bucket."""

    def __init__(
        self,
        scope: Construct,
        *,
        stage: Stage,
        plan: PipelinePlan,
        data_bucket: s3.IBucket,
        key: kms.IKey,
        env: Environment,
    ) -> None:
        super().__init__(
            scope, plan.stack_name, stage=stage, description=f"The employee bonus {plan.use} pipeline", env=env
        )
        pipeline = self._add_pipeline(stage, plan, data_bucket, key)
        notifications = Notifications(
            self,
            "Notifications",
            stage=stage,
            display_name=f"Employee bonus {plan.use} ({stage.name})",
            told=plan.told(pipeline.arn),
            key=key,
        )
        failed_starts = add_failed_starts(self, key)
        rules = {**plan.add_starts(self, pipeline.arn, failed_starts), **notifications.rules}
        what = f"A start of the {plan.use} failed for good and waits in the queue"
        add_delivery_alarms(self, rules, failed_starts, notifications.topic, queue_alarm="StuckStarts", what=what)
        CfnOutput(self, f"{pipeline.node.id}Name", value=pipeline.pipeline.ref)
        CfnOutput(self, f"{pipeline.node.id}Arn", value=pipeline.arn)

    def _add_pipeline(
        self, stage: Stage, plan: PipelinePlan, data_bucket: s3.IBucket, key: kms.IKey
    ) -> DefinedPipeline:
        """Add the pipeline with its role, and what its steps need: their role, functions and code."""
        needs = add_step_needs(
            self,
            stage=stage,
            definition=plan.definition,
            programs=plan.jobs,
            functions=plan.add_functions(self),
            data_bucket=data_bucket,
            reads=plan.reads,
            writes=plan.writes,
            key=key,
        )
        role = ChampionPipelineRole(
            self,
            "PipelineRole",
            stage=stage,
            use=plan.use,
            jobs=plan.jobs,
            job_role=needs.job_role,
            functions=needs.functions,
            figures=plan.figures,
            data_bucket=data_bucket,
            key_arn=key.key_arn,
        ).role
        return DefinedPipeline(
            self,
            f"{plan.use.title()}Pipeline",
            name=plan.pipeline_name,
            description=plan.description,
            definition=plan.definition,
            values=needs.values,
            role=role,
        )
