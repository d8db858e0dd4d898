"""The role that SageMaker Pipelines runs the steps of the scoring pipeline with."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from pipeline_definition.names import SCORE_JOB
from settings import Stage
from stacks.iam import for_this_account
from stacks.shared.encryption_key import encrypt_volumes
from stacks.training.pipeline_role import SAGEMAKER, invoke, pass_to_jobs, run_jobs


class ScoringPipelineRole(Construct):
    """May ask for the champion and run the one job as its role; it registers and approves nothing."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        job_role: iam.IRole,
        champion_finder: lambda_.IFunction,
        key_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        stack = Stack.of(self)
        jobs = run_jobs(stack, "processing-job", "ProcessingJob", [f"{stage.job_prefix}-{SCORE_JOB}"])
        self.role = iam.Role(
            self,
            "Resource",
            description="Runs the steps of the employee bonus scoring pipeline",
            assumed_by=for_this_account(SAGEMAKER, stack),
            inline_policies={
                "Jobs": iam.PolicyDocument(statements=[jobs, pass_to_jobs(job_role)]),
                "Champion": iam.PolicyDocument(statements=[invoke(champion_finder)]),
                "Key": iam.PolicyDocument(statements=encrypt_volumes(key_arn)),
            },
        )
