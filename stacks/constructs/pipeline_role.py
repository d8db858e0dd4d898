"""The role that SageMaker Pipelines runs the steps with."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from settings import Stage
from stacks.constructs.sagemaker_role import assumed_by_sagemaker

JOBS = {"processing-job": "ProcessingJob", "training-job": "TrainingJob"}


class PipelineRole(Construct):
    """May run the pipeline's own jobs as the job role, and register models in its own group; nothing else."""

    def __init__(self, scope: Construct, id_: str, *, stage: Stage, job_role: iam.IRole) -> None:
        super().__init__(scope, id_)
        stack = Stack.of(self)
        self.role = iam.Role(
            self,
            "Resource",
            description="Runs the steps of the employee bonus pipeline",
            assumed_by=assumed_by_sagemaker(stack),
            inline_policies={
                "Jobs": iam.PolicyDocument(
                    statements=[
                        *(_run_jobs(stack, kind, stage.job_prefix) for kind in JOBS),
                        iam.PolicyStatement(
                            actions=["iam:PassRole"],
                            resources=[job_role.role_arn],
                            conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
                        ),
                    ]
                ),
                "Registry": iam.PolicyDocument(statements=[_register_models(stack, stage.model_package_group_name)]),
            },
        )


def _run_jobs(stack: Stack, kind: str, prefix: str) -> iam.PolicyStatement:
    actions = [f"sagemaker:{verb}{JOBS[kind]}" for verb in ("Create", "Describe", "Stop")]
    jobs = stack.format_arn(service="sagemaker", resource=kind, resource_name=f"{prefix}-*")
    return iam.PolicyStatement(actions=[*actions, "sagemaker:AddTags"], resources=[jobs])


def _register_models(stack: Stack, group: str) -> iam.PolicyStatement:
    # SageMaker writes a group's name into some ARNs in lower case, and IAM minds the difference.
    resources = [
        stack.format_arn(service="sagemaker", resource=resource, resource_name=name + suffix)
        for name in (group, group.lower())
        for resource, suffix in (("model-package-group", ""), ("model-package", "/*"))
    ]
    return iam.PolicyStatement(actions=["sagemaker:CreateModelPackage", "sagemaker:AddTags"], resources=resources)
