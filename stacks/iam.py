"""How IAM names what policies speak of, and who may assume our roles."""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam


def for_this_account(service: str, stack: Stack) -> iam.ServicePrincipal:
    """Return *service*, for this account only: no other account's resource can make it use our role."""
    return iam.ServicePrincipal(service, conditions={"StringEquals": {"aws:SourceAccount": stack.account}})


def limit_roles(stack: Stack, boundary_arn: str | None) -> None:
    """Give every role of *stack* the permissions boundary, if there is one."""
    if boundary_arn:
        boundary = iam.ManagedPolicy.from_managed_policy_arn(stack, "Boundary", boundary_arn)
        iam.PermissionsBoundary.of(stack).apply(boundary)


def alarm_arns(stack: Stack, name: str) -> str:
    """Return the ARNs of the alarms of the stack called *name*, with which `name_of` begins their names."""
    return stack.format_arn(
        service="cloudwatch", resource="alarm", resource_name=f"{name}-*", arn_format=ArnFormat.COLON_RESOURCE_NAME
    )


def model_package_arns(stack: Stack, group: str) -> list[str]:
    """Return the ARNs of *group* and of its packages."""
    groups, packages = group_arns(stack, group), package_arns(stack, group)
    return [arn for spelling in zip(groups, packages, strict=True) for arn in spelling]


def group_arns(stack: Stack, group: str) -> list[str]:
    """Return the ARNs of *group*.

    SageMaker writes a group's name into some ARNs in lower case, and IAM minds the difference.
    """
    return [_arn(stack, "model-package-group", name) for name in (group, group.lower())]


def package_arns(stack: Stack, group: str) -> list[str]:
    """Return the ARNs of the packages of *group*, in both spellings."""
    return [_arn(stack, "model-package", f"{name}/*") for name in (group, group.lower())]


def _arn(stack: Stack, resource: str, name: str) -> str:
    return stack.format_arn(service="sagemaker", resource=resource, resource_name=name)
