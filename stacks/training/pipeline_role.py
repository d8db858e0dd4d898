"""The role that SageMaker Pipelines runs the steps with."""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from pipeline_definition import names
from settings import MODELS_PREFIX, Stage
from stacks.iam import for_this_account, group_arns, model_package_arns, package_arns
from stacks.shared.encryption_key import encrypt_volumes

SAGEMAKER = "sagemaker.amazonaws.com"


class PipelineRole(Construct):
    """May run the pipeline's own jobs as the job role, and register models in its own group; nothing else."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        job_role: iam.IRole,
        champion_finder: lambda_.IFunction,
        data_bucket: s3.IBucket,
        key_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        stack = Stack.of(self)
        self.role = iam.Role(
            self,
            "Resource",
            description="Runs the steps of the employee bonus pipeline",
            assumed_by=for_this_account(SAGEMAKER, stack),
            inline_policies={
                "Jobs": iam.PolicyDocument(statements=[*_run_jobs(stack, stage), pass_to_jobs(job_role)]),
                "Champion": iam.PolicyDocument(statements=[invoke(champion_finder)]),
                "Results": iam.PolicyDocument(statements=[_read_results(data_bucket, stage)]),
                "Key": iam.PolicyDocument(statements=[_decrypt(key_arn), *encrypt_volumes(key_arn)]),
                "Registry": iam.PolicyDocument(statements=_register_models(stack, stage)),
            },
        )


def _run_jobs(stack: Stack, stage: Stage) -> list[iam.PolicyStatement]:
    # Not all of the stage's processing jobs: those of another pipeline are none of its business.
    processing = [f"{stage.job_prefix}-{job.replace('_', '-')}" for job in names.JOBS]
    return [
        run_jobs(stack, "processing-job", "ProcessingJob", processing),
        # A search starts training jobs that carry its name.
        run_jobs(stack, "hyper-parameter-tuning-job", "HyperParameterTuningJob", [stage.tuning_job_prefix])
        if stage.training.tuning
        else run_jobs(stack, "training-job", "TrainingJob", [stage.job_prefix]),
    ]


def run_jobs(stack: Stack, resource: str, kind: str, prefixes: Sequence[str]) -> iam.PolicyStatement:
    """Let a role start, watch and stop jobs of a *kind* whose names begin with one of *prefixes*."""
    actions = [f"sagemaker:{verb}{kind}" for verb in ("Create", "Describe", "Stop")]
    if kind == "HyperParameterTuningJob":
        actions.append("sagemaker:ListTrainingJobsForHyperParameterTuningJob")
    jobs = [
        stack.format_arn(service="sagemaker", resource=resource, resource_name=f"{prefix}-*") for prefix in prefixes
    ]
    return iam.PolicyStatement(actions=[*actions, "sagemaker:AddTags"], resources=jobs)


def pass_to_jobs(job_role: iam.IRole) -> iam.PolicyStatement:
    """Let a role run jobs as *job_role*."""
    return iam.PolicyStatement(
        actions=["iam:PassRole"],
        resources=[job_role.role_arn],
        conditions={"StringEquals": {"iam:PassedToService": SAGEMAKER}},
    )


def invoke(function: lambda_.IFunction) -> iam.PolicyStatement:
    """Let a role call *function*."""
    return iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[function.function_arn])


def _read_results(data_bucket: s3.IBucket, stage: Stage) -> iam.PolicyStatement:
    """Let the service read property files, and open the artefacts that it registers: it does both as this role."""
    card = (names.CARD_FILE,) if stage.registration.card else ()
    return iam.PolicyStatement(
        actions=["s3:GetObject"],
        resources=[
            data_bucket.arn_for_objects(f"{MODELS_PREFIX}*/{name}")
            for name in (
                *(f"{names.EVALUATION}/{file}" for file in (names.EVALUATION_FILE, *card)),
                names.MODEL_FILE,
                f"{names.SERVING}/*.tar.gz",
            )
        ],
    )


def _decrypt(key_arn: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=["kms:Decrypt"], resources=[key_arn])


def _register_models(stack: Stack, stage: Stage) -> list[iam.PolicyStatement]:
    """Let it register models as the stage allows, so that in prod it cannot approve what it made.

    What a RegisterModel step calls is known from records of real runs; docs/decisions/0025.
    """
    group, statuses = stage.model_package_group_name, list(stage.registration.allowed_approval_statuses)
    return [
        # Called whether the group exists or not. No status comes with it: with the condition below it would be denied.
        iam.PolicyStatement(
            actions=["sagemaker:CreateModelPackageGroup", "sagemaker:AddTags"], resources=group_arns(stack, group)
        ),
        iam.PolicyStatement(
            actions=["sagemaker:CreateModelPackage"],
            resources=model_package_arns(stack, group),
            conditions={"StringEquals": {"sagemaker:ModelApprovalStatus": statuses}},
        ),
        iam.PolicyStatement(
            actions=["sagemaker:DescribeModelPackage", "sagemaker:AddTags"], resources=package_arns(stack, group)
        ),
    ]
