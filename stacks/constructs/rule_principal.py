"""EventBridge, as far as it may assume our roles."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam


def rules_of(stack: Stack) -> iam.ServicePrincipal:
    """Return EventBridge, for rules of *stack* only."""
    # Not one rule's ARN: rule and role would need each other first. CloudFormation's name begins with the stack's.
    rules = stack.format_arn(service="events", resource="rule", resource_name=f"{stack.stack_name}-*")
    return iam.ServicePrincipal(
        "events.amazonaws.com",
        conditions={"StringEquals": {"aws:SourceAccount": stack.account}, "ArnLike": {"aws:SourceArn": rules}},
    )
