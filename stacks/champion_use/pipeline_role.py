"""The role that SageMaker Pipelines runs the steps with."""

from collections.abc import Iterable, Sequence

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from settings import Stage
from stacks.iam import for_this_account
from stacks.shared.encryption_key import encrypt_volumes
from stacks.training.pipeline_role import SAGEMAKER, decrypt, invoke, pass_to_jobs, read_results, run_processing_jobs


class ChampionPipelineRole(Construct):
    """May call its functions, run its jobs as their role and read their figures; it registers and approves nothing."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        use: str,
        jobs: Sequence[str],
        job_role: iam.IRole,
        functions: Iterable[lambda_.IFunction],
        figures: Sequence[str],
        data_bucket: s3.IBucket,
        key_arn: str,
    ) -> None:
        """Take *figures*, keys of property files in the data bucket."""
        super().__init__(scope, id_)
        stack = Stack.of(self)
        results = {"Results": iam.PolicyDocument(statements=[read_results(data_bucket, figures)])} if figures else {}
        decryption = [decrypt(key_arn)] if figures else []
        self.role = iam.Role(
            self,
            "Resource",
            description=f"Runs the steps of the employee bonus {use} pipeline",
            assumed_by=for_this_account(SAGEMAKER, stack),
            inline_policies={
                "Jobs": iam.PolicyDocument(
                    statements=[run_processing_jobs(stack, stage, jobs), pass_to_jobs(job_role)]
                ),
                "Champion": iam.PolicyDocument(statements=[invoke(functions)]),
                **results,
                "Key": iam.PolicyDocument(statements=[*decryption, *encrypt_volumes(key_arn)]),
            },
        )
