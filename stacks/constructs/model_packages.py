"""How IAM names a model package group and its packages."""

from aws_cdk import Stack


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
