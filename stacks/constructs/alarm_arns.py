"""How IAM names the alarms of a stack."""

from aws_cdk import ArnFormat, Stack


def alarms_of(stack: Stack, name: str) -> str:
    """Return the ARNs of the alarms of the stack called *name*, with which `name_of` begins their names."""
    return stack.format_arn(
        service="cloudwatch", resource="alarm", resource_name=f"{name}-*", arn_format=ArnFormat.COLON_RESOURCE_NAME
    )
