"""How IAM names the packages of a group."""

from aws_cdk import Stack


def model_package_arns(stack: Stack, group: str) -> list[str]:
    """Return the ARNs of *group* and of its packages.

    SageMaker writes a group's name into some ARNs in lower case, and IAM minds the difference.
    """
    return [
        stack.format_arn(service="sagemaker", resource=resource, resource_name=name + suffix)
        for name in (group, group.lower())
        for resource, suffix in (("model-package-group", ""), ("model-package", "/*"))
    ]
