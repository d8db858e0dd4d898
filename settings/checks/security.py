"""Rules about the VPC and the boundary that an organisation asks for."""

from collections.abc import Mapping

from settings.checks.rules import Rule, items, optional, text


def _id(prefix: str) -> Rule:
    """Return the rule of an EC2 id; source: "Longer resource IDs" in the EC2 user guide, 8 or 17 digits."""
    return text(f"{prefix}-[0-9a-f]{{8}}([0-9a-f]{{9}})?", f"give an id, {prefix}- and 8 or 17 hexadecimal digits")


SECURITY: Mapping[str, Rule] = {
    "security.network.vpc_id": _id("vpc"),
    # `VpcConfig` of SageMaker's model: 1 to 16 subnets, 1 to 5 security groups.
    "security.network.subnet_ids": items(_id("subnet"), "subnets", 1, 16),
    "security.network.security_group_ids": items(_id("sg"), "security groups", 1, 5),
    "security.network.route_table_ids": items(_id("rtb"), "route tables"),
    "security.permissions_boundary_arn": optional(
        text(
            r"arn:aws:iam::([0-9]{12}|aws):policy/[\w+=,.@/-]+",
            "give the ARN of a managed policy, such as 'arn:aws:iam::123456789012:policy/Boundary'",
        )
    ),
}
