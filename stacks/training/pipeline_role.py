"""The role that SageMaker Pipelines runs the steps with."""

from collections.abc import Iterable, Sequence

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
        functions: Iterable[lambda_.IFunction],
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
                "Champion": iam.PolicyDocument(statements=[invoke(functions)]),
                "Results": iam.PolicyDocument(statements=[read_results(data_bucket, _list_results(stage))]),
                "Key": iam.PolicyDocument(statements=[decrypt(key_arn), *encrypt_volumes(key_arn)]),
                "Registry": iam.PolicyDocument(statements=_register_models(stack, stage)),
            },
        )


def _run_jobs(stack: Stack, stage: Stage) -> list[iam.PolicyStatement]:
    return [
        run_processing_jobs(stack, stage, names.JOBS),
        # A search starts training jobs that carry its name.
        _run_jobs_of(stack, "hyper-parameter-tuning-job", "HyperParameterTuningJob", [stage.tuning_job_prefix])
        if stage.training.tuning
        else _run_jobs_of(stack, "training-job", "TrainingJob", [stage.job_prefix]),
    ]


def run_processing_jobs(stack: Stack, stage: Stage, jobs: Iterable[str]) -> iam.PolicyStatement:
    """Let a role run *jobs*, and none of another pipeline, which are none of its business."""
    prefixes = [f"{stage.job_prefix}-{job.replace('_', '-')}" for job in jobs]
    return _run_jobs_of(stack, "processing-job", "ProcessingJob", prefixes)


def _run_jobs_of(stack: Stack, resource: str, kind: str, prefixes: Sequence[str]) -> iam.PolicyStatement:
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


def invoke(functions: Iterable[lambda_.IFunction]) -> iam.PolicyStatement:
    """Let a role call *functions*."""
    return iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[each.function_arn for each in functions])


def _list_results(stage: Stage) -> list[str]:
    """Return the keys of what the service reads for the pipeline."""
    card = [f"{names.EVALUATION}/{names.CARD_FILE}"] if stage.registration.card else []
    files = (f"{names.EVALUATION}/{names.EVALUATION_FILE}", *card, names.MODEL_FILE, f"{names.SERVING}/*.tar.gz")
    return [f"{MODELS_PREFIX}*/{name}" for name in files]


def read_results(data_bucket: s3.IBucket, keys: Iterable[str]) -> iam.PolicyStatement:
    """Let the service read property files, and open the artefacts that it registers: it does both as the role."""
    return iam.PolicyStatement(actions=["s3:GetObject"], resources=[*map(data_bucket.arn_for_objects, keys)])


def decrypt(key_arn: str) -> iam.PolicyStatement:
    """Let a role read what is encrypted."""
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
