"""Who may assume our roles."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam


def for_this_account(service: str, stack: Stack) -> iam.ServicePrincipal:
    """Return *service*, for this account only: no other account's resource can make it use our role."""
    return iam.ServicePrincipal(service, conditions={"StringEquals": {"aws:SourceAccount": stack.account}})
