"""Who may assume the roles that SageMaker uses."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam


def assumed_by_sagemaker(stack: Stack) -> iam.ServicePrincipal:
    """Return SageMaker, for this account only: no other account's job can make it use our role."""
    return iam.ServicePrincipal(
        "sagemaker.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": stack.account}}
    )
